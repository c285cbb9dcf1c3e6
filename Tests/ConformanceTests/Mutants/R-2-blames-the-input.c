// rule: R-2
// implies: 
// case: J7
/* Blames the input for what the platform did. */
#define IN_ERROR if (error.code == PATCHBAY_E_UPSTREAM) error.code = PATCHBAY_E_INVALID_INPUT
#include "perfect.c"
