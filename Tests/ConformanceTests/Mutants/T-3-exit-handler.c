// rule: T-3
// implies:
// case: B8
/* Leaves a handler behind that the end of the process falls over. */
#include <stdlib.h>
static void last_words(void) { abort(); }
#define IN_ENTRY { static int once; if (once++ == 0) atexit(last_words); }
#include "perfect.c"
