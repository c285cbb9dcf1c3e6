// rule: M-3
// implies:
// case: G13
/* Cannot be ended before it has an answer. */
#define IN_END if (op->kind == PAIR && op->status[0] == 0 && op->status[1] == 0) abort()
#include "perfect.c"
