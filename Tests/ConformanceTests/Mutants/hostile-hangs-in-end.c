/* Never comes back from end. */
#include <unistd.h>
#define IN_END for (;;) pause();
#include "perfect.c"
