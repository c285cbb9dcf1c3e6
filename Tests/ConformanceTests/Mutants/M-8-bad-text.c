// rule: M-8
// implies: 
// case: G1
/* A URL that is not UTF-8. */
#define IN_REQUEST http.url = str("/\xff\xfe")
#include "perfect.c"
