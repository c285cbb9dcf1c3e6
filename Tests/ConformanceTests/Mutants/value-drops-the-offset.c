// rule: value
// implies:
// case: L5
/* Takes every moment for one at Greenwich. */
#define IN_PLAN if (strlen(at) == 25 && (at[19] == '+' || at[19] == '-')) { at[19] = 'Z'; at[20] = 0; }
#include "thorough.c"
