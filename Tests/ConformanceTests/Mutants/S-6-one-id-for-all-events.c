// rule: S-6
// implies:
// case: K7
/* Gives every event the same id. */
#define EVENT_ID(id, number) "e0"
#include "thorough.c"
