// rule: P-1
// implies: 
/* A format that nobody knows. */
#define IN_RESULT result.format = 77
#include "perfect.c"
