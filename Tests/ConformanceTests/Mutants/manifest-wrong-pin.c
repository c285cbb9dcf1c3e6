// rule: manifest
// implies:
// case: A3
// manifest: library: libmutant.so => library: {linux-x86_64: {path: libmutant.so, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}}
/* Another library than the manifest pins. */
#include "perfect.c"
