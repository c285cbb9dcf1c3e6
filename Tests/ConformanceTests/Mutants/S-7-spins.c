// rule: S-7
// implies: 
// case: G1
/* Takes long in a turn. */
#include <time.h>
#define IN_RESUME if (op->kind == GET) for (clock_t begun = clock(); clock() - begun < 12 * CLOCKS_PER_SEC / 10;) {}
#include "perfect.c"
