// rule: M-1
// case: N5
/* Copies an answer again and again. */
#define IN_RESUME if (event->body != NULL && event->body->data.len > 0) { \
    void *copies[48]; \
    for (int i = 0; i < 48; i++) if ((copies[i] = malloc(event->body->data.len)) != NULL) memcpy(copies[i], event->body->data.ptr, event->body->data.len); \
    for (int i = 0; i < 48; i++) free(copies[i]); \
  }
#include "perfect.c"
