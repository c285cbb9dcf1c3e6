// rule: L-2
// implies:
// case: E2
/* Takes whatever it is configured with. */
#define IN_CREATE
#include "thorough.c"
