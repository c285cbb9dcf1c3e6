// rule: secret
// implies:
// case: A14
/* Carries a key in its code. */
static const char *const volatile key = "0123456789abcdef0123456789abcdef" "-us7";
#define IN_END if (key == NULL) return
#include "perfect.c"
