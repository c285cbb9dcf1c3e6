// rule: value
// implies:
// case: L7
/* Counts bytes where the platform counts letters. */
#define NOTE_FITS(bytes, letters) ((bytes) <= 40)
#include "thorough.c"
