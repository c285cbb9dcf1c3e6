// rule: R-2
// implies:
// case: J2
/* Takes an expired token for a missing right. */
#define IN_ERROR if (error.code == PATCHBAY_E_UNAUTHENTICATED) error.code = PATCHBAY_E_PERMISSION
#include "perfect.c"
