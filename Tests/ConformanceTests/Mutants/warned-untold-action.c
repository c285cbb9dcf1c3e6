// rule: transcript
// case: A15
// manifest: make: => more: {effect: read}\n  make:
/* An action that no transcript is about. */
#include "thorough.c"
