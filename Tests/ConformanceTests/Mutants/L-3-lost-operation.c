// rule: L-3
// implies: 
// case: G1
/* begin pushes an effect and sets no operation. */
#define IN_BEGIN *made = NULL
#include "perfect.c"
