// rule: S-6
// implies: 
// case: G7
/* Numbers its requests over the life of the process. */
static char number[16];
static int last;
#define IN_REQUEST snprintf(number, sizeof number, "%d", last++); patchbay_pair header = {str("X-Number"), str(number)}; \
  http.headers = &header; http.n_headers = 1
#include "perfect.c"
