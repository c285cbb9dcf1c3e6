// rule: H-2
// implies: 
// case: G1
/* A line break in a header. */
#define IN_REQUEST patchbay_pair header = {str("X-A"), str("1\r\nX-B: 2")}; http.headers = &header; http.n_headers = 1
#include "perfect.c"
