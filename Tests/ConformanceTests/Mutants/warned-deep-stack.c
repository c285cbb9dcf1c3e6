// rule: T-1
// case: H9
/* Takes half a MiB of stack. */
#define IN_RESUME { volatile char deep[1 << 19]; for (size_t i = 0; i < sizeof deep; i += 512) deep[i] = 1; }
#include "perfect.c"
