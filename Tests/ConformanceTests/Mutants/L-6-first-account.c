// rule: L-6
// implies:
// case: I7
/* Keeps the first account that it meets. */
#include <stdlib.h>
#include <string.h>

#include "patchbay.h"
static char first[64];
static patchbay_pair kept;
#define IN_REQUEST { for (size_t i = 0; i < start->n_attrs && first[0] == 0; i++) \
      if (start->attrs[i].name.len == 19 && start->attrs[i].value.len < sizeof first) memcpy(first, start->attrs[i].value.ptr, start->attrs[i].value.len); \
    kept.name = str("x-account"); kept.value = str(first); http.headers = &kept; http.n_headers = 1; }
#include "perfect.c"
