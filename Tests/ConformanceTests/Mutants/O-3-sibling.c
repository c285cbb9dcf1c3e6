// rule: O-3
// implies: 
// flags: -Wl,--no-as-needed -l:libresolv.so.2
/* Needs a library that hosts do not promise. */

#include "perfect.c"
