// rule: R-2
// case: J6
// manifest: error_fields: {code: "$.error"} => error_fields: {code: "$.error", request_id: X-Request-Id}
/* Drops what the platform calls the request. */
#define IN_ERROR error.request_id = str("")
#include "perfect.c"
