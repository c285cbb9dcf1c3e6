// rule: D-3
// implies: 
// case: D1
/* A descriptor without an action of the manifest. */
#define DESCRIPTOR "{\"id\":\"perfect\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"health\":true,\"extensions\":[]}"
#include "perfect.c"
