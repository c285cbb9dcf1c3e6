// rule: S-1
// implies: 
/* Answers an event with nothing. */
#define IN_RESUME return PATCHBAY_OK
#include "perfect.c"
