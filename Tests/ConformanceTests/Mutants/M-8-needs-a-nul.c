// rule: M-8
// implies: 
// case: F1
/* Reads a text until a NUL comes. */
#define IN_BEGIN { volatile size_t n = 0; while (((volatile const char *)start->name.ptr)[n] != 0) n++; }
#include "perfect.c"
