// rule: D-2
// implies: 
// case: D1
/* A descriptor with another id than the table. */
#define DESCRIPTOR "{\"id\":\"other\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"pair\",\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"health\":true,\"extensions\":[]}"
#include "perfect.c"
