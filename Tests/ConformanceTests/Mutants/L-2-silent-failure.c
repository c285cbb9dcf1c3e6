// rule: L-2
// implies: 
// case: E1
/* create fails without calling fail. */
#define IN_CREATE return PATCHBAY_E_INTERNAL
#include "perfect.c"
