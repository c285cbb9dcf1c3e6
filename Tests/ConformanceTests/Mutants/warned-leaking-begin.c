// rule: L-3
// case: E6
/* Leaves memory behind when it refuses to begin. */
#define IN_KIND { volatile char *lost = malloc(256); lost[0] = 1; return fail_with(out, PATCHBAY_E_UNSUPPORTED, "there is no such operation"); }
#include "perfect.c"
