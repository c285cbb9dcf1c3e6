// rule: T-3
// implies: 
// case: B1
/* Handles a signal. */
#include <signal.h>
#define IN_CREATE signal(SIGUSR1, SIG_IGN)
#include "perfect.c"
