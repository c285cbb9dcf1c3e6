// rule: M-1
// implies: 
// case: F1
/* Looks at the body of an earlier event. */
static const unsigned char *kept;
#define IN_RESUME if (kept != NULL && *(volatile const unsigned char *)kept == 1) return PATCHBAY_OK; \
  if (event->body != NULL && event->body->data.len > 0) kept = event->body->data.ptr
#include "perfect.c"
