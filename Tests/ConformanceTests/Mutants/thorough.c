/* A second connector that keeps every rule: pages, webhooks, a configuration, a write that looks first, texts, moments
 * and media. */
#define ID "thorough"
#ifndef DESCRIPTOR
#define DESCRIPTOR \
  "{\"id\":\"thorough\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},\"actions\":[\"list\",\"make\",\"plan\",\"store\"],\"sync\":[]," \
  "\"webhooks\":[\"updates\"],\"health\":true,\"extensions\":[]}"
#endif
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patchbay.h"

static patchbay_status more_begin(patchbay_instance *, const patchbay_op_start *, const patchbay_out *, patchbay_op **);
static patchbay_status more_resume(patchbay_op *, const patchbay_event *, const patchbay_out *);
static int is_limit(const patchbay_payload *config);

#define IN_KIND return more_begin(instance, start, out, made)
#define IN_RESUME if (op->kind > THINGS) return more_resume(op, event, out)
#ifndef IN_CREATE
#define IN_CREATE if (!is_limit(config)) { \
    patchbay_error error = {.struct_size = sizeof error, .code = PATCHBAY_E_INVALID_INPUT, .message = str("limit is not 0 to 100")}; \
    error.pointer = str("/config/limit"); \
    out->fail(out->ctx, &error); \
    return PATCHBAY_E_INVALID_INPUT; \
  }
#endif
/* A platform that names the page it gave as the next one would be asked for ever. */
#ifndef IS_NEXT
#define IS_NEXT(next, page) ((next) == (page) + 1 && (next) <= 20)
#endif
#ifndef ITEM_ID
#define ITEM_ID(digits) "%s", digits
#endif
#ifndef MUST_LOOK
#define MUST_LOOK(start) attribute(start, "patchbay.reconcile", "1")
#endif
#ifndef IN_WEBHOOK
#define IN_WEBHOOK
#endif
#ifndef EVENT_ID
#define EVENT_ID(id, number) id
#endif

#include "perfect.c"

enum { LIST = THINGS + 1, MAKE, LOOK, HOOK };

/* Where the value of a member begins, its name with quotes and colon; NULL when there is none. */
static const char *member(const patchbay_payload *payload, const char *name) {
  if (payload == NULL || payload->data.len == 0) return NULL;
  const char *found = memmem(payload->data.ptr, payload->data.len, name, strlen(name));
  return found == NULL ? NULL : found + strlen(name);
}

/* Up to `room` - 1 characters of a class, never past the payload's end. */
static size_t take(const patchbay_payload *payload, const char *from, const char *allowed, char *to, size_t room) {
  const char *end = (const char *)payload->data.ptr + payload->data.len;
  size_t n = 0;
  while (from != NULL && from < end && n + 1 < room && *from != 0 && strchr(allowed, *from) != NULL) to[n++] = *from++;
  to[n] = 0;
  return n;
}

static int is_limit(const patchbay_payload *config) {
  char digits[8];
  const char *at = member(config, "\"limit\":");
  size_t n = at == NULL ? 0 : take(config, at, "0123456789", digits, sizeof digits);
  return n > 0 && n <= 3 && atoi(digits) <= 100;
}

static int attribute(const patchbay_op_start *start, const char *name, const char *value) {
  for (size_t i = 0; i < start->n_attrs; i++)
    if (start->attrs[i].name.len == strlen(name) && memcmp(start->attrs[i].name.ptr, name, strlen(name)) == 0)
      return start->attrs[i].value.len == strlen(value) && memcmp(start->attrs[i].value.ptr, value, strlen(value)) == 0;
  return 0;
}

/* The ids of a batch's events; what it does not know is passed over. */
static patchbay_status webhook(const patchbay_op_start *start, const patchbay_out *out) {
  static const char name[] = "\"event_id\":";
  char text[2048], id[64];
  size_t n = (size_t)snprintf(text, sizeof text, "{\"verdict\":\"accept\",\"events\":[");
  const uint8_t *bytes = start->input->data.ptr;
  size_t length = start->input->data.len, at = 0;
  int number = 0;
  IN_WEBHOOK;
  while (bytes != NULL && at < length && number < 16) {
    const uint8_t *found = memmem(bytes + at, length - at, name, sizeof name - 1);
    if (found == NULL) break;
    at = (size_t)(found - bytes) + sizeof name - 1;
    if (at >= length || bytes[at] != '"') continue;
    at++;
    if (take(start->input, (const char *)bytes + at, "abcdefghijklmnopqrstuvwxyz0123456789_-", id, sizeof id) == 0) continue;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"id\":\"%s\"}", number > 0 ? "," : "", EVENT_ID(id, number));
    number++;
  }
  snprintf(text + n, sizeof text - n, "]}");
  return complete_with(out, text);
}

#include "data.h"

static int is_named(const patchbay_op_start *start, const char *name) {
  return start->kind == PATCHBAY_OP_ACTION && start->name.len == strlen(name) && memcmp(start->name.ptr, name, start->name.len) == 0;
}

static patchbay_status more_begin(patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out,
                                  patchbay_op **made) {
  if (start->kind == PATCHBAY_OP_WEBHOOK && start->name.len == 7 && memcmp(start->name.ptr, "updates", 7) == 0)
#ifndef ASKS_FIRST
    return webhook(start, out);
#else
  {
    patchbay_op *hook = calloc(1, sizeof *hook);
    patchbay_http_req keys = request("GET", "/keys");
    hook->kind = (enum kind)HOOK;
    out->http(out->ctx, &keys);
    *made = hook;
    return PATCHBAY_OK;
  }
#endif
  int is_list = is_named(start, "list"), is_plan = is_named(start, "plan"), is_store = is_named(start, "store");
  if (!is_list && !is_plan && !is_store && !is_named(start, "make"))
    return fail_with(out, PATCHBAY_E_UNSUPPORTED, "there is no such operation");
  patchbay_op *op = calloc(1, sizeof *op);
  MUST_HAVE(op);
  op->instance = instance;
  *made = op;
  if (is_plan) return plan(op, start, out);
  if (is_store) return store(op, start, out);
  op->count = 1;
  op->kind = (enum kind)(is_list ? LIST : MUST_LOOK(start) ? LOOK : MAKE);
  patchbay_http_req http = request("GET", is_list ? "/items?page=1" : "/made");
  patchbay_payload body = json("{\"name\":\"made\"}");
  if (op->kind == (enum kind)MAKE) {
    http.method = str("POST");
    http.body = &body;
    http.idempotency_key = start->idempotency_key;
  }
  out->http(out->ctx, &http);
  return PATCHBAY_OK;
}

static patchbay_status listed(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char digits[24], next[8], url[64], text[128];
  const char *at = member(event->body, "\"item_id\":");
  if (op->step++ == 0 && at != NULL && take(event->body, at, "0123456789", digits, sizeof digits) > 0)
    snprintf(op->text, sizeof op->text, "%s", digits);
  at = member(event->body, "\"next\":");
  if (at != NULL && take(event->body, at, "0123456789", next, sizeof next) > 0 && IS_NEXT(atoi(next), (int)op->count)) {
    op->count = atoi(next);
    snprintf(url, sizeof url, "/items?page=%ld", op->count);
    patchbay_http_req http = request("GET", url);
    out->http(out->ctx, &http);
    return PATCHBAY_OK;
  }
  char id[64];
  snprintf(id, sizeof id, ITEM_ID(op->text[0] ? op->text : "0"));
  snprintf(text, sizeof text, "{\"id\":%s,\"pages\":%d}", id, op->step);
  return complete_with(out, text);
}

static patchbay_status more_resume(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char digits[24], text[64];
  if (op->kind == (enum kind)HOOK) return complete_with(out, "{\"verdict\":\"accept\",\"events\":[]}");
  if (op->kind == (enum kind)STORE) return stored(op, event, out);
  if (event->outcome != PATCHBAY_OK) return fail_as(out, event);
  if (op->kind == (enum kind)PLAN) return planned(event, out);
  if (op->kind == (enum kind)LIST) return listed(op, event, out);
  const char *at = member(event->body, "\"made_id\":");
  if (at != NULL && take(event->body, at, "0123456789", digits, sizeof digits) > 0) {
    snprintf(text, sizeof text, "{\"made_id\":%s}", digits);
    return complete_with(out, text);
  }
  if (op->kind == (enum kind)MAKE) return fail_with(out, PATCHBAY_E_UNKNOWN_OUTCOME, "the answer names nothing that was made");
  op->kind = (enum kind)MAKE;
  patchbay_payload body = json("{\"name\":\"made\"}");
  patchbay_http_req http = request("POST", "/made");
  http.body = &body;
  out->http(out->ctx, &http);
  return PATCHBAY_OK;
}
