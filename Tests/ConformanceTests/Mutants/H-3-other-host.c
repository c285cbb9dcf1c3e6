// rule: H-3
// implies: 
// case: G1
/* A host that the manifest does not name. */
#define IN_REQUEST http.url = str("https://evil.example/")
#include "perfect.c"
