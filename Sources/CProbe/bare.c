/* A bare host: calls a table directly, with tables of its own that can be larger than today's or gone. */
#define _GNU_SOURCE
#include "probe.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "patchbay.h"

/* One of each thread: the entry and `describe` may be called on any. */
static _Thread_local probe_answer *current;
static _Thread_local uint8_t *said;
static _Thread_local size_t said_length;

#define SAID_BYTES ((size_t)1 << 20)

static void keep(const uint8_t *bytes, size_t length) {
  if (said == NULL) said = malloc(SAID_BYTES);
  if (said == NULL) return;
  said_length = length < SAID_BYTES ? length : SAID_BYTES;
  if (said_length > 0) memcpy(said, bytes, said_length);
}

static uint64_t on_http(void *ctx, const patchbay_http_req *req) { return (void)ctx, (void)req, current->others++, 1; }
static uint64_t on_kv(void *ctx, const patchbay_kv_req *req) { return (void)ctx, (void)req, current->others++, 1; }
static uint64_t on_timer(void *ctx, uint64_t delay) { return (void)ctx, (void)delay, current->others++, 1; }
static void on_cancel(void *ctx, uint64_t id) { (void)ctx, (void)id, current->others++; }
static patchbay_status on_emit(void *ctx, patchbay_str stream, const patchbay_payload *payload) {
  return (void)ctx, (void)stream, (void)payload, current->others++, PATCHBAY_E_INVALID_STATE;
}
static void on_complete(void *ctx, const patchbay_payload *payload) {
  (void)ctx;
  current->completes++;
  keep(payload->data.ptr, payload->data.len);
}
static void on_fail(void *ctx, const patchbay_error *error) {
  (void)ctx;
  current->fails++;
  current->code = error->code;
  current->pointer_length = error->pointer.len;
  keep((const uint8_t *)error->message.ptr, error->message.len);
}

static void on_log(void *ctx, uint32_t level, patchbay_str message, const patchbay_pair *fields, size_t n) {
  (void)ctx, (void)level, (void)message, (void)fields, (void)n;
}
static uint32_t on_log_enabled(void *ctx, uint32_t level) { return (void)ctx, (void)level, 0; }
static void on_metric(void *ctx, uint32_t kind, patchbay_str name, double value, const patchbay_pair *labels, size_t n) {
  (void)ctx, (void)kind, (void)name, (void)value, (void)labels, (void)n;
}
static uint64_t on_unix_ns(void *ctx) { return (void)ctx, UINT64_C(1767225600000000000); }
static uint64_t on_random(void *ctx) { return (void)ctx, 4; }
static uint32_t on_should_stop(void *ctx) { return (void)ctx, 0; }

/* Names of the extensions that were asked for, a line each; what does not fit is left out. */
static char asked[4096];
static size_t asked_length;

static const void *on_extension(void *ctx, patchbay_str id) {
  (void)ctx;
  if (asked_length + id.len + 2 < sizeof asked) {
    memcpy(asked + asked_length, id.ptr, id.len);
    asked_length += id.len;
    asked[asked_length++] = '\n';
    asked[asked_length] = 0;
  }
  return NULL;
}

const char *probe_asked_extensions(void) { return asked; }

static patchbay_out *lend_out(void) {
  patchbay_out *out = probe_lend(sizeof *out, 1);
  *out = (patchbay_out){sizeof *out, 0, NULL, on_http, on_kv, on_timer, on_cancel, on_emit, on_complete, on_fail};
  probe_seal(out, sizeof *out);
  return out;
}

static void settle(probe_answer *answer, void *block, size_t size) {
  probe_retire(block, size);
  answer->bytes = said;
  answer->length = said_length;
}

static void begin_call(probe_answer *answer) {
  *answer = (probe_answer){0};
  current = answer;
  said_length = 0;
}

void *probe_library(const char *path, const char **error) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) *error = dlerror();
  return library;
}

void *probe_symbol(void *library, const char *name) { return dlsym(library, name); }

const void *probe_entry(void *entry, uint16_t host_minor, probe_answer *answer) {
  begin_call(answer);
  patchbay_out *out = lend_out();
  const patchbay_connector *table =
      ((const patchbay_connector *(*)(uint16_t, const patchbay_out *))entry)(host_minor, out);
  settle(answer, out, sizeof *out);
  return table;
}

/* Whether the page of an address can be written, from /proc/self/maps. */
static int is_writable(const void *address) {
  FILE *maps = fopen("/proc/self/maps", "re");
  char line[512];
  int found = 0;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long from, to;
    char mode[5];
    if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) == 3 && (uintptr_t)address >= from && (uintptr_t)address < to)
      found = mode[1] == 'w';
  }
  if (maps != NULL) fclose(maps);
  return found;
}

void probe_read_table(const void *pointer, probe_table *facts) {
  const patchbay_connector *table = pointer;
  *facts = (probe_table){.is_aligned = (uintptr_t)pointer % 8 == 0};
  if (!facts->is_aligned) return;
  facts->is_writable = is_writable(pointer);
  facts->struct_size = table->struct_size;
  if (table->struct_size < sizeof *table) return;
  facts->major = table->abi_major;
  facts->minor = table->abi_minor;
  facts->flags = table->flags;
  const void *slots[] = {(void *)table->describe, (void *)table->create, (void *)table->destroy, (void *)table->begin,
                         (void *)table->resume,   (void *)table->end,    (void *)table->extension};
  for (unsigned i = 0; i < 7; i++)
    if (slots[i] == NULL) facts->null_slots |= 1u << i;
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) sum = (sum ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
  return sum;
}

uint64_t probe_table_digest(const void *pointer) {
  const patchbay_connector *table = pointer;
  uint64_t sum = mix(UINT64_C(14695981039346656037), table, sizeof *table);
  sum = mix(sum, table->id.ptr, table->id.len);
  return mix(sum, table->version.ptr, table->version.len);
}

void probe_describe(const void *pointer, probe_answer *answer) {
  const patchbay_connector *table = pointer;
  begin_call(answer);
  patchbay_out *out = lend_out();
  answer->status = table->describe(table->ctx, out);
  settle(answer, out, sizeof *out);
}

/* One host table for one instance at a time, gone after destroy. */
static patchbay_host *lent_host;

void *probe_create(const void *pointer, const char *config, size_t length, probe_answer *answer) {
  const patchbay_connector *table = pointer;
  begin_call(answer);
  patchbay_host *host = probe_lend(sizeof *host, 1);
  *host = (patchbay_host){sizeof *host, PATCHBAY_ABI_MAJOR, table->abi_minor, NULL, on_log, on_log_enabled, on_metric,
                          on_unix_ns, on_random, on_should_stop, on_extension};
  probe_seal(host, sizeof *host);
  uint8_t *bytes = probe_lend(length, 0);
  if (length > 0) memcpy(bytes, config, length);
  probe_seal(bytes, length);
  patchbay_payload *payload = probe_lend(sizeof *payload, 1);
  *payload = (patchbay_payload){.struct_size = sizeof *payload, .format = PATCHBAY_JSON, .data = {bytes, length}};
  probe_seal(payload, sizeof *payload);
  patchbay_out *out = lend_out();
  patchbay_instance *instance = NULL;
  answer->status = table->create(table->ctx, host, payload, out, &instance);
  probe_retire(bytes, length);
  probe_retire(payload, sizeof *payload);
  settle(answer, out, sizeof *out);
  if (instance == NULL) probe_retire(host, sizeof *host);
  else lent_host = host;
  return instance;
}

void probe_destroy(const void *pointer, void *instance) {
  ((const patchbay_connector *)pointer)->destroy(instance);
  if (lent_host != NULL) probe_retire(lent_host, sizeof *lent_host);
  lent_host = NULL;
}

const void *probe_extension(const void *pointer, const char *id, size_t length) {
  char *text = probe_lend(length, 0);
  memcpy(text, id, length);
  probe_seal(text, length);
  const void *found = ((const patchbay_connector *)pointer)->extension((patchbay_str){text, length});
  probe_retire(text, length);
  return found;
}
