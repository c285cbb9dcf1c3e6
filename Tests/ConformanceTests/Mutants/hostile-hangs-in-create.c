/* Never comes back from create. */
#define IN_CREATE for (volatile int i = 0;; i++) {}
#include "perfect.c"
