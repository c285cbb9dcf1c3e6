// rule: E-6
// implies: D-3
// case: D5
/* An extension whose id will have to change. */
#define DESCRIPTOR "{\"id\":\"perfect\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"pair\",\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"health\":true,\"extensions\":[\"org.example.things-draft/1\"]}"
#include "perfect.c"
