// rule: R-3
// implies:
// case: J8
/* Repeats by itself when the platform is down. */
#define IN_RESUME if (op->kind == GET && event->outcome == PATCHBAY_E_UPSTREAM && op->step++ < 5) { char again[640]; snprintf(again, sizeof again, "/things/%s", op->text); patchbay_http_req http = request("GET", again); out->http(out->ctx, &http); return PATCHBAY_OK; }
#include "perfect.c"
