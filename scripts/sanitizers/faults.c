#include "faults.h"

int shift_out(int bits) { return 1 << bits; }
