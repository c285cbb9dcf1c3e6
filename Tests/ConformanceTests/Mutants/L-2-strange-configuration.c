// rule: L-2
// implies:
// case: M6
/* Says nothing about a member that it does not know. */
#define _GNU_SOURCE
#include <string.h>
#define IN_CREATE if (memmem(config->data.ptr, config->data.len, "pb_config", 9) != NULL) return PATCHBAY_E_INVALID_INPUT
#include "perfect.c"
