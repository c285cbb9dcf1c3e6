/* Never comes back from describe. */
#define IN_DESCRIBE for (volatile int i = 0;; i++) {}
#include "perfect.c"
