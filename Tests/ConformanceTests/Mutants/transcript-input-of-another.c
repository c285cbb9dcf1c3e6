// rule: transcript
// implies:
// case: A10
// manifest: input: schemas/thorough/empty.json => input: schemas/thorough/config.json
/* Its transcript has no input that its schema allows. */
#include "thorough.c"
