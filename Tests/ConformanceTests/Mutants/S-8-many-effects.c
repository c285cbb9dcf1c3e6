// rule: S-8
// implies: 
// case: G1
/* Pushes more effects than its manifest allows. */
#define IN_BEGIN for (int i = 0; i < 100; i++) out->timer(out->ctx, 1)
#include "perfect.c"
