// rule: L-2
// implies: 
// case: E1
/* create returns OK and no instance. */
#define IN_CREATE return PATCHBAY_OK
#include "perfect.c"
