// rule: S-7
// implies: 
// case: G1
/* Never comes back from a turn. */
#include <unistd.h>
#define IN_RESUME if (op->kind == GET) for (;;) pause();
#include "perfect.c"
