// rule: M-6
// implies: 
// case: G1
/* A struct_size below that of minor 0. */
#define IN_REQUEST http.struct_size = 16
#include "perfect.c"
