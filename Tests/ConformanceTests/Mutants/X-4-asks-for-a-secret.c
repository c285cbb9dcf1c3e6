// rule: X-4
// implies:
// case: I13
/* Asks for a raw secret behind its manifest's back. */
#define IN_CREATE host->extension(host->ctx, str("patchbay.raw-secret/1"))
#include "perfect.c"
