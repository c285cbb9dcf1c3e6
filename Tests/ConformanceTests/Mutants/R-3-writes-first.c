// rule: R-3
// implies:
// case: L4
/* Writes again without a look. */
#define MUST_LOOK(start) 0
#include "thorough.c"
