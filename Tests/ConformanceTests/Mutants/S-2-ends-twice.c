// rule: S-2
// implies: 
/* Completes twice. */
#define IN_RESULT out->complete(out->ctx, &result)
#include "perfect.c"
