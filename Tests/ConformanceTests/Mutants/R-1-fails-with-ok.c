// rule: R-1
// implies: 
/* Fails with OK. */
#define IN_ERROR error.code = PATCHBAY_OK
#include "perfect.c"
