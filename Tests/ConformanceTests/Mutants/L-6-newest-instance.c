// rule: L-6
// implies:
// case: E3
/* Works for the instance that was made last. */
#include "patchbay.h"
static const patchbay_host *newest;
#define IN_CREATE newest = host
#define IN_RESUME if (op->instance->host != newest) return fail_with(out, PATCHBAY_E_INTERNAL, "another instance is newer")
#include "perfect.c"
