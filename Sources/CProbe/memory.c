/* Blocks that end where an unmapped page begins, and a handler that says what was done to them. */
#define _GNU_SOURCE
#include "probe.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

void probe_say(const char *word, const char *text);

#define PAGE ((size_t)4096)
#define PAGES ((size_t)1 << 18)

enum { UNUSED = 0, LENT, SEALED, RETIRED };

static uint8_t *arena;
static _Atomic uint8_t state[PAGES];
static _Atomic uint8_t structure[PAGES];
static atomic_size_t next_page;
static uint32_t modes, growth;

static const char *misuse(const uint8_t *address, int is_write) {
  size_t page = (size_t)(address - arena) / PAGE;
  switch (state[page]) {
    case RETIRED: return "late";
    case SEALED: case LENT: return is_write ? "write" : "other";
    default: return is_write ? "overwrite" : "overread";
  }
}

static void on_fault(int number, siginfo_t *info, void *context) {
  const uint8_t *address = info->si_addr;
  int is_write = 0;
#if defined(__x86_64__)
  is_write = (((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & 2) != 0;
#else
  (void)context;
#endif
  if (arena != NULL && address >= arena && address < arena + PAGES * PAGE) probe_say("memory", misuse(address, is_write));
  signal(number, SIG_DFL); /* the instruction is repeated, and this time it ends the process */
}

int probe_memory_open(uint32_t wanted, uint32_t added) {
  void *room = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return -1;
  arena = room;
  modes = wanted;
  growth = added;
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  return 0;
}

static size_t rounded(size_t size) { return (size + 7) & ~(size_t)7; }

void *probe_lend(size_t size, int is_structure) {
  size_t extra = is_structure ? growth : 0, total = (is_structure ? rounded(size) : size) + extra;
  size_t pages = (total + PAGE - 1) / PAGE;
  if (pages == 0) pages = 1;
  size_t first = atomic_fetch_add(&next_page, pages + 1);
  if (first + pages + 1 > PAGES) { /* from the start again: what lies there was retired long ago */
    atomic_store(&next_page, pages + 1);
    first = 0;
  }
  uint8_t *base = arena + first * PAGE;
  mprotect(base, pages * PAGE, PROT_READ | PROT_WRITE);
  for (size_t i = 0; i < pages; i++) state[first + i] = LENT;
  state[first + pages] = UNUSED;
  mprotect(base + pages * PAGE, PAGE, PROT_NONE);
  uint8_t *block = base + pages * PAGE - total;
  structure[(size_t)(block - arena) / PAGE] = is_structure != 0;
  if (extra > 0) memset(block + size, 0xA5, total - size);
  return block;
}

static void protect(void *block, size_t size, int protection, uint8_t becomes) {
  size_t first = (size_t)((uint8_t *)block - arena) / PAGE;
  size_t last = first;
  while (last < PAGES && state[last] != UNUSED && (last == first || (last - first) * PAGE < size + growth + PAGE)) last++;
  for (size_t i = first; i < last; i++) state[i] = becomes;
  mprotect(arena + first * PAGE, (last - first) * PAGE, protection);
  if (protection == PROT_NONE) madvise(arena + first * PAGE, (last - first) * PAGE, MADV_DONTNEED);
}

void probe_seal(void *block, size_t size) {
  size_t first = (size_t)((uint8_t *)block - arena) / PAGE;
  if (growth > 0 && structure[first]) *(uint32_t *)block += growth;
  if (modes & PROBE_READ_ONLY) protect(block, size, PROT_READ, SEALED);
}

void probe_retire(void *block, size_t size) {
  if (modes & PROBE_UNMAP) protect(block, size, PROT_NONE, RETIRED);
}
