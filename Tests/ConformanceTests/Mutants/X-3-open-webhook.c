// rule: X-3
// implies:
// case: K9
// manifest: verify: {kind: hmac-sha256, header: X-Signature, secret: webhook} => verify: {kind: none}
/* Lets anybody post to its webhook. */
#include "thorough.c"
