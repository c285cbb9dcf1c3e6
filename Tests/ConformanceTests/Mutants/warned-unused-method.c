// rule: manifest
// case: I8
// manifest: methods: [GET, POST] => methods: [GET, POST, DELETE]
/* May use a method that it never uses. */
#include "perfect.c"
