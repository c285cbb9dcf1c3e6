// rule: S-6
// implies: 
// case: G8
/* Sends something of its process. */
#include <unistd.h>
static char number[16];
#define IN_REQUEST snprintf(number, sizeof number, "%d", (int)getpid()); patchbay_pair header = {str("X-Process"), str(number)}; \
  http.headers = &header; http.n_headers = 1
#include "perfect.c"
