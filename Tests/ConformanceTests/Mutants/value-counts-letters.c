// rule: value
// implies:
// case: L7
/* Counts letters where the platform counts bytes. */
#define TITLE_FITS(bytes, letters) ((letters) <= 40)
#include "thorough.c"
