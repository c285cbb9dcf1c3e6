/* Tells ThreadSanitizer of contended Swift mutexes. Preloaded by scripts/sanitize; no part of the program.
 *
 * Synchronization.Mutex is inlined, and so seen, as long as nobody waits. Its slow paths are in
 * libswiftSynchronization.so, which is built without the sanitizer: every hand-over there would be reported as a race.
 * To be deleted when that library tells it itself; the sound part of faults.swift says whether it does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

/* Weak: children of the tests that are built without the sanitizer get this library too. */
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static void acquire(void *mutex) {
  if (__tsan_acquire) __tsan_acquire(mutex);
}

/* The next definition of a function: Swift's own. */
#define ORIGINAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

/* _MutexHandle._lockSlow(_: UInt32) */
SWIFT void $s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF(uint32_t thread, SELF) {
  ORIGINAL($s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF)(thread, mutex);
  acquire(mutex);
}

/* _MutexHandle._tryLockSlow() -> Bool */
SWIFT bool $s15Synchronization12_MutexHandleV12_tryLockSlowSbyF(SELF) {
  bool locked = ORIGINAL($s15Synchronization12_MutexHandleV12_tryLockSlowSbyF)(mutex);
  if (locked) acquire(mutex);
  return locked;
}

/* _MutexHandle._unlockSlow() */
SWIFT void $s15Synchronization12_MutexHandleV11_unlockSlowyyF(SELF) {
  if (__tsan_release) __tsan_release(mutex);
  ORIGINAL($s15Synchronization12_MutexHandleV11_unlockSlowyyF)(mutex);
}
