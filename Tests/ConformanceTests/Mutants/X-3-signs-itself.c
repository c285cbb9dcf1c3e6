// rule: X-3
// implies:
// case: I12
/* Makes a signature of its own. */
#include <stdlib.h>
#include <string.h>

#include "patchbay.h"
static patchbay_pair signature;
#define IN_REQUEST { signature.name = str("x-hub-signature"); signature.value = str("sha256=00"); http.headers = &signature; http.n_headers = 1; }
#include "perfect.c"
