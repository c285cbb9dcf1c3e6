// rule: T-5
// implies: T-3
// case: G1
// flags: -pthread
/* Calls the host from a thread of its own. */
#include <pthread.h>
#include "patchbay.h"
static void *call(void *host) { return ((const patchbay_host *)host)->log_enabled(((const patchbay_host *)host)->ctx, 1), NULL; }
#define IN_BEGIN { pthread_t thread; pthread_create(&thread, NULL, call, (void *)(uintptr_t)instance->host); pthread_join(thread, NULL); }
#include "perfect.c"
