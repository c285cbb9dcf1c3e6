// rule: O-5
// implies: 
// case: A5
/* Exports no entry. */
#define NO_EXPORT
#include "perfect.c"
