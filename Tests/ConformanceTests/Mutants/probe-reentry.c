/* Ends the process when the host calls it while it calls the host. */
#define NO_EXPORT
#include "perfect.c"

static __thread int inside;
static patchbay_connector watched;

static patchbay_status watched_begin(patchbay_instance *instance, const patchbay_op_start *start,
                                     const patchbay_out *out, patchbay_op **op) {
  if (inside++ > 0) abort();
  patchbay_status status = begin(instance, start, out, op);
  inside--;
  return status;
}

static patchbay_status watched_resume(patchbay_op *op, const patchbay_event *const *events, size_t n,
                                      const patchbay_out *out) {
  if (inside++ > 0) abort();
  patchbay_status status = resume(op, events, n, out);
  inside--;
  return status;
}

static void watched_end(patchbay_op *op) {
  if (inside > 0) abort();
  end(op);
}

const patchbay_connector *patchbay_connector_entry_v1(uint16_t host_minor, const patchbay_out *report) {
  (void)host_minor, (void)report;
  watched = table;
  watched.begin = watched_begin;
  watched.resume = watched_resume;
  watched.end = watched_end;
  return &watched;
}
