// rule: K-1
// implies: 
// case: G1
/* A verb that nobody knows. */
#define IN_STATE kv.verb = 9
#include "perfect.c"
