// rule: S-6
// implies:
// case: G10
// manifest: concurrency: parallel => concurrency: serial
/* Knows one operation, the last. */
static const void *last;
#define IN_BEGIN last = op
#define IN_RESUME if (last != op) return fail_with(out, PATCHBAY_E_INTERNAL, "another has begun")
#include "perfect.c"
