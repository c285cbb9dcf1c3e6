// rule: T-2
// implies: 
// case: H4
/* Says that operations may overlap, and shares state between them. */
static volatile int inside;
#define IN_BEGIN { int before = inside++; for (volatile int i = 0; i < 3000000; i++) {} \
    int others = inside - before - 1; inside = 0; if (before != 0 || others != 0) return complete_with(out, "{\"mixed\":true}"); }
#include "perfect.c"
