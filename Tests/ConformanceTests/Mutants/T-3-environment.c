// rule: T-3
// implies: 
/* Changes the environment. */
#define IN_CREATE setenv("PATCHBAY_MUTANT", "1", 1)
#include "perfect.c"
