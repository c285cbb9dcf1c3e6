// rule: M-7
// implies: 
// case: C2
/* A slot of the table is NULL. */
#define NO_END
#include "perfect.c"
