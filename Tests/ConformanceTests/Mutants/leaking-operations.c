/* Leaves memory behind in each operation and each instance: no rule forbids it, and the runner warns. */
#define IN_END { volatile char *lost = malloc(256); lost[0] = 1; }
#define IN_DESTROY { volatile char *lost = malloc(256); lost[0] = 1; }
#include "perfect.c"
