// rule: value
// implies:
// case: L5
/* Keeps moments in 32 bits, which end in 2038. */
#define PLANNED(digits) "%d", (int)atoll(digits)
#include "thorough.c"
