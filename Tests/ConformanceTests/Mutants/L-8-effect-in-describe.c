// rule: L-8
// implies: 
/* Pushes a timer in describe. */
#define IN_DESCRIBE out->timer(out->ctx, 1)
#include "perfect.c"
