// rule: R-2
// implies:
// case: J1
/* Takes one refusal for another. */
#define IN_ERROR if (error.code == PATCHBAY_E_CONFLICT) error.code = PATCHBAY_E_NOT_FOUND
#include "perfect.c"
