/* Falls over an answer that is a list: what no transcript shows and fuzzing finds. */
#define IN_RESUME \
  if (op->kind == GET && event->body != NULL && event->body->data.len > 0 && event->body->data.ptr[0] == '[') \
    *(volatile int *)16 = 1;
#include "perfect.c"
