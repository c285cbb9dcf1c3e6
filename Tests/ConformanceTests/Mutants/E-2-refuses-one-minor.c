// rule: E-2
// implies:
// case: C6
/* Does not like one of the minors. */
#define IN_ENTRY if (host_minor == 255) { fail_with(report, PATCHBAY_E_UNSUPPORTED, "not this one"); return NULL; }
#include "perfect.c"
