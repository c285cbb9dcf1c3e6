// rule: S-13
// implies: 
// case: G1
/* A sync without a cursor in its result. */
#define SYNC_RESULT "{}"
#include "perfect.c"
