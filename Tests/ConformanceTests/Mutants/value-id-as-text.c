// rule: value
// implies:
// case: L11
/* Gives an id as a text, and its schema says a number. */
#define ITEM_ID(digits) "\"%s\"", digits
#include "thorough.c"
