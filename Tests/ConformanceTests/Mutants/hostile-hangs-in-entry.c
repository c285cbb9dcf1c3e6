/* Never comes back from its entry. */
#define IN_ENTRY for (volatile int i = 0;; i++) {}
#include "perfect.c"
