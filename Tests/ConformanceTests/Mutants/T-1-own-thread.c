// rule: T-1
// implies:
// case: E7
/* Can be destroyed on the thread that made it only. */
#include <pthread.h>
static pthread_t maker;
#define IN_CREATE maker = pthread_self()
#define IN_DESTROY if (!pthread_equal(maker, pthread_self())) abort()
#include "perfect.c"
