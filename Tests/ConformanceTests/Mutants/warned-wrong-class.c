// rule: manifest
// case: D7
// manifest: then: unauthenticated => then: conflict
/* Its manifest calls an expired token a conflict. */

#include "perfect.c"
