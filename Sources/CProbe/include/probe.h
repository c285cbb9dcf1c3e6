/*
 * probe.h: what the conformance runner needs of the system and Swift's Glibc module does not offer.
 *
 * Three parts, all for a child process that runs one case and ends: confinement, memory that notices misuse, and a
 * bare host that calls a connector's table directly. Lines that a signal handler writes to the report start with '!'.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stddef.h>
#include <stdint.h>

/* ---- Confinement ---- */

enum {
  PROBE_NO_NEW_PRIVILEGES = 1,
  PROBE_NO_NETWORK = 2,   /* an empty network namespace */
  PROBE_SYSCALL_TRAP = 4, /* fork, exec, sockets and their like end the process and name themselves */
  PROBE_LIMITS = 8
};

/* Confines this process for good and dies with its parent. Returns what could be had of PROBE_*. Threads that
 * are there already are not trapped, so call it before the library has a chance to start one. */
uint32_t probe_confine(int report, uint32_t cpu_seconds, uint64_t data_bytes);

/* Lets this thread's own faults reach the handlers that name them: a blocked fault kills without a word. */
void probe_watch_thread(void);

/* Traps on this thread whatever a connector has no business with during a turn: files, threads, sleeping, signals.
 * Returns 0, or an errno. */
int probe_confine_thread(void);

/* Bytes that this process has allocated and not freed. */
uint64_t probe_allocated_bytes(void);

/* From now on every large allocation is pages that nobody has written to yet. */
void probe_fresh_memory(void);
/* Bytes of pages that this thread was the first to write to, ever. */
uint64_t probe_touched_bytes(void);

/* posix_spawn_file_actions_addclosefrom_np of the posix_spawn_file_actions_t at `actions`. */
int probe_close_from(void *actions, int first);

/* Sends a signal to a process group that `child` leads; negative when there is none left. */
int probe_kill_group(int child, int signal);

/* ---- Memory that notices misuse ---- */

enum {
  PROBE_FLUSH = 1,     /* a block ends where an unmapped page begins: reading on is a fault */
  PROBE_READ_ONLY = 2, /* sealed blocks cannot be written */
  PROBE_UNMAP = 4      /* retired blocks are gone */
};

/* Reserves the addresses and starts to watch them. `growth` is added to every structure: bytes of a later minor. */
int probe_memory_open(uint32_t modes, uint32_t growth);
void *probe_lend(size_t size, int is_structure);
void probe_seal(void *block, size_t size);
void probe_retire(void *block, size_t size);

/* ---- A bare host ---- */

typedef struct probe_answer {
  int32_t status;      /* what the call returned */
  int32_t code;        /* of `fail` */
  uint32_t completes, fails, others;
  size_t pointer_length; /* of `fail`'s pointer into the input */
  const uint8_t *bytes; /* what `complete` or `fail`'s message said; valid until the next call */
  size_t length;
} probe_answer;

/* The facts of a table, read without believing it. */
typedef struct probe_table {
  uint32_t struct_size;
  uint16_t major, minor;
  uint64_t flags;
  uint32_t null_slots; /* bit n: the n-th function is NULL */
  int is_aligned, is_writable;
} probe_table;

void *probe_library(const char *path, const char **error);
void *probe_symbol(void *library, const char *name);
const void *probe_entry(void *entry, uint16_t host_minor, probe_answer *answer);
void probe_read_table(const void *table, probe_table *facts);
/* A number that changes when the table's bytes change. */
uint64_t probe_table_digest(const void *table);
void probe_describe(const void *table, probe_answer *answer);
void *probe_create(const void *table, const char *config, size_t length, probe_answer *answer);
void probe_destroy(const void *table, void *instance);
const void *probe_extension(const void *table, const char *id, size_t length);
/* The extensions that instances asked the host for, a line each. */
const char *probe_asked_extensions(void);

/* ---- A library's own allocations ---- */

/* Sends the calls of malloc, calloc and realloc that the library makes whose path ends with `path` through this runner.
 * Returns how many of its references were found; 0 when it makes none itself. */
int probe_watch_allocations(const char *path);
/* The `number`-th allocation from now on fails, and all after it; 0: none. */
void probe_fail_allocation(uint64_t number);
/* New memory is filled with this byte; -1: left as it comes. */
void probe_fill_allocations(int byte);
/* Allocations since the last call of probe_fail_allocation. */
uint64_t probe_allocations(void);

/* ---- Bytes ---- */

/* Where `wanted` begins in `bytes`, looked for from `from` on; `length` when it is not there. Calls memmem. */
size_t probe_find(const void *bytes, size_t length, const void *wanted, size_t wanted_length, size_t from);

/* ---- A thread's stack ---- */

/* Runs `body` on a thread with a fresh stack of `bytes`; returns how many of them it touched, 0 when that failed. */
size_t probe_stack_use(size_t bytes, void (*body)(void *), void *context);

#endif
