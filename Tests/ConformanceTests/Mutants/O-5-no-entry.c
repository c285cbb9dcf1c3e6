// rule: O-5
// implies: 
/* Exports no entry. */
#define NO_EXPORT
#include "perfect.c"
