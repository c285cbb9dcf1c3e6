// rule: T-3
// implies: 
/* Ends the process. */
#define IN_BEGIN exit(0)
#include "perfect.c"
