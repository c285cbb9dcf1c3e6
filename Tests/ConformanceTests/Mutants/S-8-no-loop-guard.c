// rule: S-8
// implies:
// case: L1
/* Asks for the next page as long as one is named. */
#define IS_NEXT(next, page) ((next) > 0)
#include "thorough.c"
