#include "foreign_work.h"

#include <stdatomic.h>
#include <stddef.h>

#define SWIFT_CC __attribute__((swiftcall))

typedef SWIFT_CC void (*enqueue_original)(void *job);
typedef SWIFT_CC void (*enqueue_hook)(void *job, enqueue_original original);

extern enqueue_hook swift_task_enqueueGlobal_hook;

static _Thread_local uint32_t inside_turn;
static _Thread_local uint32_t noticed;

static SWIFT_CC void notice(void *job, enqueue_original original) {
  if (inside_turn) noticed += 1;
  original(job);
}

void foreign_work_install(void) {
  static atomic_flag installed = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&installed)) return;
  if (swift_task_enqueueGlobal_hook == NULL) swift_task_enqueueGlobal_hook = notice;
}

void foreign_work_enter(void) {
  inside_turn = 1;
  noticed = 0;
}

uint32_t foreign_work_leave(void) {
  inside_turn = 0;
  return noticed;
}
