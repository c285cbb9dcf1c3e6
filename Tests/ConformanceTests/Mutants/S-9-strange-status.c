// rule: S-9
// implies:
// case: M4
/* Takes a strange status for a fault of its own. */
#define IN_RESUME if (event->http_status == 418) return PATCHBAY_E_INTERNAL
#include "perfect.c"
