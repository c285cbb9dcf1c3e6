// rule: S-9
// implies:
// case: M3
/* Takes a strange input for a fault of its own. */
#define _GNU_SOURCE
#include <string.h>
#define IN_REQUEST if (start->input->data.len > 4 && memmem(start->input->data.ptr, start->input->data.len, "pb_id", 5) != NULL) return PATCHBAY_E_INTERNAL
#include "perfect.c"
