// rule: M-6
// implies: S-9
/* Takes structures of one size only. */
#define IN_BEGIN if (start->struct_size != sizeof *start) return PATCHBAY_E_INVALID_INPUT
#include "perfect.c"
