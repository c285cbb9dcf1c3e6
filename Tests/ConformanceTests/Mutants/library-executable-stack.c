// rule: library
// implies:
// case: A16
// flags: -Wl,-z,execstack
/* Asks for a stack that code can run on. */
#include "perfect.c"
