// rule: H-3
// implies:
// case: I6
/* Encodes what is encoded. */
#define ESCAPE "%%25%02X"
#include "perfect.c"
