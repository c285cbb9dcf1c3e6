// rule: O-3
// implies:
// case: A4
// patch: ELF => EOF
/* A file that is no library. */
#include "perfect.c"
