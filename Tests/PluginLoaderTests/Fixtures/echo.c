/* A whole connector in plain C, and with -DVARIANT_... a bad one. Its actions do one thing each; the ones under
 * `misbehave` break the rule that their name tells. */
#define _GNU_SOURCE
#include "patchbay.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef CONNECTOR_ID
#define CONNECTOR_ID "echo"
#endif
#ifndef CONNECTOR_VERSION
#define CONNECTOR_VERSION "1.0.0"
#endif
#ifndef TABLE_MAJOR
#define TABLE_MAJOR PATCHBAY_ABI_MAJOR
#endif
#ifndef TABLE_MINOR
#define TABLE_MINOR PATCHBAY_ABI_MINOR
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(patchbay_connector)
#endif
#ifndef TABLE_FLAGS
#define TABLE_FLAGS (PATCHBAY_PARALLEL_OPS | PATCHBAY_CLEANUP)
#endif
#ifndef ACTIONS
#define ACTIONS "\"echo\",\"fetch\""
#endif
#ifndef DESCRIPTOR
#define DESCRIPTOR                                                                                  \
  "{\"id\":\"" CONNECTOR_ID "\",\"version\":\"" CONNECTOR_VERSION "\",\"abi\":{\"major\":1,\"minor\":0}," \
  "\"actions\":[" ACTIONS "],\"sync\":[\"reports\"],\"webhooks\":[\"events\"],\"health\":true,\"extensions\":[]}"
#endif

struct patchbay_instance { const patchbay_host *host; };
struct patchbay_op {
  const patchbay_host *host;
  char action[64];
  size_t outstanding, seen;
  const patchbay_out *kept;
  patchbay_out copied;
};

static patchbay_str text(const char *s) { return (patchbay_str){s, strlen(s)}; }

static patchbay_payload json(const char *s) {
  return (patchbay_payload){.struct_size = sizeof(patchbay_payload), .format = PATCHBAY_JSON,
                            .data = {(const uint8_t *)s, strlen(s)}};
}

static void complete(const patchbay_out *out, const char *s) {
  patchbay_payload result = json(s);
  out->complete(out->ctx, &result);
}

static patchbay_status fail(const patchbay_out *out, patchbay_status code, const char *message) {
  patchbay_error error = {.struct_size = sizeof error, .code = code, .message = text(message)};
  out->fail(out->ctx, &error);
  return code;
}

static patchbay_http_req request(void) {
  return (patchbay_http_req){.struct_size = sizeof(patchbay_http_req), .method = text("GET"), .url = text("/items"),
                             .endpoint = text("api"), .auth = text("default")};
}

/* Until the test is over and the files of this connector are gone: however late the watch looks, it looks in time. */
static void keep_the_thread(long pause_in_milliseconds) {
  Dl_info here;
  if (dladdr((void *)keep_the_thread, &here) == 0) abort();
  while (access(here.dli_fname, F_OK) == 0)
    if (pause_in_milliseconds > 0)
      nanosleep(&(struct timespec){.tv_nsec = pause_in_milliseconds * 1000 * 1000}, NULL);
}

static void spin(void) { keep_the_thread(0); }

static void *call_from_outside(void *argument) {
  patchbay_op *op = argument;
  op->host->log(op->host->ctx, PATCHBAY_LOG_INFO, text("from outside"), NULL, 0);
  op->kept->timer(op->kept->ctx, 1);
  return NULL;
}

/* ---- One wrong thing each ---- */

static int is(const patchbay_op *op, const char *name) { return strcmp(op->action, name) == 0; }

static patchbay_status misbehave(patchbay_op *op, const patchbay_out *out) {
  patchbay_http_req http = request();
  patchbay_payload payload = json("{}");
  if (is(op, "pushes after its end")) {
    complete(out, "{}");
    out->timer(out->ctx, 1);
    out->cancel_effect(out->ctx, 1);
  } else if (is(op, "ends twice")) {
    complete(out, "{}");
    fail(out, PATCHBAY_E_INTERNAL, "again");
  } else if (is(op, "sends bad UTF-8")) {
    http.url = text("/\xff\xfe");
    out->http(out->ctx, &http);
  } else if (is(op, "logs bad UTF-8")) {
    op->host->log(op->host->ctx, PATCHBAY_LOG_INFO, text("\xc3"), NULL, 0);
    complete(out, "{}");
  } else if (is(op, "sends NULL with a length")) {
    http.url = (patchbay_str){NULL, 7};
    out->http(out->ctx, &http);
  } else if (is(op, "sends NULL headers")) {
    http.n_headers = 2;
    out->http(out->ctx, &http);
  } else if (is(op, "sends a NULL request")) {
    out->http(out->ctx, NULL);
    out->kv(out->ctx, NULL);
  } else if (is(op, "sends an absurd length")) {
    http.url.len = SIZE_MAX / 2 + 9;
    out->http(out->ctx, &http);
  } else if (is(op, "sends a huge body")) {
    payload.format = PATCHBAY_BYTES;
    payload.data.len = (size_t)65 << 20;
    http.body = &payload;
    out->http(out->ctx, &http);
  } else if (is(op, "sends a small struct")) {
    http.struct_size = 16;
    out->http(out->ctx, &http);
  } else if (is(op, "sends an absurd struct")) {
    http.struct_size = UINT32_MAX;
    out->http(out->ctx, &http);
  } else if (is(op, "sends a misaligned struct")) {
    char room[sizeof http + 8];
    memcpy(room + 1, &http, sizeof http);
    out->http(out->ctx, (const patchbay_http_req *)(const void *)(room + 1));
  } else if (is(op, "sets an unknown flag")) {
    http.flags = UINT64_C(1) << 40;
    out->http(out->ctx, &http);
  } else if (is(op, "uses a lower-case method")) {
    http.method = text("get");
    out->http(out->ctx, &http);
  } else if (is(op, "injects a header")) {
    patchbay_pair header = {text("X-A"), text("1\r\nX-B: 2")};
    http.headers = &header;
    http.n_headers = 1;
    out->http(out->ctx, &http);
  } else if (is(op, "sends an unknown format")) {
    payload.format = 77;
    http.body = &payload;
    out->http(out->ctx, &http);
  } else if (is(op, "nests parts")) {
    patchbay_payload inner = {.struct_size = sizeof inner, .format = PATCHBAY_CONCAT};
    patchbay_part part = {.struct_size = sizeof part, .body = &inner};
    const patchbay_part *parts[] = {&part};
    payload = (patchbay_payload){.struct_size = sizeof payload, .format = PATCHBAY_MULTIPART, .parts = parts, .n_parts = 1};
    http.body = &payload;
    out->http(out->ctx, &http);
  } else if (is(op, "names blob 0")) {
    payload.format = PATCHBAY_BLOB;
    http.body = &payload;
    out->http(out->ctx, &http);
  } else if (is(op, "completes with text")) {
    complete(out, "{oops");
  } else if (is(op, "completes with bytes")) {
    payload.format = PATCHBAY_BYTES;
    out->complete(out->ctx, &payload);
  } else if (is(op, "fails with OK")) {
    fail(out, PATCHBAY_OK, "fine");
  } else if (is(op, "uses an unknown verb")) {
    patchbay_kv_req kv = {.struct_size = sizeof kv, .verb = 9, .key = text("k")};
    out->kv(out->ctx, &kv);
  } else if (is(op, "pushes many effects")) {
    for (int i = 0; i < 10; i++) out->timer(out->ctx, 1);
  } else if (is(op, "gives up many effects")) {
    for (uint64_t i = 0; i < 2000; i++) out->cancel_effect(out->ctx, i);
  } else if (is(op, "calls from a thread")) {
    pthread_t thread;
    op->kept = out;
    pthread_create(&thread, NULL, call_from_outside, op);
    pthread_join(thread, NULL);
    out->timer(out->ctx, 1);
  } else if (is(op, "keeps a copy of out")) {
    op->copied = *out;
    out->timer(out->ctx, 1);
  } else if (is(op, "keeps out until its end")) {
    op->kept = out;
    complete(out, "{}");
  } else if (is(op, "spins")) {
    spin();
    complete(out, "{}");
  } else if (is(op, "sleeps")) {
    keep_the_thread(10);
    complete(out, "{}");
  } else if (is(op, "spins in its end")) {
    complete(out, "{}");
  } else if (is(op, "waits") || is(op, "ignores its cancellation")) {
    out->timer(out->ctx, 3600 * 1000);
  } else if (is(op, "waits for ever")) {
    out->timer(out->ctx, UINT64_MAX);
  } else if (is(op, "gives up its write")) {
    http.method = text("POST");
    out->http(out->ctx, &http);
    out->timer(out->ctx, 1);
  } else if (is(op, "returns a status")) {
    out->timer(out->ctx, 1);
    return PATCHBAY_E_INTERNAL;
  } else if (is(op, "returns an unknown status")) {
    return 4711;
  } else if (is(op, "sends bad detail")) {
    patchbay_error error = {.struct_size = sizeof error, .code = PATCHBAY_E_INTERNAL, .message = text("m"),
                            .detail_json = {(const uint8_t *)"[", 1}};
    out->fail(out->ctx, &error);
  }
  return PATCHBAY_OK; /* "stalls": an operation that pushed nothing */
}

/* ---- The honest part ---- */

static void fetch(const patchbay_op_start *start, const patchbay_out *out) {
  static const char *const names[] = {"X-One", "X-Two"};
  patchbay_pair headers[] = {{text(names[0]), text("1")}, {text(names[1]), text("")}};
  patchbay_http_req http = request();
  http.flags = PATCHBAY_HTTP_RAW | PATCHBAY_HTTP_NO_REDIRECT;
  http.method = text("POST");
  http.headers = headers;
  http.n_headers = 2;
  http.body = start->input;
  http.idempotency_key = start->idempotency_key;
  http.timeout_ms = 1500;
  http.max_redirects = 2;
  http.max_response = 4096;
  out->http(out->ctx, &http);
  patchbay_kv_req kv = {.struct_size = sizeof kv, .verb = PATCHBAY_KV_PUT, .key = text("cursor"),
                        .value = {(const uint8_t *)"17", 2}, .cas = 3, .ttl_ms = 60000};
  out->kv(out->ctx, &kv);
  out->timer(out->ctx, 250);
}

static void upload(const patchbay_out *out) {
  patchbay_payload meta = json("{\"a\":1}");
  patchbay_payload range = {.struct_size = sizeof range, .format = PATCHBAY_BLOB, .blob = 1, .blob_offset = 10,
                            .blob_length = 20, .content_type = text("video/mp4")};
  patchbay_part one = {.struct_size = sizeof one, .name = text("meta"), .body = &meta};
  patchbay_part two = {.struct_size = sizeof two, .flags = PATCHBAY_PART_BASE64, .name = text("file"),
                       .filename = text("a.mp4"), .body = &range};
  const patchbay_part *parts[] = {&one, &two};
  patchbay_payload body = {.struct_size = sizeof body, .format = PATCHBAY_MULTIPART, .parts = parts, .n_parts = 2};
  patchbay_http_req http = request();
  http.method = text("POST");
  http.body = &body;
  out->http(out->ctx, &http);
}

static void tell(const patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out) {
  const patchbay_host *host = instance->host;
  char result[512];
  patchbay_pair field = {text("attempt"), text("one")};
  host->log(host->ctx, PATCHBAY_LOG_WARNING, text("telling"), &field, 1);
  host->metric(host->ctx, PATCHBAY_COUNTER, text("told"), 1, &field, 1);
  snprintf(result, sizeof result,
           "{\"now\":%llu,\"random\":\"%llu\",\"stop\":%u,\"log\":%u,\"extension\":%d,\"attempt\":%u,\"kind\":%u,"
           "\"deadline\":%llu,\"seed\":%llu,\"attribute\":\"%.*s\",\"size\":%u}",
           (unsigned long long)host->unix_ns(host->ctx), (unsigned long long)host->random(host->ctx),
           host->should_stop(host->ctx), host->log_enabled(host->ctx, PATCHBAY_LOG_INFO),
           host->extension(host->ctx, text("none/1")) != NULL, start->attempt, start->kind,
           (unsigned long long)start->deadline_unix_ns, (unsigned long long)start->seed,
           start->n_attrs > 0 ? (int)start->attrs[0].value.len : 0, start->n_attrs > 0 ? start->attrs[0].value.ptr : "",
           start->struct_size);
  complete(out, result);
}

static patchbay_status describe(void *ctx, const patchbay_out *out) {
  (void)ctx;
#ifdef VARIANT_EFFECT_IN_DESCRIBE
  out->timer(out->ctx, 1);
#endif
#ifdef VARIANT_DESCRIBE_FAILS
  return fail(out, PATCHBAY_E_INTERNAL, "no idea");
#endif
  complete(out, DESCRIPTOR);
  return PATCHBAY_OK;
}

static patchbay_status create(void *ctx, const patchbay_host *host, const patchbay_payload *config,
                              const patchbay_out *out, patchbay_instance **instance) {
  (void)ctx;
  char copy[1024] = {0};
  memcpy(copy, config->data.ptr, config->data.len < 1023 ? config->data.len : 1023);
  if (strstr(copy, "\"mode\":\"refuse\"")) return fail(out, PATCHBAY_E_INVALID_INPUT, "mode refuse is not for me");
  if (strstr(copy, "\"mode\":\"silent\"")) return PATCHBAY_E_INTERNAL;
  if (strstr(copy, "\"mode\":\"nothing\"")) return PATCHBAY_OK;
  host->log(host->ctx, PATCHBAY_LOG_INFO, text(copy), NULL, 0);
  *instance = calloc(1, sizeof **instance);
  (*instance)->host = host;
  return PATCHBAY_OK;
}

static void destroy(patchbay_instance *instance) {
  instance->host->log(instance->host->ctx, PATCHBAY_LOG_INFO, text("destroyed"), NULL, 0);
  free(instance);
}

static patchbay_status begin(patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out,
                             patchbay_op **op) {
  char name[64] = {0};
  memcpy(name, start->name.ptr, start->name.len < 63 ? start->name.len : 63);
  if (start->kind == PATCHBAY_OP_HEALTH) {
    complete(out, "{\"status\":\"up\"}");
    return PATCHBAY_OK;
  }
  if (strcmp(name, "echo") == 0) {
    out->complete(out->ctx, start->input);
    return PATCHBAY_OK;
  }
  if (strcmp(name, "tell") == 0) {
    tell(instance, start, out);
    return PATCHBAY_OK;
  }
  if (strcmp(name, "emit") == 0) {
    patchbay_payload record = json("{\"n\":1}");
    int taken = 0;
    while (out->emit(out->ctx, text("record"), &record) == PATCHBAY_OK && taken < 100) taken++;
    patchbay_error error = {.struct_size = sizeof error, .code = PATCHBAY_E_QUOTA, .retry = PATCHBAY_RETRY_AFTER,
                            .http_status = 429, .retry_after_ms = 1500, .message = text("enough"),
                            .user_message = text("Too much"), .platform_code = text("190/463"),
                            .request_id = text("r-1"), .pointer = text("/a/0"),
                            .detail_json = {(const uint8_t *)"{\"left\":0}", 10}};
    out->fail(out->ctx, &error);
    return PATCHBAY_OK;
  }
  if (strcmp(name, "nothing") == 0) return PATCHBAY_OK;
  *op = calloc(1, sizeof **op);
  (*op)->host = instance->host;
  if (strcmp(name, "fetch") == 0) {
    (*op)->outstanding = 3;
    fetch(start, out);
    return PATCHBAY_OK;
  }
  if (strcmp(name, "upload") == 0) {
    (*op)->outstanding = 1;
    upload(out);
    return PATCHBAY_OK;
  }
  memcpy((*op)->action, name, sizeof name);
  return misbehave(*op, out);
}

static void report(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char line[512];
  int body = event->body != NULL ? (int)event->body->data.len : -1;
  snprintf(line, sizeof line, "{\"kind\":%u,\"effect\":%llu,\"outcome\":%d,\"status\":%u,\"headers\":%zu,\"header\":\"%.*s\","
           "\"body\":%d,\"text\":\"%.*s\",\"version\":%llu,\"wait\":%llu,\"message\":\"%.*s\",\"code\":\"%.*s\",\"request\":\"%.*s\"}",
           event->kind, (unsigned long long)event->effect, event->outcome, event->http_status, event->n_headers,
           event->n_headers > 0 ? (int)event->headers[0].value.len : 0, event->n_headers > 0 ? event->headers[0].value.ptr : "",
           body, body > 0 ? body : 0, body > 0 ? (const char *)event->body->data.ptr : "",
           (unsigned long long)event->version, (unsigned long long)event->retry_after_ms, (int)event->message.len,
           event->message.ptr, (int)event->platform_code.len, event->platform_code.ptr, (int)event->request_id.len,
           event->request_id.ptr);
  patchbay_payload payload = json(line);
  out->emit(out->ctx, text("seen"), &payload);
  op->seen++;
}

static patchbay_status resume(patchbay_op *op, const patchbay_event *const *events, size_t n, const patchbay_out *out) {
  if (is(op, "keeps a copy of out")) {
    op->copied.timer(op->copied.ctx, 1);
    complete(out, "{}");
    return PATCHBAY_OK;
  }
  if (is(op, "ignores its cancellation")) {
    out->timer(out->ctx, 3600 * 1000);
    op->host->log(op->host->ctx, PATCHBAY_LOG_DEBUG, text("ignored"), NULL, 0);
    return PATCHBAY_OK;
  }
  if (is(op, "gives up its write")) {
    out->cancel_effect(out->ctx, 1);
    fail(out, PATCHBAY_E_UPSTREAM, "no patience");
    return PATCHBAY_OK;
  }
  for (size_t i = 0; i < n; i++) {
    report(op, events[i], out);
    if (events[i]->kind == PATCHBAY_EVENT_CANCEL) {
      fail(out, PATCHBAY_E_CANCELLED, "stopped");
      return PATCHBAY_OK;
    }
  }
  if (op->seen >= op->outstanding) complete(out, "{\"done\":true}");
  return PATCHBAY_OK;
}

static void end(patchbay_op *op) {
  op->host->log(op->host->ctx, PATCHBAY_LOG_DEBUG, text("ended"), NULL, 0);
  if (op->kept != NULL) op->kept->timer(op->kept->ctx, 1);
  if (is(op, "spins in its end")) spin();
  free(op);
}

static const void *extension(patchbay_str id) {
  (void)id;
  return NULL;
}

static const patchbay_connector table = {
    .struct_size = TABLE_SIZE,
    .abi_major = TABLE_MAJOR,
    .abi_minor = TABLE_MINOR,
    .flags = TABLE_FLAGS,
#ifdef VARIANT_BAD_ID
    .id = {"\xff", 1},
#else
    .id = {CONNECTOR_ID, sizeof CONNECTOR_ID - 1},
#endif
    .version = {CONNECTOR_VERSION, sizeof CONNECTOR_VERSION - 1},
    .build = {"test", 4},
    .describe = describe,
    .create = create,
    .destroy = destroy,
    .begin = begin,
    .resume = resume,
#ifndef VARIANT_NULL_SLOT
    .end = end,
#endif
    .extension = extension,
};

#ifdef VARIANT_SIBLING
int sibling(void);
#endif
#ifdef VARIANT_UNDEFINED
int nobody_defines_this(void);
#endif
#ifdef VARIANT_SWIFT_SYMBOL
void swift_thing(void) __asm__(VARIANT_SWIFT_SYMBOL);
#endif

#ifdef VARIANT_ENTRY_V2
#define ENTRY patchbay_connector_entry_v2
PATCHBAY_EXPORT const patchbay_connector *ENTRY(uint16_t host_minor, const patchbay_out *report);
#elif defined VARIANT_NO_ENTRY
#define ENTRY some_other_function
PATCHBAY_EXPORT const patchbay_connector *ENTRY(uint16_t host_minor, const patchbay_out *report);
#else
#define ENTRY patchbay_connector_entry_v1
#endif

const patchbay_connector *ENTRY(uint16_t host_minor, const patchbay_out *host_report) {
  (void)host_minor;
  (void)host_report;
#ifdef VARIANT_SIBLING
  if (sibling() != 0) return NULL;
#endif
#ifdef VARIANT_UNDEFINED
  if (nobody_defines_this() != 0) return NULL;
#endif
#ifdef VARIANT_SWIFT_SYMBOL
  if (host_minor == UINT16_MAX) swift_thing();
#endif
#ifdef VARIANT_REFUSES
  fail(host_report, PATCHBAY_E_UNSUPPORTED, "the licence has expired");
  return NULL;
#endif
#ifdef VARIANT_REFUSES_SILENTLY
  return NULL;
#endif
#ifdef VARIANT_COMPLETES_IN_ENTRY
  complete(host_report, "{}");
#endif
#ifdef VARIANT_MISALIGNED_TABLE
  return (const patchbay_connector *)(const void *)((const char *)&table + 1);
#endif
  return &table;
}
