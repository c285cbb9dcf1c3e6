// rule: M-8
// implies:
// case: F6
/* Cuts a text where a letter may be. */
#define IN_BEGIN instance->host->log(instance->host->ctx, PATCHBAY_LOG_DEBUG, (patchbay_str){(const char *)start->input->data.ptr, start->input->data.len < 9 ? start->input->data.len : 9}, NULL, 0)
#include "perfect.c"
