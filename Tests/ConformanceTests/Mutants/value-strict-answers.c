// rule: value
// implies:
// case: L9
/* Refuses answers with members that it does not know. */
#define _GNU_SOURCE
#include <string.h>
#include "patchbay.h"
static int has(const patchbay_event *event, const char *text) {
  if (event->body == NULL) return 0;
  return memmem(event->body->data.ptr, event->body->data.len, text, strlen(text)) != NULL;
}
#define IN_RESUME if (has(event, "pb_unheard_of") && event->http_status == 200) return fail_with(out, PATCHBAY_E_UPSTREAM, "an unknown member")
#include "perfect.c"
