/* Never comes back from an answer that is no object: what no transcript shows and fuzzing finds. */
#define IN_RESUME \
  if (op->kind == GET && event->http_status == 200 && event->body != NULL && event->body->data.len > 0 && \
      event->body->data.ptr[0] != '{') \
    for (volatile int i = 0;; i++) {}
#include "perfect.c"
