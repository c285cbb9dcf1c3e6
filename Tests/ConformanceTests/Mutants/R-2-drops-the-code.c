// rule: R-2
// implies: 
/* Keeps the platform's code to itself. */
#define IN_ERROR error.platform_code = str("")
#include "perfect.c"
