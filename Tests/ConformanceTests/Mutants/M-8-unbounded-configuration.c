// rule: M-8
// implies:
// case: C4
/* Looks for the end of its configuration where there is none. */
#define IN_CREATE { const volatile char *at = (const volatile char *)config->data.ptr; while (*at != '}') at++; }
#include "perfect.c"
