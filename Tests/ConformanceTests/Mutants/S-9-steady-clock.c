// rule: S-9
// implies:
// case: M8
/* Needs a clock that never goes back. */
#define IN_BEGIN op->count = (long)(instance->host->unix_ns(instance->host->ctx) / 1000000000)
#define IN_RESUME if (op->kind == GET && (long)(op->instance->host->unix_ns(op->instance->host->ctx) / 1000000000) < op->count) return PATCHBAY_E_INTERNAL
#include "perfect.c"
