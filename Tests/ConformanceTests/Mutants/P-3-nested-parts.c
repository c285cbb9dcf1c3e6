// rule: P-3
// implies: 
// case: G1
/* Parts within a part. */
#define IN_REQUEST patchbay_payload inner = {.struct_size = sizeof inner, .format = PATCHBAY_CONCAT}; \
  patchbay_part part = {.struct_size = sizeof part, .body = &inner}; const patchbay_part *parts[] = {&part}; \
  body.format = PATCHBAY_MULTIPART; body.parts = parts; body.n_parts = 1; http.body = &body
#include "perfect.c"
