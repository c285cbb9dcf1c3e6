// rule: M-5
// implies: 
// case: G1
/* A flag that must be understood and is not. */
#define IN_REQUEST http.flags = UINT64_C(1) << 40
#include "perfect.c"
