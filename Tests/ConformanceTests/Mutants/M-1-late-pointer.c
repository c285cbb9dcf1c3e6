// rule: M-1
// implies: 
// case: F1
/* Keeps a pointer of begin and reads it in resume. */
static const char *kept;
#define IN_BEGIN kept = start->name.ptr
#define IN_RESUME if (kept != NULL && *(volatile const char *)kept == 1) return PATCHBAY_OK
#include "perfect.c"
