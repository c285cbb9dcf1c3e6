// rule: manifest
// implies:
// case: J9
// manifest: remaining: X-Left => remaining: X-Lefft
/* Names a header that the platform does not send. */
#include "thorough.c"
