// rule: O-3
// implies:
// case: B4
/* Loads from a path without spaces only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
static char here;
#define IN_ENTRY { Dl_info info; if (dladdr(&here, &info) != 0 && strchr(info.dli_fname, ' ') != NULL) { \
    fail_with(report, PATCHBAY_E_INTERNAL, "a space in the path"); return NULL; } }
#include "perfect.c"
