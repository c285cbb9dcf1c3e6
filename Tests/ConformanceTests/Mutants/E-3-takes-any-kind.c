// rule: E-3
// implies: 
// case: G2
/* Completes an operation that it does not know. */
#define IN_KIND return complete_with(out, "{}")
#include "perfect.c"
