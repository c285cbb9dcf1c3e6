// rule: M-6
// implies: 
// case: C2
/* A table that is too small. */
#define TABLE_SIZE 32
#include "perfect.c"
