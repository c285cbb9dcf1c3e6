/* Never comes back from destroy. */
#include <unistd.h>
#define IN_DESTROY for (;;) pause();
#include "perfect.c"
