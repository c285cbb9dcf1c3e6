// rule: T-3
// implies: 
// case: B1
/* Changes the environment. */
#define IN_CREATE setenv("PATCHBAY_MUTANT", "1", 1)
#include "perfect.c"
