/* The same as Plugins/Bench in plain C: what the host's side of a turn costs by itself.
 *
 *   cc -O2 -shared -fPIC -I Sources/CPatchbay/include -o libbare.so scripts/bench-peers/bare.c */
#include "patchbay.h"

#include <stdlib.h>

#define TEXT(literal) ((patchbay_str){literal, sizeof(literal) - 1})
#define JSON(literal)                                                                              \
  ((patchbay_payload){.struct_size = sizeof(patchbay_payload), .format = PATCHBAY_JSON,            \
                      .data = {(const uint8_t *)literal, sizeof(literal) - 1}})

struct patchbay_instance { char unused; };
struct patchbay_op { int left; };

static patchbay_status describe(void *ctx, const patchbay_out *out) {
  (void)ctx;
  patchbay_payload descriptor =
      JSON("{\"id\":\"bench\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"fetch\"],"
           "\"sync\":[],\"webhooks\":[],\"health\":false,\"extensions\":[]}");
  out->complete(out->ctx, &descriptor);
  return PATCHBAY_OK;
}

static patchbay_status create(void *ctx, const patchbay_host *host, const patchbay_payload *config,
                              const patchbay_out *out, patchbay_instance **instance) {
  (void)ctx, (void)host, (void)config, (void)out;
  *instance = calloc(1, sizeof **instance);
  return *instance == NULL ? PATCHBAY_E_INTERNAL : PATCHBAY_OK;
}

static void destroy(patchbay_instance *instance) { free(instance); }

static void fetch(patchbay_op *op, const patchbay_out *out) {
  if (op->left-- > 0) {
    patchbay_http_req request = {.struct_size = sizeof request, .method = TEXT("GET"), .url = TEXT("/items"),
                                 .endpoint = TEXT("api"), .auth = TEXT("default")};
    out->http(out->ctx, &request);
  } else {
    patchbay_payload result = JSON("{}");
    out->complete(out->ctx, &result);
  }
}

static patchbay_status begin(patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out,
                             patchbay_op **op) {
  (void)instance;
  *op = calloc(1, sizeof **op);
  if (*op == NULL) return PATCHBAY_E_INTERNAL;
  /* {"requests":16}: the only digits are the number's. */
  for (size_t i = 0; i < start->input->data.len; i++) {
    uint8_t byte = start->input->data.ptr[i];
    if (byte >= '0' && byte <= '9') (*op)->left = (*op)->left * 10 + byte - '0';
  }
  fetch(*op, out);
  return PATCHBAY_OK;
}

static patchbay_status resume(patchbay_op *op, const patchbay_event *const *events, size_t n, const patchbay_out *out) {
  (void)events, (void)n;
  fetch(op, out);
  return PATCHBAY_OK;
}

static void end(patchbay_op *op) { free(op); }

static const void *extension(patchbay_str id) {
  (void)id;
  return NULL;
}

static const patchbay_connector table = {
    .struct_size = sizeof table, .abi_major = PATCHBAY_ABI_MAJOR, .abi_minor = PATCHBAY_ABI_MINOR,
    .flags = PATCHBAY_PARALLEL_OPS, .id = {"bench", 5}, .version = {"1.0.0", 5}, .build = {"bare", 4},
    .describe = describe, .create = create, .destroy = destroy, .begin = begin, .resume = resume, .end = end,
    .extension = extension,
};

__attribute__((visibility("default"))) const patchbay_connector *patchbay_connector_entry_v1(
    uint16_t minor, const patchbay_out *report) {
  (void)minor, (void)report;
  return &table;
}
