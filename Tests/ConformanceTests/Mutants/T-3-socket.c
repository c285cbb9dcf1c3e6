// rule: T-3
// implies: 
// case: G1
/* Opens a socket. */
#include <sys/socket.h>
#define IN_BEGIN socket(AF_INET, SOCK_STREAM, 0)
#include "perfect.c"
