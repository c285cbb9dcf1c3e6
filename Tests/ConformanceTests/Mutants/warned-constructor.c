// rule: L-1
// case: A8
/* Runs before its entry is called. */
static volatile int started;
__attribute__((constructor)) static void early(void) { started = 1; }
#include "perfect.c"
