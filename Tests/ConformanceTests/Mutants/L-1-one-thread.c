// rule: L-1
// implies:
// case: C9
/* Answers on the thread that asked first. */
#include <pthread.h>
static pthread_t first;
#define IN_ENTRY if (first == 0) first = pthread_self()
#define IN_DESCRIBE if (!pthread_equal(first, pthread_self())) return fail_with(out, PATCHBAY_E_INTERNAL, "another thread")
#include "perfect.c"
