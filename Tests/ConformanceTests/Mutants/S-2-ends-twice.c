// rule: S-2
// implies: 
// case: G1
/* Completes twice. */
#define IN_RESULT out->complete(out->ctx, &result)
#include "perfect.c"
