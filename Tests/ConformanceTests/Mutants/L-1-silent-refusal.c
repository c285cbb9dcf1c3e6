// rule: L-1
// implies: 
// case: C1
/* The entry refuses without a reason. */
#define IN_ENTRY return NULL
#include "perfect.c"
