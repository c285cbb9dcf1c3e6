/* Never comes back from end. */
#define IN_END for (volatile int i = 0;; i++) {}
#include "perfect.c"
