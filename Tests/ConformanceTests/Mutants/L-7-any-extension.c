// rule: L-7
// implies: 
// case: C7
/* Has a table for every extension. */
#define IN_EXTENSION return "something"
#include "perfect.c"
