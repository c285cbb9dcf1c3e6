// rule: E-7
// implies: D-3
// case: D5
/* An extension without a reversed domain. */
#define DESCRIPTOR "{\"id\":\"perfect\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"pair\",\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"health\":true,\"extensions\":[\"mine\"]}"
#include "perfect.c"
