// rule: S-9
// implies:
// case: G4
/* Takes a refusal of the host for a fault of its own. */
#define IN_RESUME if (event->outcome == PATCHBAY_E_PERMISSION && event->http_status == 0) return PATCHBAY_E_INTERNAL
#include "perfect.c"
