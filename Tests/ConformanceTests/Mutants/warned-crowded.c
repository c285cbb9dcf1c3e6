// rule: M-2
// case: N4
/* Holds more for each operation the more there are. */
static int alive;
#define IN_BEGIN if (op->kind == COUNT) { void *held = malloc((size_t)++alive * 1024); memcpy(op->text, &held, sizeof held); }
#define IN_END if (op->kind == COUNT) { void *held; memcpy(&held, op->text, sizeof held); free(held); alive--; }
#include "perfect.c"
