// rule: T-3
// implies:
// case: H6
/* Changes the environment in a turn. */
#include <stdlib.h>
#define IN_BEGIN setenv("PB_LEFT", "1", 1)
#include "perfect.c"
