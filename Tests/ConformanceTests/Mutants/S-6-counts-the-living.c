// rule: S-6
// implies:
// case: G9
/* Does it another way when an operation was left unfinished. */
static int unfinished;
#define IN_REQUEST { if (unfinished > 0) http.idempotency_key = str("again"); unfinished++; }
#define IN_RESULT unfinished = 0
#define IN_ERROR unfinished = 0
#include "perfect.c"
