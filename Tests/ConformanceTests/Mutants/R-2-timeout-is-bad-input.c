// rule: R-2
// implies:
// case: G11
/* Blames the input when time is over. */
#define IN_ERROR if (error.code == PATCHBAY_E_TIMEOUT) error.code = PATCHBAY_E_INVALID_INPUT
#include "perfect.c"
