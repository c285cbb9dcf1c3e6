// rule: P-1
// implies: 
// case: G1
/* A format that nobody knows. */
#define IN_RESULT result.format = 77
#include "perfect.c"
