// rule: O-3
// implies:
// case: A7
// patch: GLIBC_2.2.5 => GLIBC_2.999
/* Needs a C library that no supported system has. */
#define IN_END { volatile long length = (long)strlen(op->text); (void)length; }
#include "perfect.c"
