// rule: P-5
// implies: 
// case: G1
/* A result in bytes. */
#define IN_RESULT result.format = PATCHBAY_BYTES
#include "perfect.c"
