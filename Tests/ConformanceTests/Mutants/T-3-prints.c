// rule: T-3
// implies: 
// case: G1
/* Writes to the standard output. */
#include <unistd.h>
#define IN_BEGIN if (write(1, "hello\n", 6) != 6) return PATCHBAY_E_INTERNAL
#include "perfect.c"
