/*
 * patchbay.h: the contract between the Patchbay host and a connector, version 1.
 *
 * A connector is a shared library that exports one function, patchbay_connector_entry_v1. It performs
 * no I/O: the host calls `begin`, the connector pushes effects (an HTTP request, a key-value access, a
 * timer) and returns; the host performs them and calls `resume` with the results; the connector ends
 * with `complete` or `fail`. docs/abi.md numbers every rule; the numbers stand here in brackets.
 *
 * Memory    No pointer outlives the call it was passed in, in either direction; the receiver copies.
 *           Nobody frees the other side's memory. Exceptions with a longer life: the connector table,
 *           the host table, patchbay_instance and patchbay_op. [M-1 M-2 M-3]
 * Strings   UTF-8, length given, no NUL at the end. ptr may be NULL only if len is 0. [M-4]
 * Growth    Every struct but str, bytes and pair starts with struct_size, set by whoever fills it.
 *           Nothing is read past it. Structs grow at the end only. Reserved fields are 0. [M-5 M-6]
 * Threads   One thread at a time per operation, perhaps another at each turn. Operations of one
 *           instance run in parallel only with PATCHBAY_PARALLEL_OPS. [T-1 T-2]
 *
 * Thread tags:  [any]   any thread, also several at once
 *               [turn]  the thread that is inside begin, resume, end or create, for that call only
 *
 * Licence: Apache-2.0. C11 and C++17.
 */
#ifndef PATCHBAY_H
#define PATCHBAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_ABI_MAJOR 1
#define PATCHBAY_ABI_MINOR 0

/* True when the writer of *p knew the field, so that it may be read. */
#define PATCHBAY_HAS(p, field) \
  ((p) != NULL && (size_t)(p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field))

/* ---- Basic values (frozen: they may stand in arrays) -------------------------------------------- */

typedef struct patchbay_str   { const char    *ptr; size_t len; } patchbay_str;
typedef struct patchbay_bytes { const uint8_t *ptr; size_t len; } patchbay_bytes;
typedef struct patchbay_pair  { patchbay_str name, value; } patchbay_pair;

/* PATCHBAY_OK or one of PATCHBAY_E_*. A value that the reader does not know means E_UNKNOWN. [E-3] */
typedef int32_t patchbay_status;

/* Codes are chosen by what the caller should do about them. */
enum {
  PATCHBAY_OK = 0,
  PATCHBAY_E_UNKNOWN = 1,
  PATCHBAY_E_UNSUPPORTED = 2,
  PATCHBAY_E_INVALID_INPUT = 3,
  PATCHBAY_E_INVALID_STATE = 4,
  PATCHBAY_E_UNAUTHENTICATED = 5, /* connect the account again */
  PATCHBAY_E_PERMISSION = 6,      /* a scope or a role is missing; name it */
  PATCHBAY_E_NOT_FOUND = 7,
  PATCHBAY_E_CONFLICT = 8,
  PATCHBAY_E_RATE_LIMITED = 9,
  PATCHBAY_E_QUOTA = 10,
  PATCHBAY_E_POLICY = 11,   /* the platform refused the content */
  PATCHBAY_E_UPSTREAM = 12, /* the platform is at fault */
  PATCHBAY_E_NETWORK = 13,  /* nothing was sent */
  PATCHBAY_E_TIMEOUT = 14,
  PATCHBAY_E_CANCELLED = 15,
  PATCHBAY_E_PROTOCOL = 16, /* a rule of this contract was broken */
  PATCHBAY_E_INTERNAL = 17,
  PATCHBAY_E_UNKNOWN_OUTCOME = 18 /* it may have taken effect: look first, never repeat blindly */
};

/* What an operation is. Connectors answer an unknown kind with PATCHBAY_E_UNSUPPORTED. */
enum {
  PATCHBAY_OP_ACTION = 1,
  PATCHBAY_OP_WEBHOOK = 2,
  PATCHBAY_OP_HEALTH = 3,
  PATCHBAY_OP_AUTH = 4,
  PATCHBAY_OP_SYNC = 5
};

enum {
  PATCHBAY_EVENT_HTTP = 1,
  PATCHBAY_EVENT_KV = 2,
  PATCHBAY_EVENT_TIMER = 3,
  PATCHBAY_EVENT_CANCEL = 4 /* effect is 0: clean up and end */
};

enum {
  PATCHBAY_JSON = 1,      /* data is UTF-8 JSON */
  PATCHBAY_BYTES = 2,     /* data as it is */
  PATCHBAY_BLOB = 3,      /* a range of a blob that the host holds */
  PATCHBAY_MULTIPART = 4, /* parts as multipart/form-data; the host chooses the boundary */
  PATCHBAY_CONCAT = 5     /* parts one after the other */
};

/* Whether an error invites another attempt. */
enum {
  PATCHBAY_RETRY_NO = 0,
  PATCHBAY_RETRY_SAFE = 1,
  PATCHBAY_RETRY_AFTER = 2, /* after retry_after_ms */
  PATCHBAY_RETRY_UNKNOWN_OUTCOME = 3
};

enum { PATCHBAY_KV_GET = 1, PATCHBAY_KV_PUT = 2, PATCHBAY_KV_DELETE = 3 };

enum {
  PATCHBAY_LOG_TRACE = 1,
  PATCHBAY_LOG_DEBUG = 2,
  PATCHBAY_LOG_INFO = 3,
  PATCHBAY_LOG_WARNING = 4,
  PATCHBAY_LOG_ERROR = 5
};

enum { PATCHBAY_COUNTER = 1, PATCHBAY_GAUGE = 2, PATCHBAY_HISTOGRAM = 3 };

/* Flags are 64 bits: 0 to 31 may be ignored by a reader that does not know them, 32 to 63 must be
 * understood, else the call is refused with PATCHBAY_E_UNSUPPORTED. [M-5] */
#define PATCHBAY_PARALLEL_OPS (UINT64_C(1) << 0) /* table: operations of an instance may overlap */
#define PATCHBAY_CLEANUP      (UINT64_C(1) << 1) /* table: a cancelled operation gets clean-up turns */
#define PATCHBAY_HTTP_RAW         (UINT64_C(1) << 0) /* deliver every status with outcome OK */
#define PATCHBAY_HTTP_TO_BLOB     (UINT64_C(1) << 1) /* keep the answer's body as a blob */
#define PATCHBAY_HTTP_NO_REDIRECT (UINT64_C(1) << 2)
#define PATCHBAY_PART_BASE64      (UINT64_C(1) << 0) /* encode the part while streaming it */

#define PATCHBAY_CAS_ANY UINT64_MAX /* patchbay_kv_req.cas: write whatever is there */

/* ---- Payloads and errors ------------------------------------------------------------------------ */

typedef struct patchbay_payload patchbay_payload;

typedef struct patchbay_part {
  uint32_t struct_size, reserved;
  uint64_t flags;              /* PATCHBAY_PART_* */
  patchbay_str name, filename; /* multipart only; filename may be empty */
  const patchbay_payload *body; /* never MULTIPART or CONCAT */
} patchbay_part;

struct patchbay_payload {
  uint32_t struct_size, format;
  patchbay_bytes data;                      /* JSON, BYTES */
  uint64_t blob, blob_offset, blob_length;  /* BLOB: handle > 0 and a range inside it, in bytes */
  patchbay_str content_type;                /* empty: the format's own */
  const patchbay_part *const *parts;        /* MULTIPART, CONCAT */
  size_t n_parts;
};

typedef struct patchbay_error {
  uint32_t struct_size;
  patchbay_status code; /* not OK */
  uint32_t retry, http_status;
  uint64_t retry_after_ms;
  patchbay_str message;       /* for developers; no secret, no header, no body */
  patchbay_str user_message;  /* for the person who publishes; may be empty */
  patchbay_str platform_code; /* the platform's own code, kept as it came */
  patchbay_str request_id;
  patchbay_str pointer;       /* JSON pointer into the input, when the input is at fault */
  patchbay_bytes detail_json; /* empty or one JSON value */
} patchbay_error;

/* ---- Effects and events ------------------------------------------------------------------------- */

typedef struct patchbay_http_req {
  uint32_t struct_size, reserved;
  uint64_t flags;      /* PATCHBAY_HTTP_* */
  patchbay_str method; /* upper case */
  patchbay_str url;    /* a path that starts with '/', or an absolute URL under the endpoint's base */
  patchbay_str endpoint, auth; /* names from the manifest; auth "profile" or "profile:handle", empty = none */
  patchbay_str idempotency_key;
  const patchbay_pair *headers;
  size_t n_headers;
  const patchbay_payload *body; /* NULL: no body */
  uint32_t timeout_ms, max_redirects; /* 0: the manifest's */
  uint64_t max_response;              /* bytes; 0: the manifest's */
} patchbay_http_req;

typedef struct patchbay_kv_req {
  uint32_t struct_size, verb; /* PATCHBAY_KV_* */
  patchbay_str key;           /* 1 to 256 bytes */
  patchbay_bytes value;       /* PUT: at most 64 KiB */
  uint64_t cas;    /* PUT, DELETE: PATCHBAY_CAS_ANY, 0 = must not exist, n = the version must be n */
  uint64_t ttl_ms; /* PUT: 0 = for ever */
} patchbay_kv_req;

typedef struct patchbay_event {
  uint32_t struct_size, kind; /* PATCHBAY_EVENT_* */
  uint64_t effect;            /* the id that the push returned */
  patchbay_status outcome;
  uint32_t http_status; /* HTTP: 0 when no answer came */
  const patchbay_pair *headers; /* HTTP: names in lower case, in the order they came */
  size_t n_headers;
  const patchbay_payload *body; /* HTTP: the answer; KV: the value; else NULL */
  uint64_t version;             /* KV: current version, 0 = absent */
  uint64_t retry_after_ms;      /* HTTP: as the platform asked, 0 = it did not */
  patchbay_str message;         /* what went wrong, empty on OK */
  patchbay_str platform_code, request_id; /* HTTP: found as the manifest says, may be empty */
} patchbay_event;

typedef struct patchbay_op_start {
  uint32_t struct_size, kind; /* PATCHBAY_OP_* */
  patchbay_str name;          /* the action or stream; empty for HEALTH */
  const patchbay_payload *input; /* JSON; WEBHOOK: the raw bytes */
  const patchbay_pair *attrs; /* names that start with "patchbay." are the host's */
  size_t n_attrs;
  uint64_t deadline_unix_ns; /* on the clock of host.unix_ns */
  uint64_t seed;             /* all chance of the operation comes from here */
  uint64_t flags;            /* none yet */
  uint32_t attempt, reserved; /* from 1 */
  patchbay_str idempotency_key;
} patchbay_op_start;

/* ---- What the host offers ----------------------------------------------------------------------- */

/* How a turn speaks to the host. Alive only inside the call it was passed to. No function blocks or
 * calls back into the connector; results arrive through resume, refusals too. [S-3 S-4] */
typedef struct patchbay_out {
  uint32_t struct_size, reserved;
  void *ctx;
  /* [turn] Requests an exchange. Copies *req. Returns the effect's id (> 0), 0 only after a terminal. */
  uint64_t (*http)(void *ctx, const patchbay_http_req *req);
  /* [turn] Reads or writes the connector's own state for this connection. Copies *req. Returns as http. */
  uint64_t (*kv)(void *ctx, const patchbay_kv_req *req);
  /* [turn] Asks to be resumed after a delay on the host's clock. Returns as http. */
  uint64_t (*timer)(void *ctx, uint64_t delay_ms);
  /* [turn] Gives up an effect. No event follows for it. Unknown ids are ignored. */
  void (*cancel_effect)(void *ctx, uint64_t id);
  /* [turn] Sends a record out of a running operation. Copies *payload. OK, E_QUOTA when the host takes
   * no more in this turn, E_INVALID_INPUT. */
  patchbay_status (*emit)(void *ctx, patchbay_str stream, const patchbay_payload *payload);
  /* [turn] Ends the operation with a result (JSON). Copies *payload. Exactly one of complete and fail,
   * once, and nothing after it. [S-2] */
  void (*complete)(void *ctx, const patchbay_payload *payload);
  /* [turn] Ends the operation with an error. Copies *error. */
  void (*fail)(void *ctx, const patchbay_error *error);
} patchbay_out;

/* Services of an instance. Valid from create to the return of destroy; each function only on the thread
 * that the host has inside this connector, during that call. [T-5] */
typedef struct patchbay_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  void *ctx;
  /* [turn] Writes one structured line. Copies. The host redacts and may drop lines over its rate. */
  void (*log)(void *ctx, uint32_t level, patchbay_str message, const patchbay_pair *fields, size_t n_fields);
  /* [turn] 1 when a line of this level would be kept. */
  uint32_t (*log_enabled)(void *ctx, uint32_t level);
  /* [turn] Counts or measures under a name that the manifest declares; others are dropped. Copies. */
  void (*metric)(void *ctx, uint32_t kind, patchbay_str name, double value, const patchbay_pair *labels,
                 size_t n_labels);
  /* [turn] Nanoseconds since 1970, frozen while a turn lasts, the same again on replay. */
  uint64_t (*unix_ns)(void *ctx);
  /* [turn] The next number of a sequence that the operation's seed determines. 0 outside an operation. */
  uint64_t (*random)(void *ctx);
  /* [turn] 1 when a long computation should give up: cancelled, over budget or past the deadline. */
  uint32_t (*should_stop)(void *ctx);
  /* [turn] A table of the extension `id`, valid as long as this one, or NULL. */
  const void *(*extension)(void *ctx, patchbay_str id);
} patchbay_host;

/* ---- What the connector offers ------------------------------------------------------------------ */

typedef struct patchbay_instance patchbay_instance; /* the connector's, from create to destroy */
typedef struct patchbay_op patchbay_op;             /* the connector's, from begin to end */

/* Constant, in static storage, valid as long as the library is mapped, which is for ever. No slot of a
 * released minor is NULL; an unsupported one answers PATCHBAY_E_UNSUPPORTED. [M-7] */
typedef struct patchbay_connector {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  uint64_t flags;                  /* PATCHBAY_PARALLEL_OPS, PATCHBAY_CLEANUP */
  patchbay_str id, version, build; /* as in the manifest; build is free text */
  void *ctx;                       /* passed to describe and create */
  /* [any] Completes with the descriptor as JSON: {id, version, abi:{major,minor}, actions[], sync[],
   * webhooks[], health, extensions[]}. Pure; only complete and fail of `out` may be called. [L-1] */
  patchbay_status (*describe)(void *ctx, const patchbay_out *out);
  /* [turn] Makes an instance. `host` lives until destroy returns; `config` dies with the call. On OK
   * *instance is set and owned by the connector until destroy; else `out->fail` was called with the same
   * code and *instance is untouched. Only complete and fail of `out` may be called. [L-2] */
  patchbay_status (*create)(void *ctx, const patchbay_host *host, const patchbay_payload *config,
                            const patchbay_out *out, patchbay_instance **instance);
  /* [turn] Frees the instance. Called once, when no operation is alive. [L-4] */
  void (*destroy)(patchbay_instance *instance);
  /* [turn] Starts an operation and runs its first turn. *op is set unless the turn ended it; once set,
   * `end` follows. OK, or the code of a broken machinery (what the turn pushed is then dropped; a failed
   * errand is out->fail and OK). [L-3] */
  patchbay_status (*begin)(patchbay_instance *instance, const patchbay_op_start *start,
                           const patchbay_out *out, patchbay_op **op);
  /* [turn] Delivers 1 or more results, in any order, and runs the next turn. Returns as begin. [S-5] */
  patchbay_status (*resume)(patchbay_op *op, const patchbay_event *const *events, size_t n_events,
                            const patchbay_out *out);
  /* [turn] Frees the operation, finished or not. Called once; nothing follows. [L-5] */
  void (*end)(patchbay_op *op);
  /* [any] A table of the extension `id`, static, or NULL. */
  const void *(*extension)(patchbay_str id);
} patchbay_connector;

#if defined(__GNUC__) || defined(__clang__)
#define PATCHBAY_EXPORT __attribute__((visibility("default")))
#else
#define PATCHBAY_EXPORT
#endif

/* [any] The library's one export. Pure, callable any number of times. `host_minor` is the newest minor
 * that the host knows; both sides use the lower one and never refuse the other for being newer. NULL
 * refuses, after report->fail with the reason; only `fail` of `report` may be called. [L-1] */
PATCHBAY_EXPORT const patchbay_connector *patchbay_connector_entry_v1(uint16_t host_minor,
                                                                      const patchbay_out *report);

#ifdef __cplusplus
}
#endif
#endif
