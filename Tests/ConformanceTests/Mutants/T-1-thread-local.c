// rule: T-1
// implies: 
// case: H3
/* Keeps its state in a thread-local variable. */
static __thread int mine;
#define IN_BEGIN mine = 1
#define IN_RESUME if (mine == 0) return fail_with(out, PATCHBAY_E_INTERNAL, "it is another thread")
#include "perfect.c"
