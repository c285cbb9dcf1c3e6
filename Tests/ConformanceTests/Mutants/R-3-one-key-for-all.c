// rule: R-3
// implies:
// case: L3
/* Sends the same idempotency key for whatever it writes. */
#define KEY str("always")
#include "perfect.c"
