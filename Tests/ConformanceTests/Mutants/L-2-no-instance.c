// rule: L-2
// implies: 
/* create returns OK and no instance. */
#define IN_CREATE return PATCHBAY_OK
#include "perfect.c"
