/* The connector: what it is called, what it can do, and each operation as a small state machine.
 *
 * It does no I/O. A turn pushes one request or ends the operation; the answer arrives in the next turn. */
#include "json.h"
#include "patchbay.h"

#define WORDS(literal) {literal, sizeof literal - 1}
#define STR(literal) ((patchbay_str)WORDS(literal))

static const char descriptor[] =
    "{\"id\":\"starter\",\"version\":\"1.0.0\",\"abi\":{\"major\":1,\"minor\":0},"
    "\"actions\":[\"note.publish\",\"note.read\"],\"sync\":[],\"webhooks\":[],\"health\":true,\"extensions\":[]}";

struct patchbay_instance {
  int unused; /* no state: every instance is the same */
};
static patchbay_instance only;

struct patchbay_op {
  enum { READING, FINDING, CREATING, CHECKING } step;
  struct text order; /* the body of POST /notes, made in the first turn because the input dies with it */
};

/* ---- What a turn can do -------------------------------------------------------------------------------------- */

static patchbay_status ask(const patchbay_out *out, patchbay_str method, patchbay_str url, const struct text *json) {
  patchbay_payload body = {.struct_size = sizeof body, .format = PATCHBAY_JSON};
  patchbay_http_req request = {.struct_size = sizeof request, .method = method, .url = url};
  request.endpoint = STR("api");
  request.auth = STR("default");
  if (json != NULL) {
    if (json->has_failed) return PATCHBAY_E_INTERNAL;
    body.data = (patchbay_bytes){(const uint8_t *)json->bytes, json->length};
    request.body = &body;
  }
  out->http(out->ctx, &request); /* copies */
  return PATCHBAY_OK;
}

static patchbay_status complete(const patchbay_out *out, struct text *json) {
  patchbay_payload result = {.struct_size = sizeof result, .format = PATCHBAY_JSON};
  patchbay_status status = json->has_failed ? PATCHBAY_E_INTERNAL : PATCHBAY_OK;
  result.data = (patchbay_bytes){(const uint8_t *)json->bytes, json->length};
  if (status == PATCHBAY_OK) out->complete(out->ctx, &result);
  text_free(json);
  return status;
}

/* What was asked failed, our machinery did not: OK is returned. */
static patchbay_status refuse(const patchbay_out *out, patchbay_status code, patchbay_str message,
                              patchbay_str pointer) {
  patchbay_error error = {.struct_size = sizeof error, .code = code, .message = message, .pointer = pointer};
  if (code == PATCHBAY_E_UNKNOWN_OUTCOME) error.retry = PATCHBAY_RETRY_UNKNOWN_OUTCOME;
  out->fail(out->ctx, &error);
  return PATCHBAY_OK;
}

/* Passes on what the host made of the platform's answer. */
static patchbay_status fail_as(const patchbay_out *out, const patchbay_event *event) {
  patchbay_error error = {.struct_size = sizeof error, .code = event->outcome, .message = event->message};
  error.http_status = event->http_status;
  error.platform_code = event->platform_code;
  error.request_id = event->request_id;
  error.retry_after_ms = event->retry_after_ms;
  switch (event->outcome) {
  case PATCHBAY_E_UNKNOWN: error.code = PATCHBAY_E_UPSTREAM; break;
  case PATCHBAY_E_RATE_LIMITED:
    error.retry = event->retry_after_ms > 0 ? PATCHBAY_RETRY_AFTER : PATCHBAY_RETRY_SAFE;
    break;
  case PATCHBAY_E_UPSTREAM:
  case PATCHBAY_E_NETWORK:
  case PATCHBAY_E_TIMEOUT: error.retry = PATCHBAY_RETRY_SAFE; break;
  case PATCHBAY_E_UNKNOWN_OUTCOME: error.retry = PATCHBAY_RETRY_UNKNOWN_OUTCOME; break;
  default: break;
  }
  out->fail(out->ctx, &error);
  return PATCHBAY_OK;
}

/* ---- Values -------------------------------------------------------------------------------------------------- */

static int is(patchbay_str text, const char *word) {
  return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static struct span json_of(const patchbay_payload *payload) {
  if (payload == NULL || payload->format != PATCHBAY_JSON) return (struct span){NULL, 0};
  return (struct span){(const char *)payload->data.ptr, payload->data.len};
}

/* A quoted id of 1 to 64 letters, digits, - and _: safe in a path and in JSON as it stands. */
static int is_id(struct span value) {
  if (value.at == NULL || value.length < 3 || value.length > 66 || value.at[0] != '"') return 0;
  for (size_t i = 1; i + 1 < value.length; i++) {
    char c = value.at[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return 0;
  }
  return 1;
}

static int is_count(struct span value) {
  if (value.at == NULL || value.length == 0 || value.length > 18) return 0;
  for (size_t i = 0; i < value.length; i++)
    if (value.at[i] < '0' || value.at[i] > '9') return 0;
  return value.length == 1 || value.at[0] != '0';
}

/* Writes {"id":…}, left open for more members; 0 when the answer names no id. */
static int add_id(struct text *result, const patchbay_payload *answer) {
  struct span id = json_member(json_of(answer), "id");
  if (!is_id(id)) return 0;
  text_add_words(result, "{\"id\":");
  text_add(result, id.at, id.length);
  return 1;
}

/* ---- Operations ---------------------------------------------------------------------------------------------- */

static patchbay_status read_note(patchbay_op *op, const patchbay_op_start *start, const patchbay_out *out) {
  struct span id = json_member(json_of(start->input), "id");
  if (!is_id(id)) return refuse(out, PATCHBAY_E_INVALID_INPUT, STR("id is not the id of a note"), STR("/id"));
  char url[80] = "/notes/";
  memcpy(url + 7, id.at + 1, id.length - 2);
  op->step = READING;
  return ask(out, STR("GET"), (patchbay_str){url, 7 + id.length - 2}, NULL);
}

static patchbay_status publish(patchbay_op *op, const patchbay_op_start *start, const patchbay_out *out) {
  struct span text = json_member(json_of(start->input), "text");
  if (text.at == NULL || text.at[0] != '"' || text.length < 3)
    return refuse(out, PATCHBAY_E_INVALID_INPUT, STR("text is missing or empty"), STR("/text"));
  struct text reference = {0};
  text_add_words(&reference, "{\"reference\":");
  text_add_quoted(&reference, start->idempotency_key.ptr, start->idempotency_key.len);
  text_add(&op->order, reference.bytes, reference.length);
  text_add_words(&op->order, ",\"text\":");
  text_add(&op->order, text.at, text.length);
  text_add_words(&op->order, "}");
  text_add_words(&reference, "}");
  op->order.has_failed |= reference.has_failed;

  int must_look = 0;
  for (size_t i = 0; i < start->n_attrs; i++)
    if (is(start->attrs[i].name, "patchbay.reconcile") && is(start->attrs[i].value, "1")) must_look = 1;
  op->step = must_look ? FINDING : CREATING;
  patchbay_status status = must_look ? ask(out, STR("POST"), STR("/notes/find"), &reference)
                                     : ask(out, STR("POST"), STR("/notes"), &op->order);
  text_free(&reference);
  return status;
}

static patchbay_status begin(patchbay_instance *instance, const patchbay_op_start *start, const patchbay_out *out,
                             patchbay_op **made) {
  (void)instance;
  patchbay_op *op = calloc(1, sizeof *op);
  if (op == NULL) return PATCHBAY_E_INTERNAL;
  *made = op; /* from here on `end` frees it, whatever becomes of this turn */
  if (start->kind == PATCHBAY_OP_HEALTH) {
    op->step = CHECKING;
    return ask(out, STR("GET"), STR("/account"), NULL);
  }
  if (start->kind == PATCHBAY_OP_ACTION && is(start->name, "note.read")) return read_note(op, start, out);
  if (start->kind == PATCHBAY_OP_ACTION && is(start->name, "note.publish")) return publish(op, start, out);
  return refuse(out, PATCHBAY_E_UNSUPPORTED, STR("there is no such operation"), STR(""));
}

static patchbay_status resume(patchbay_op *op, const patchbay_event *const *events, size_t n, const patchbay_out *out) {
  const patchbay_event *event = events[0]; /* one effect is outstanding at a time, so one result comes */
  struct text result = {0};
  (void)n;
  if (op->step == CHECKING) { /* what went wrong is what the check found */
    const char *status = event->outcome == PATCHBAY_OK ? "\"ok\"" : "\"failing\"";
    text_add_words(&result, "{\"status\":");
    text_add_words(&result, status);
    text_add_words(&result, ",\"checks\":[{\"name\":\"account\",\"status\":");
    text_add_words(&result, status);
    text_add_words(&result, "}]}");
    return complete(out, &result);
  }
  if (op->step == FINDING && event->outcome == PATCHBAY_E_NOT_FOUND) {
    op->step = CREATING;
    return ask(out, STR("POST"), STR("/notes"), &op->order);
  }
  if (event->outcome != PATCHBAY_OK) return fail_as(out, event);
  if (!add_id(&result, event->body)) {
    /* A note was created, and nobody can tell which: the next attempt has to look. */
    patchbay_status code = op->step == CREATING ? PATCHBAY_E_UNKNOWN_OUTCOME : PATCHBAY_E_UPSTREAM;
    return refuse(out, code, STR("the platform's answer names no note"), STR(""));
  }
  if (op->step == READING) {
    struct span likes = json_member(json_of(event->body), "likes");
    text_add_words(&result, ",\"likes\":");
    text_add(&result, is_count(likes) ? likes.at : "0", is_count(likes) ? likes.length : 1);
  }
  text_add_words(&result, "}");
  return complete(out, &result);
}

static void end(patchbay_op *op) {
  text_free(&op->order);
  free(op);
}

/* ---- The table ----------------------------------------------------------------------------------------------- */

static patchbay_status describe(void *ctx, const patchbay_out *out) {
  (void)ctx;
  struct text json = {0};
  text_add_words(&json, descriptor);
  return complete(out, &json);
}

static patchbay_status create(void *ctx, const patchbay_host *host, const patchbay_payload *config,
                              const patchbay_out *out, patchbay_instance **instance) {
  (void)ctx, (void)host, (void)config, (void)out;
  *instance = &only;
  return PATCHBAY_OK;
}

static void destroy(patchbay_instance *instance) { (void)instance; }

static const void *extension(patchbay_str id) {
  (void)id;
  return NULL;
}

static const patchbay_connector table = {
    .struct_size = sizeof table,
    .abi_major = PATCHBAY_ABI_MAJOR,
    .abi_minor = PATCHBAY_ABI_MINOR,
    .flags = PATCHBAY_PARALLEL_OPS,
    .id = WORDS("starter"),
    .version = WORDS("1.0.0"),
    .build = WORDS("c"),
    .describe = describe,
    .create = create,
    .destroy = destroy,
    .begin = begin,
    .resume = resume,
    .end = end,
    .extension = extension,
};

const patchbay_connector *patchbay_connector_entry_v1(uint16_t host_minor, const patchbay_out *report) {
  (void)host_minor, (void)report;
  return &table;
}
