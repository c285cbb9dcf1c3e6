// rule: S-7
// implies: 
// case: G1
/* Never comes back from a turn. */
#define IN_RESUME if (op->kind == GET) for (volatile int i = 0;; i++) {}
#include "perfect.c"
