// rule: L-7
// implies: 
/* Has a table for every extension. */
#define IN_EXTENSION return "something"
#include "perfect.c"
