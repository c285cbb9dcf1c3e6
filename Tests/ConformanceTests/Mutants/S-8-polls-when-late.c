// rule: S-8
// implies:
// case: G6
/* Asks again and again when an answer took long. */
#define IN_BEGIN op->count = (long)(instance->host->unix_ns(instance->host->ctx) / 1000000000)
#define IN_RESUME if (op->kind == GET && op->step < 5 && (long)(op->instance->host->unix_ns(op->instance->host->ctx) / 1000000000) > op->count + 60) { op->step++; out->timer(out->ctx, 1); return PATCHBAY_OK; }
#include "perfect.c"
