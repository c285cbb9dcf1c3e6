// rule: S-13
// implies:
// case: L2
/* Its last record belongs to no checkpoint. */
#define IN_RESULT if (text[2] == 'c' && text[3] == 'u') { patchbay_payload late = json("{\"id\":\"2\"}"); MUST_TAKE(out->emit(out->ctx, str("record"), &late)); }
#include "perfect.c"
