// rule: value
// implies:
// case: L8
/* Believes that a piece has arrived of which nobody knows. */
#define IN_LOST op->count += (long)(left < PIECE ? left : PIECE); \
  if ((uint64_t)op->count < op->second) { send_piece(op, out); return PATCHBAY_OK; }
#include "thorough.c"
