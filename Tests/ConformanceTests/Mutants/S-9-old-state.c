// rule: S-9
// implies:
// case: M7
/* Takes state of another release for a fault of its own. */
#define IN_RESUME if (op->kind == COUNT && event->body != NULL && event->body->data.len > 1000) return PATCHBAY_E_INTERNAL
#include "perfect.c"
