// rule: H-3
// implies:
// case: I10
// flags: -D_GNU_SOURCE
/* Fetches what an input names when it looks like a picture. */
static char address[700];
#define IN_REQUEST const char *from = memmem(start->input->data.ptr, start->input->data.len, "\"id\":\"http", 10); \
  size_t length = 0; while (from != NULL && from[6 + length] != '"' && length < 600) length++; \
  if (from != NULL && memcmp(from + 2 + length, ".jpg", 4) == 0) { snprintf(address, sizeof address, "%.*s", (int)length, from + 6); http.url = str(address); }
#include "perfect.c"
