/* Never comes back from being loaded. */
__attribute__((constructor)) static void hang(void) { for (volatile int i = 0;; i++) {} }
#include "perfect.c"
