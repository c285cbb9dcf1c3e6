// rule: manifest
// implies:
// case: A1
// manifest: id: perfect => id: "Perfect one"
/* Its id cannot stand in a route. */
#include "perfect.c"
