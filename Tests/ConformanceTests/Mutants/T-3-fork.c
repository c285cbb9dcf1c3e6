// rule: T-3
// implies: 
/* Forks. */
#include <unistd.h>
#define IN_BEGIN if (fork() == 0) for (;;) pause()
#include "perfect.c"
