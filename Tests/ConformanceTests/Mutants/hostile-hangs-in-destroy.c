/* Never comes back from destroy. */
#define IN_DESTROY for (volatile int i = 0;; i++) {}
#include "perfect.c"
