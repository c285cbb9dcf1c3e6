// rule: S-9
// implies:
// case: I9
/* Takes an answer longer than it likes for a fault of its own. */
#define IN_RESUME if (event->body != NULL && event->body->data.len > 200000) return PATCHBAY_E_INTERNAL
#include "perfect.c"
