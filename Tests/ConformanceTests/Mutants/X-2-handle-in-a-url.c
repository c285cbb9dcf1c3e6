// rule: X-2
// implies: 
// case: G1
/* Puts the handle of a secret into a URL. */
#define IN_TOKEN char leak[600]; snprintf(leak, sizeof leak, "/page?token=%s", from); http.url = str(leak)
#include "perfect.c"
