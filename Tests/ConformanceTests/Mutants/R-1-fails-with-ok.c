// rule: R-1
// implies: 
// case: G1
/* Fails with OK. */
#define IN_ERROR error.code = PATCHBAY_OK
#include "perfect.c"
