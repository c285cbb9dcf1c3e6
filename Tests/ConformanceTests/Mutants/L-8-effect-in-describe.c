// rule: L-8
// implies: 
// case: D3
/* Pushes a timer in describe. */
#define IN_DESCRIBE out->timer(out->ctx, 1)
#include "perfect.c"
