// rule: M-3
// implies: M-1 T-5
// case: E8
/* Calls the host after destroy. */
#include "patchbay.h"
static const patchbay_host *kept;
#define IN_CREATE kept = host
#define IN_DESCRIBE if (kept != NULL) kept->log_enabled(kept->ctx, 1)
#include "perfect.c"
