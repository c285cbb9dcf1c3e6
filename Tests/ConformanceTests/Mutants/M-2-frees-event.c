// rule: M-2
// implies: 
// case: G1
/* Frees memory of the host. */
#define IN_RESUME free((void *)(uintptr_t)event)
#include "perfect.c"
