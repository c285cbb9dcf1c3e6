/* The layout of version 1, asserted at compile time on 64-bit targets. A change here is a change of the ABI:
 * docs/abi.md, section Evolution. Tests/CPatchbayTests compares every offset with layout.lock. */
#include "patchbay.h"

#define SIZE_IS(type, size) _Static_assert(sizeof(type) == (size), #type " has changed its size")

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "Patchbay is specified for 64-bit targets");
SIZE_IS(patchbay_str, 16);
SIZE_IS(patchbay_bytes, 16);
SIZE_IS(patchbay_pair, 32);
SIZE_IS(patchbay_part, 56);
SIZE_IS(patchbay_payload, 80);
SIZE_IS(patchbay_error, 120);
SIZE_IS(patchbay_http_req, 136);
SIZE_IS(patchbay_kv_req, 56);
SIZE_IS(patchbay_event, 112);
SIZE_IS(patchbay_op_start, 96);
SIZE_IS(patchbay_out, 72);
SIZE_IS(patchbay_host, 72);
SIZE_IS(patchbay_connector, 128);
