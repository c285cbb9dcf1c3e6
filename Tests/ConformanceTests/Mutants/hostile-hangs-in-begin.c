/* Never comes back from begin. */
#define IN_BEGIN for (volatile int i = 0;; i++) {}
#include "perfect.c"
