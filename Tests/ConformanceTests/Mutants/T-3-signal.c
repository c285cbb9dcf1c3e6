// rule: T-3
// implies: 
/* Handles a signal. */
#include <signal.h>
#define IN_CREATE signal(SIGUSR1, SIG_IGN)
#include "perfect.c"
