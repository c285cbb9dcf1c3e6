// rule: R-2
// implies:
// case: J3
/* Calls a full quota a fault of the platform. */
#define IN_ERROR if (error.code == PATCHBAY_E_RATE_LIMITED) error.code = PATCHBAY_E_UPSTREAM
#include "perfect.c"
