/* Never comes back from its entry. */
#include <unistd.h>
#define IN_ENTRY for (;;) pause();
#include "perfect.c"
