// rule: O-3
// implies: 
// case: A6
// flags: -Wl,--no-as-needed -l:libresolv.so.2
/* Needs a library that hosts do not promise. */

#include "perfect.c"
