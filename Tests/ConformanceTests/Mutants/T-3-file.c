// rule: T-3
// implies: 
// case: H2
/* Reads a file. */
#include <fcntl.h>
#include <unistd.h>
#define IN_BEGIN close(open("/etc/hostname", O_RDONLY))
#include "perfect.c"
