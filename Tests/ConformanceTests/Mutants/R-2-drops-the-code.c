// rule: R-2
// implies: 
// case: J7
/* Keeps the platform's code to itself. */
#define IN_ERROR error.platform_code = str("")
#include "perfect.c"
