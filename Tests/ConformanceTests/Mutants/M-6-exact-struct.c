// rule: M-6
// implies:
// case: F4
/* Takes structures of one size only. */
#define IN_BEGIN if (start->struct_size != sizeof *start) return fail_with(out, PATCHBAY_E_INVALID_INPUT, "another size")
#include "perfect.c"
