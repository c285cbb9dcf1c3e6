/* Allocations of one library, made to fail or filled: its own references are redirected, nobody else's. */
#define _GNU_SOURCE
#include "probe.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_ullong count, failing;
static atomic_int fill = -1;

static int fails(void) {
  uint64_t number = atomic_fetch_add(&count, 1) + 1, first = atomic_load(&failing);
  if (first == 0 || number < first) return 0;
  errno = ENOMEM;
  return 1;
}

static void *filled(void *block, size_t size) {
  int byte = atomic_load(&fill);
  if (block != NULL && byte >= 0) memset(block, byte, size);
  return block;
}

static void *watched_malloc(size_t size) { return fails() ? NULL : filled(malloc(size), size); }
static void *watched_calloc(size_t n, size_t size) { return fails() ? NULL : calloc(n, size); }
static void *watched_realloc(void *block, size_t size) {
  if (fails()) return NULL;
  return block == NULL ? filled(malloc(size), size) : realloc(block, size);
}

static void *replacement(const char *name) {
  if (strcmp(name, "malloc") == 0) return (void *)watched_malloc;
  if (strcmp(name, "calloc") == 0) return (void *)watched_calloc;
  if (strcmp(name, "realloc") == 0) return (void *)watched_realloc;
  return NULL;
}

struct search { const char *path; int found; };

static int redirect(ElfW(Addr) base, const ElfW(Rela) *table, size_t bytes, const ElfW(Sym) *symbols, const char *names) {
  int found = 0;
  for (size_t i = 0; i < bytes / sizeof *table; i++) {
    void *function = replacement(names + symbols[ELF64_R_SYM(table[i].r_info)].st_name);
    if (function == NULL || ELF64_R_SYM(table[i].r_info) == 0) continue;
    void **slot = (void **)(base + table[i].r_offset);
    uintptr_t page = (uintptr_t)slot & ~(uintptr_t)(sysconf(_SC_PAGESIZE) - 1);
    if (mprotect((void *)page, (uintptr_t)(slot + 1) - page, PROT_READ | PROT_WRITE) != 0) continue;
    *slot = function;
    found++;
  }
  return found;
}

static int visit(struct dl_phdr_info *info, size_t size, void *context) {
  struct search *search = context;
  (void)size;
  size_t length = info->dlpi_name == NULL ? 0 : strlen(info->dlpi_name), wanted = strlen(search->path);
  if (length < wanted || strcmp(info->dlpi_name + length - wanted, search->path) != 0) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const ElfW(Rela) *plt = NULL, *data = NULL;
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    size_t plt_bytes = 0, data_bytes = 0;
    /* The loader has turned these into addresses. */
    for (const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
         entry->d_tag != DT_NULL; entry++) {
      switch (entry->d_tag) {
        case DT_JMPREL: plt = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
        case DT_PLTRELSZ: plt_bytes = entry->d_un.d_val; break;
        case DT_RELA: data = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
        case DT_RELASZ: data_bytes = entry->d_un.d_val; break;
        case DT_SYMTAB: symbols = (const ElfW(Sym) *)entry->d_un.d_ptr; break;
        case DT_STRTAB: names = (const char *)entry->d_un.d_ptr; break;
        default: break;
      }
    }
    if (symbols == NULL || names == NULL) return 1;
    if (plt != NULL) search->found += redirect(info->dlpi_addr, plt, plt_bytes, symbols, names);
    if (data != NULL) search->found += redirect(info->dlpi_addr, data, data_bytes, symbols, names);
    return 1;
  }
  return 0;
}

int probe_watch_allocations(const char *path) {
  struct search search = {path, 0};
  dl_iterate_phdr(visit, &search);
  return search.found;
}

void probe_fail_allocation(uint64_t number) {
  atomic_store(&count, 0);
  atomic_store(&failing, number);
}

void probe_fill_allocations(int byte) { atomic_store(&fill, byte); }

uint64_t probe_allocations(void) { return atomic_load(&count); }

size_t probe_find(const void *bytes, size_t length, const void *wanted, size_t wanted_length, size_t from) {
  if (from >= length) return length;
  const uint8_t *hit = memmem((const uint8_t *)bytes + from, length - from, wanted, wanted_length);
  return hit == NULL ? length : (size_t)(hit - (const uint8_t *)bytes);
}

#define PAINT 0xC7

struct painted { void (*body)(void *); void *context; };

static void *on_painted(void *pointer) {
  struct painted *painted = pointer;
  probe_watch_thread();
  painted->body(painted->context);
  return NULL;
}

size_t probe_stack_use(size_t bytes, void (*body)(void *), void *context) {
  uint8_t *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return 0;
  memset(stack, PAINT, bytes);
  struct painted painted = {body, context};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, bytes);
  size_t used = 0;
  if (pthread_create(&thread, &attributes, on_painted, &painted) == 0) {
    pthread_join(thread, NULL);
    size_t untouched = 0;
    while (untouched < bytes && stack[untouched] == PAINT) untouched++;
    used = bytes - untouched;
  }
  pthread_attr_destroy(&attributes);
  munmap(stack, bytes);
  return used;
}
