// rule: E-2
// implies: 
// case: C5
/* Refuses a host that is newer. */
#define IN_ENTRY if (host_minor > 0) { patchbay_error error = {.struct_size = sizeof error, .code = PATCHBAY_E_UNSUPPORTED}; \
  return report->fail(report->ctx, &error), NULL; }
#include "perfect.c"
