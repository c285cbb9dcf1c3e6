// rule: privacy
// case: I2
/* Writes what it is given into its log. */
#define IN_BEGIN instance->host->log(instance->host->ctx, PATCHBAY_LOG_DEBUG, (patchbay_str){(const char *)start->input->data.ptr, start->input->data.len}, NULL, 0)
#include "perfect.c"
