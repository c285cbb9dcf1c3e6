// rule: L-2
// implies:
// case: E2
/* Says nothing about a configuration that it cannot read. */
#define IN_CREATE if (config->data.len < 2) return PATCHBAY_E_INVALID_INPUT
#include "perfect.c"
