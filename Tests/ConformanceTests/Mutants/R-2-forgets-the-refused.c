// rule: R-2
// implies:
// case: J5
/* Says nothing of those that the platform did not take. */
#define TELLS_REFUSED 0
#include "thorough.c"
