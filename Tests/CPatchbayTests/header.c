/* Uses every macro of the header, so that a compiler looks at what they expand to. Also compiled as C++. */
#include "patchbay.h"

uint64_t patchbay_header_probe(const patchbay_http_req *request, const patchbay_connector *table);

uint64_t patchbay_header_probe(const patchbay_http_req *request, const patchbay_connector *table) {
  uint64_t flags = PATCHBAY_PARALLEL_OPS | PATCHBAY_CLEANUP | PATCHBAY_HTTP_RAW | PATCHBAY_HTTP_TO_BLOB |
                   PATCHBAY_HTTP_NO_REDIRECT | PATCHBAY_PART_BASE64;
  if (!PATCHBAY_HAS(request, max_response)) return flags;
  if (PATCHBAY_HAS(table, extension) && table->abi_major == PATCHBAY_ABI_MAJOR && table->abi_minor == PATCHBAY_ABI_MINOR)
    return PATCHBAY_CAS_ANY;
  return request->max_response;
}
