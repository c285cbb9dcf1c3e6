// rule: T-3
// implies: 
// case: G1
/* Forks. */
#include <unistd.h>
#define IN_BEGIN if (fork() == 0) for (;;) pause()
#include "perfect.c"
