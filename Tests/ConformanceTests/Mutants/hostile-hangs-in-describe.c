/* Never comes back from describe. */
#include <unistd.h>
#define IN_DESCRIBE for (;;) pause();
#include "perfect.c"
