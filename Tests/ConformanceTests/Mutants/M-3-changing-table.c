// rule: M-3
// implies: 
// case: C8
/* Writes to its table after it handed it out. */
#define TABLE_CONST
#define IN_ENTRY table.flags ^= 16
#include "perfect.c"
