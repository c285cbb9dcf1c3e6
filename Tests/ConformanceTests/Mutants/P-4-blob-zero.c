// rule: P-4
// implies: 
// case: G1
/* The blob that does not exist. */
#define IN_REQUEST body.format = PATCHBAY_BLOB; http.body = &body
#include "perfect.c"
