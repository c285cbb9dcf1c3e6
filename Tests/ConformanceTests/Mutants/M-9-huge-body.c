// rule: M-9
// implies: 
// case: G1
/* A body over 64 MiB. */
#define IN_REQUEST body.format = PATCHBAY_BYTES; body.data.len = (size_t)65 << 20; http.body = &body
#include "perfect.c"
