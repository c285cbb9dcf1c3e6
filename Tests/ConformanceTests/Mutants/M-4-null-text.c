// rule: M-4
// implies: 
// case: G1
/* A length without a pointer. */
#define IN_REQUEST http.url = (patchbay_str){NULL, 7}
#include "perfect.c"
