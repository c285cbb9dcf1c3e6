// rule: T-3
// implies: 
// case: G1
/* Ends the process. */
#define IN_BEGIN exit(0)
#include "perfect.c"
