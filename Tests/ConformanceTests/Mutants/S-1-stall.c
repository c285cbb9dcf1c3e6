// rule: S-1
// implies: 
// case: G1
/* Answers an event with nothing. */
#define IN_RESUME return PATCHBAY_OK
#include "perfect.c"
