// rule: E-3
// implies: 
/* Completes an operation that it does not know. */
#define IN_KIND return complete_with(out, "{}")
#include "perfect.c"
