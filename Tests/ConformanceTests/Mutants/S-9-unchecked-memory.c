// rule: S-9
// implies:
// case: F7
/* Believes that there is always memory. */
#define MUST_HAVE(memory) (void)(memory)
#include "perfect.c"
