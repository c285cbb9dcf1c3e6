// rule: D-1
// implies: 
// case: D1
/* A descriptor without a truth value for health. */
#define DESCRIPTOR "{\"id\":\"perfect\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"pair\",\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"extensions\":[]}"
#include "perfect.c"
