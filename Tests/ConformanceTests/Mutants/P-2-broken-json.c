// rule: P-2
// implies: 
// case: G1
/* A result that is not JSON. */
#define IN_RESULT result = json("{oops")
#include "perfect.c"
