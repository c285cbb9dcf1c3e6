/* Never comes back from extension. */
#define IN_EXTENSION for (volatile int i = 0;; i++) {}
#include "perfect.c"
