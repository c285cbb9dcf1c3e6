// rule: M-4
// implies: 
/* A length without a pointer. */
#define IN_REQUEST http.url = (patchbay_str){NULL, 7}
#include "perfect.c"
