// rule: E-3
// implies:
// case: K8
/* Refuses a webhook with members that it does not know. */
#define IN_WEBHOOK if (bytes != NULL && memmem(bytes, length, "pb_unheard_of", 13) != NULL) return fail_with(out, PATCHBAY_E_INTERNAL, "an unknown member")
#include "thorough.c"
