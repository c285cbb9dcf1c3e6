// rule: L-6
// implies: 
// case: E4
/* Can be created once. */
#define IN_CREATE static int made; if (made++ > 0) return fail_with(out, PATCHBAY_E_INTERNAL, "once"), PATCHBAY_E_INTERNAL
#include "perfect.c"
