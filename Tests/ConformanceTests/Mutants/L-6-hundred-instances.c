// rule: L-6
// implies:
// case: E9
/* Has room for a hundred instances. */
static int instances;
#define IN_CREATE if (++instances > 100) { fail_with(out, PATCHBAY_E_QUOTA, "too many"); return PATCHBAY_E_QUOTA; }
#define IN_DESTROY instances--
#include "perfect.c"
