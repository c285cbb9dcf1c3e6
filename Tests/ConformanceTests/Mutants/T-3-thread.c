// rule: T-3
// implies: 
// case: H2
// flags: -pthread
/* Starts a thread. */
#include <pthread.h>
static void *idle(void *nothing) { return nothing; }
#define IN_BEGIN { pthread_t thread; pthread_create(&thread, NULL, idle, NULL); pthread_join(thread, NULL); }
#include "perfect.c"
