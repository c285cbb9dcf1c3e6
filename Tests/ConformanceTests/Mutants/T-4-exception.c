// rule: T-4
// implies: 
// case: G1
// flags: -l:libstdc++.so.6
/* Lets an exception out. */
#include <stddef.h>
void *__cxa_allocate_exception(size_t size);
void __cxa_throw(void *thrown, void *type, void (*destructor)(void *));
extern char _ZTIi[];
#define IN_BEGIN __cxa_throw(__cxa_allocate_exception(4), _ZTIi, NULL)
#include "perfect.c"
