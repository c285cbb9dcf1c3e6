// rule: R-2
// implies:
// case: J10
/* Blames the input for a page of a proxy. */
#define IN_RESUME if (op->kind == GET && event->outcome == PATCHBAY_E_UPSTREAM && event->body != NULL && event->body->data.len > 0 && event->body->data.ptr[0] == '<') return fail_with(out, PATCHBAY_E_INVALID_INPUT, "it is no JSON")
#include "perfect.c"
