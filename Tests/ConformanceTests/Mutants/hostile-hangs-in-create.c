/* Never comes back from create. */
#include <unistd.h>
#define IN_CREATE for (;;) pause();
#include "perfect.c"
