// rule: S-9
// implies:
// case: M10
/* Takes a conflict for a fault of its own. */
#define IN_RESUME if (op->kind == COUNT && event->kind == PATCHBAY_EVENT_KV && event->outcome == PATCHBAY_E_CONFLICT) return PATCHBAY_E_INTERNAL
#include "perfect.c"
