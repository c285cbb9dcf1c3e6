// rule: manifest
// implies:
// case: A2
// manifest: name: Perfect => name: no
/* Its name is a truth value to older readers of YAML. */
#include "perfect.c"
