// rule: S-7
// implies:
// case: K10
/* Asks the platform before it says anything of a webhook. */
#define ASKS_FIRST
#include "thorough.c"
