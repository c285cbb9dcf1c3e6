// rule: E-1
// implies: 
// case: C2
/* A table of another major. */
#define TABLE_MAJOR 2
#include "perfect.c"
