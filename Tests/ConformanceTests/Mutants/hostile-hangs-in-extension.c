/* Never comes back from extension. */
#include <unistd.h>
#define IN_EXTENSION for (;;) pause();
#include "perfect.c"
