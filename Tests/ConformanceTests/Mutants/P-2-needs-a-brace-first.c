// rule: P-2
// implies:
// case: K3
/* Takes a webhook only when it begins with a brace. */
#define IN_WEBHOOK if (length == 0 || bytes[0] != '{') return complete_with(out, "{\"verdict\":\"reject\",\"events\":[]}")
#include "thorough.c"
