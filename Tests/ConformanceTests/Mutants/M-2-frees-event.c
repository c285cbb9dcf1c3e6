// rule: M-2
// implies: 
/* Frees memory of the host. */
#define IN_RESUME free((void *)(uintptr_t)event)
#include "perfect.c"
