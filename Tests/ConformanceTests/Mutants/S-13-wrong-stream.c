// rule: S-13
// implies: 
// case: G1
/* A sync that emits to a stream of its own. */
#define SYNC_STREAM "things"
#include "perfect.c"
