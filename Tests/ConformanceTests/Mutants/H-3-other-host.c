// rule: H-3
// implies: 
/* A host that the manifest does not name. */
#define IN_REQUEST http.url = str("https://evil.example/")
#include "perfect.c"
