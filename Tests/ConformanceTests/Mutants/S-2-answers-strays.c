// rule: S-2
// implies:
// case: G5
/* Ends twice when it hears of an effect that it does not know. */
#define IN_RESUME if (event->effect > 1000000) { complete_with(out, "{}"); return complete_with(out, "{}"); }
#include "perfect.c"
