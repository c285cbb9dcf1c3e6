// rule: R-3
// implies: 
// case: M1
/* Calls a cut write safe to repeat. */
#define ON_UNKNOWN_OUTCOME error.code = PATCHBAY_E_UPSTREAM; error.retry = PATCHBAY_RETRY_SAFE
#include "perfect.c"
