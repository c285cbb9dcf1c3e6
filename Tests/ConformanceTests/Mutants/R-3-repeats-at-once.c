// rule: R-3
// implies: 
// case: M1
/* Sends a cut write again at once. */
#define IN_RESUME if (op->kind == POST && event->outcome == PATCHBAY_E_UNKNOWN_OUTCOME && op->step++ == 0) { \
    patchbay_http_req again = request("POST", "/things"); patchbay_payload same = json("{\"text\":\"hello\"}"); \
    again.body = &same; out->http(out->ctx, &again); return PATCHBAY_OK; }
#include "perfect.c"
