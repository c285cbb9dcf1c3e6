/* Takes memory until there is none. */
#define IN_CREATE for (;;) { volatile char *room = malloc(1 << 26); for (size_t i = 0; i < 1u << 26; i += 4096) room[i] = 1; }
#include "perfect.c"
