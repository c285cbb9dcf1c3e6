// rule: L-1
// implies: 
// case: C8
/* Describes itself in another way each time. */
#define IN_DESCRIBE static int times; if (times++ > 0) return complete_with(out, "{}")
#include "patchbay.h"
static inline patchbay_status complete_with(const patchbay_out *out, const char *text);
#include "perfect.c"
