/* A connector that keeps every rule, with a place for a mutant to break each: every macro below can be defined before
 * this file is included. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patchbay.h"

#ifndef ID
#define ID "perfect"
#endif
#ifndef DESCRIPTOR
#define DESCRIPTOR \
  "{\"id\":\"perfect\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"count\",\"get\",\"pair\"," \
  "\"post\",\"token\"],\"sync\":[\"things\"],\"webhooks\":[],\"health\":true,\"extensions\":[]}"
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(patchbay_connector)
#endif
#ifndef TABLE_MAJOR
#define TABLE_MAJOR PATCHBAY_ABI_MAJOR
#endif
#ifndef TABLE_FLAGS
#define TABLE_FLAGS (PATCHBAY_PARALLEL_OPS | PATCHBAY_CLEANUP)
#endif
#ifndef TABLE_CONST
#define TABLE_CONST const
#endif
/* Statements: what the function's parameters and locals offer is theirs. */
#ifndef IN_ENTRY
#define IN_ENTRY
#endif
#ifndef IN_DESCRIBE
#define IN_DESCRIBE
#endif
#ifndef IN_CREATE
#define IN_CREATE
#endif
#ifndef IN_DESTROY
#define IN_DESTROY
#endif
#ifndef IN_BEGIN
#define IN_BEGIN
#endif
#ifndef IN_RESUME
#define IN_RESUME
#endif
#ifndef IN_END
#define IN_END
#endif
#ifndef IN_REQUEST
#define IN_REQUEST
#endif
#ifndef IN_STATE
#define IN_STATE
#endif
#ifndef IN_RESULT
#define IN_RESULT
#endif
#ifndef IN_ERROR
#define IN_ERROR
#endif
#ifndef IN_EXTENSION
#define IN_EXTENSION
#endif
#ifndef IN_PAIR
#define IN_PAIR
#endif
#ifndef IN_TOKEN
#define IN_TOKEN
#endif
/* Between `segment` and a URL; how each byte that is not plain is written. */
#ifndef ESCAPE
#define ESCAPE "%%%02X"
#endif
/* What becomes of a record that the host does not take. */
#ifndef MUST_TAKE
#define MUST_TAKE(status) if ((status) != PATCHBAY_OK) return fail_with(out, PATCHBAY_E_QUOTA, "no more records are taken")
#endif
/* What becomes of an operation without memory: its machinery failed. */
#ifndef MUST_HAVE
#define MUST_HAVE(memory) if ((memory) == NULL) return PATCHBAY_E_INTERNAL
#endif
#ifndef KEY
#define KEY start->idempotency_key
#endif
#ifndef IN_KIND
#define IN_KIND return fail_with(out, PATCHBAY_E_UNSUPPORTED, "there is no such operation")
#endif
#ifndef ON_UNKNOWN_OUTCOME
#define ON_UNKNOWN_OUTCOME
#endif
#ifndef SYNC_STREAM
#define SYNC_STREAM "record"
#endif
#ifndef SYNC_RESULT
#define SYNC_RESULT "{\"cursor\":\"2\"}"
#endif
#ifndef NO_EXPORT
#define ENTRY patchbay_connector_entry_v1
#else
#define ENTRY another_name
const patchbay_connector *ENTRY(uint16_t host_minor, const patchbay_out *report);
#endif

struct patchbay_instance {
  const patchbay_host *host;
  uint64_t operations;
};

enum kind { GET, PAIR, POST, COUNT, TOKEN, THINGS };

struct patchbay_op {
  patchbay_instance *instance;
  enum kind kind;
  uint64_t first, second;
  int step, status[2];
  long count;
  char text[512];
};

static inline patchbay_str str(const char *text) { return (patchbay_str){text, strlen(text)}; }

static inline patchbay_payload json(const char *text) {
  patchbay_payload payload = {.struct_size = sizeof payload, .format = PATCHBAY_JSON};
  payload.data = (patchbay_bytes){(const uint8_t *)text, strlen(text)};
  return payload;
}

static inline patchbay_status fail_with(const patchbay_out *out, patchbay_status code, const char *message);

static inline patchbay_status complete_with(const patchbay_out *out, const char *text) {
  patchbay_payload result = json(text);
  IN_RESULT;
  out->complete(out->ctx, &result);
  return PATCHBAY_OK;
}

static inline patchbay_status fail_with(const patchbay_out *out, patchbay_status code, const char *message) {
  patchbay_error error = {.struct_size = sizeof error, .code = code, .message = str(message)};
  IN_ERROR;
  out->fail(out->ctx, &error);
  return PATCHBAY_OK;
}

/* What the platform refused, as the caller has to know it. */
static inline patchbay_status fail_as(const patchbay_out *out, const patchbay_event *event) {
  patchbay_error error = {.struct_size = sizeof error, .code = event->outcome, .message = str("the platform refused")};
  if (event->outcome == PATCHBAY_E_UNKNOWN) error.code = PATCHBAY_E_UPSTREAM;
  if (event->kind == PATCHBAY_EVENT_HTTP) {
    error.platform_code = event->platform_code;
    error.request_id = event->request_id;
    error.http_status = event->http_status;
  }
  if (event->outcome == PATCHBAY_E_RATE_LIMITED) error.retry = PATCHBAY_RETRY_AFTER;
  error.retry_after_ms = event->retry_after_ms;
  if (event->outcome == PATCHBAY_E_UNKNOWN_OUTCOME) {
    error.retry = PATCHBAY_RETRY_UNKNOWN_OUTCOME;
    ON_UNKNOWN_OUTCOME;
  }
  IN_ERROR;
  out->fail(out->ctx, &error);
  return PATCHBAY_OK;
}

static inline patchbay_http_req request(const char *method, const char *url) {
  patchbay_http_req http = {.struct_size = sizeof http, .method = str(method), .url = str(url)};
  http.endpoint = str("api");
  http.auth = str("default");
  return http;
}

/* The text under a name of the input, percent-encoded: no byte of it is anything but a part of a segment. */
static int segment(const patchbay_payload *input, const char *name, char *to, size_t room) {
  size_t length = strlen(name), used = 0, i = 0;
  const uint8_t *bytes = input->data.ptr;
  for (; i + length < input->data.len; i++)
    if (memcmp(bytes + i, name, length) == 0) break;
  if (i + length >= input->data.len) return 0;
  for (i += length; i < input->data.len && bytes[i] != '"'; i++) {
    if (bytes[i] == '\\' && i + 1 < input->data.len && bytes[i + 1] == '"') i++;
    if (used + 6 >= room) return 0;
    int plain = (bytes[i] >= 'a' && bytes[i] <= 'z') || (bytes[i] >= '0' && bytes[i] <= '9');
    if (plain) to[used++] = (char)bytes[i];
    else used += (size_t)sprintf(to + used, ESCAPE, bytes[i]);
  }
  to[used] = 0;
  return used > 0;
}

static patchbay_status describe(void *ctx, const patchbay_out *out) {
  (void)ctx;
  IN_DESCRIBE;
  patchbay_payload result = json(DESCRIPTOR);
  out->complete(out->ctx, &result);
  return PATCHBAY_OK;
}

static patchbay_status create(void *ctx, const patchbay_host *host, const patchbay_payload *config,
                              const patchbay_out *out, patchbay_instance **instance) {
  (void)ctx, (void)config, (void)out;
  IN_CREATE;
  patchbay_instance *fresh = calloc(1, sizeof *fresh);
  if (fresh == NULL) {
    fail_with(out, PATCHBAY_E_INTERNAL, "no memory");
    return PATCHBAY_E_INTERNAL;
  }
  fresh->host = host;
  *instance = fresh;
  return PATCHBAY_OK;
}

static void destroy(patchbay_instance *instance) {
  IN_DESTROY;
  free(instance);
}

static patchbay_status begin(patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out,
                             patchbay_op **made) {
  static const char *const names[] = {"get", "pair", "post", "count", "token"};
  char url[640];
  int kind = -1;
  if (start->kind == PATCHBAY_OP_HEALTH) return complete_with(out, "{\"status\":\"ok\",\"checks\":[]}");
  if (start->kind == PATCHBAY_OP_SYNC) kind = THINGS;
  for (int i = 0; start->kind == PATCHBAY_OP_ACTION && i < 5; i++)
    if (start->name.len == strlen(names[i]) && memcmp(start->name.ptr, names[i], start->name.len) == 0) kind = i;
  if (kind < 0) IN_KIND;
  patchbay_op *op = calloc(1, sizeof *op);
  MUST_HAVE(op);
  op->instance = instance;
  op->kind = (enum kind)kind;
  patchbay_http_req http = request("GET", url);
  patchbay_payload body = json("{\"text\":\"hello\"}");
  if (kind == GET) {
    if (!segment(start->input, "\"id\":\"", op->text, sizeof op->text)) {
      free(op);
      return fail_with(out, PATCHBAY_E_INVALID_INPUT, "id is missing or too long");
    }
    snprintf(url, sizeof url, "/things/%s", op->text);
    http.url = str(url);
    IN_REQUEST;
    op->first = out->http(out->ctx, &http);
  } else if (kind == PAIR) {
    http.url = str("/a");
    op->first = out->http(out->ctx, &http);
    http.url = str("/b");
    op->second = out->http(out->ctx, &http);
  } else if (kind == POST) {
    http = request("POST", "/things");
    http.body = &body;
    http.idempotency_key = KEY;
    op->first = out->http(out->ctx, &http);
  } else if (kind == COUNT) {
    patchbay_kv_req kv = {.struct_size = sizeof kv, .verb = PATCHBAY_KV_GET, .key = str("count")};
    IN_STATE;
    op->first = out->kv(out->ctx, &kv);
  } else if (kind == TOKEN) {
    http.url = str("/token");
    op->first = out->http(out->ctx, &http);
  } else {
    http.url = str("/things");
    op->first = out->http(out->ctx, &http);
  }
  instance->host->log(instance->host->ctx, PATCHBAY_LOG_DEBUG, str("begun"), NULL, 0);
  *made = op;
  IN_BEGIN;
  return PATCHBAY_OK;
}

static patchbay_status pair(patchbay_op *op, const patchbay_event *const *events, size_t n, const patchbay_out *out) {
  char text[64];
  IN_PAIR;
  for (size_t i = 0; i < n; i++) {
    if (events[i]->outcome != PATCHBAY_OK) return fail_as(out, events[i]);
    op->status[events[i]->effect == op->second] = (int)events[i]->http_status;
  }
  if (op->status[0] == 0 || op->status[1] == 0) return PATCHBAY_OK;
  snprintf(text, sizeof text, "{\"a\":%d,\"b\":%d}", op->status[0], op->status[1]);
  return complete_with(out, text);
}

static patchbay_status count(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char text[32];
  if (op->step++ == 0) {
    if (event->outcome != PATCHBAY_OK && event->outcome != PATCHBAY_E_NOT_FOUND) return fail_as(out, event);
    if (event->body != NULL) op->count = (long)event->body->data.len;
    patchbay_kv_req kv = {.struct_size = sizeof kv, .verb = PATCHBAY_KV_PUT, .key = str("count"), .cas = event->version};
    kv.value = (patchbay_bytes){(const uint8_t *)"xxxxxxxx", (size_t)(op->count % 8) + 1};
    out->kv(out->ctx, &kv);
    return PATCHBAY_OK;
  }
  if (event->outcome != PATCHBAY_OK) return fail_as(out, event);
  snprintf(text, sizeof text, "{\"count\":%ld}", op->count + 1);
  return complete_with(out, text);
}

/* The answer's secret has become a handle, which is used as an auth profile and nowhere else. */
static patchbay_status token(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char auth[512];
  if (event->outcome != PATCHBAY_OK) return fail_as(out, event);
  if (op->step++ > 0) return complete_with(out, "{\"used\":true}");
  patchbay_payload raw = {0};
  if (event->body != NULL) raw = *event->body;
  if (raw.data.len == 0 || !segment(&raw, "\"secret\":\"", op->text, sizeof op->text))
    return fail_with(out, PATCHBAY_E_UPSTREAM, "the platform gave no token");
  size_t n = 0;
  for (size_t i = 0; i < raw.data.len && n + 1 < sizeof op->text; i++) op->text[n++] = (char)raw.data.ptr[i];
  op->text[n] = 0;
  char *from = strstr(op->text, "\"secret\":\"");
  if (from == NULL) return fail_with(out, PATCHBAY_E_UPSTREAM, "the platform gave no token");
  from += 10;
  char *to = strchr(from, '"');
  if (to == NULL) return fail_with(out, PATCHBAY_E_UPSTREAM, "the platform gave no token");
  *to = 0;
  snprintf(auth, sizeof auth, "page:%s", from);
  patchbay_http_req http = request("GET", "/page");
  http.auth = str(auth);
  IN_TOKEN;
  out->http(out->ctx, &http);
  return PATCHBAY_OK;
}

static patchbay_status resume(patchbay_op *op, const patchbay_event *const *events, size_t n, const patchbay_out *out) {
  char text[64];
  const patchbay_event *event = events[0];
  if (event->kind == PATCHBAY_EVENT_CANCEL) return fail_with(out, PATCHBAY_E_CANCELLED, "it was cancelled");
  IN_RESUME;
  if (op->kind == PAIR) return pair(op, events, n, out);
  if (op->kind == COUNT) return count(op, event, out);
  if (op->kind == TOKEN) return token(op, event, out);
  if (event->outcome != PATCHBAY_OK) return fail_as(out, event);
  if (op->kind == THINGS) {
    patchbay_payload record = json("{\"id\":\"1\"}"), cursor = json("{\"cursor\":\"2\"}");
    MUST_TAKE(out->emit(out->ctx, str(SYNC_STREAM), &record));
    MUST_TAKE(out->emit(out->ctx, str("checkpoint"), &cursor));
    return complete_with(out, SYNC_RESULT);
  }
  snprintf(text, sizeof text, "{\"status\":%u}", event->http_status);
  return complete_with(out, text);
}

static void end(patchbay_op *op) {
  IN_END;
  free(op);
}

static const void *extension(patchbay_str id) {
  (void)id;
  IN_EXTENSION;
  return NULL;
}

static TABLE_CONST patchbay_connector table = {
    .struct_size = TABLE_SIZE,
    .abi_major = TABLE_MAJOR,
    .abi_minor = PATCHBAY_ABI_MINOR,
    .flags = TABLE_FLAGS,
    .id = {ID, sizeof ID - 1},
    .version = {"1.0.0", 5},
    .build = {"c", 1},
    .describe = describe,
    .create = create,
    .destroy = destroy,
    .begin = begin,
    .resume = resume,
#ifndef NO_END
    .end = end,
#endif
    .extension = extension,
};

const patchbay_connector *ENTRY(uint16_t host_minor, const patchbay_out *report) {
  (void)host_minor, (void)report;
  IN_ENTRY;
  return &table;
}
