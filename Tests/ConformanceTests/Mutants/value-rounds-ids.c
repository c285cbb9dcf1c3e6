// rule: value
// implies:
// case: L6
/* Reads ids as numbers with a fraction. */
#define ITEM_ID(digits) "%.0f", strtod(digits, NULL)
#include "thorough.c"
