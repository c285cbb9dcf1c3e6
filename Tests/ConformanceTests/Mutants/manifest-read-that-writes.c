// rule: manifest
// implies:
// case: L10
// manifest: post: {effect: write, retry: reconcile} => post: {effect: read}
/* Says that it reads, and posts. */
#include "perfect.c"
