// rule: T-3
// case: A9
/* Imports what processes are made with. */
#include <unistd.h>
#define IN_END if (op->step == 12345) execv("", NULL)
#include "perfect.c"
