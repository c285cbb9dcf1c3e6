// rule: M-8
// implies: 
/* A URL that is not UTF-8. */
#define IN_REQUEST http.url = str("/\xff\xfe")
#include "perfect.c"
