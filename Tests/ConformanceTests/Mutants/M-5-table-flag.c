// rule: M-5
// implies: 
// case: C2
/* A table flag that must be understood and is not. */
#define TABLE_FLAGS (UINT64_C(1) << 40)
#include "perfect.c"
