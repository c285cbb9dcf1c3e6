// rule: L-1
// case: B2
/* Computes for long before its entry is called. */
#include <time.h>
__attribute__((constructor)) static void early(void) {
  for (clock_t begun = clock(); clock() - begun < CLOCKS_PER_SEC / 5;) {}
}
#include "perfect.c"
