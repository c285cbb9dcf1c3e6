// rule: S-9
// implies:
// case: M2
/* Two faults at once are a fault of its own. */
#define IN_PAIR if (n == 2 && events[0]->outcome != PATCHBAY_OK && events[1]->outcome != PATCHBAY_OK && events[0]->outcome != events[1]->outcome) return PATCHBAY_E_INTERNAL
#include "perfect.c"
