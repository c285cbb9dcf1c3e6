// rule: M-7
// implies: 
/* A slot of the table is NULL. */
#define NO_END
#include "perfect.c"
