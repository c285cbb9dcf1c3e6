// rule: H-3
// implies: 
// case: I5
// flags: -D_GNU_SOURCE
/* Pastes the input into the path. */
static char pasted[700];
#define IN_REQUEST const char *from = memmem(start->input->data.ptr, start->input->data.len, "\"id\":\"", 6); \
  size_t length = 0; while (from != NULL && from[6 + length] != '"' && length < 600) length++; \
  if (from != NULL) { snprintf(pasted, sizeof pasted, "/things/%.*s", (int)length, from + 6); http.url = str(pasted); }
#include "perfect.c"
