// rule: S-6
// implies:
// case: F10
/* Sends bytes that it never wrote. */
#include <stdlib.h>
#include <string.h>

#include "patchbay.h"
static char number[8];
static patchbay_pair junk;
/* So much comes fresh from the system, and is zero unless somebody fills it. */
#define IN_REQUEST { volatile unsigned char *fresh = malloc(1 << 20); if (fresh != NULL) { snprintf(number, sizeof number, "%d", fresh[99]); \
    junk.name = str("x-junk"); junk.value = str(number); http.headers = &junk; http.n_headers = 1; free((void *)fresh); } }
#include "perfect.c"
