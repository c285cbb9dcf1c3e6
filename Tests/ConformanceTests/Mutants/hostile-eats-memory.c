/* Takes memory until there is none. */
#define IN_CREATE for (;;) memset(malloc(1 << 26), 1, 1 << 26)
#include "perfect.c"
