/* Crashes as soon as it is loaded. */
__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 1; }
#include "perfect.c"
