// rule: E-11
// implies:
// case: A17
// beside: version: 1.0.0 => version: 2.0.0
/* Another version is installed under the same id. */
#include "perfect.c"
