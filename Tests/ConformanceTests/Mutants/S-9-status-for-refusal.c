// rule: S-9
// implies: 
// case: G1
/* Returns a status for what the platform refused. */
#define IN_RESUME if (event->outcome != PATCHBAY_OK) return event->outcome
#include "perfect.c"
