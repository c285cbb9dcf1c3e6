// rule: S-13
// implies:
// case: G12
/* Goes on when a record is not taken. */
#define MUST_TAKE(status) (void)(status)
#include "perfect.c"
