// rule: H-1
// implies: 
// case: G1
/* A method in lower case. */
#define IN_REQUEST http.method = str("get")
#include "perfect.c"
