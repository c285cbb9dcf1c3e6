// rule: S-5
// implies: 
// case: G3
/* Expects all results at once. */
#define IN_PAIR if (n != 2) return fail_with(out, PATCHBAY_E_INTERNAL, "both are expected at once")
#include "perfect.c"
