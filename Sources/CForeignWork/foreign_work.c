#include "foreign_work.h"

#include <stdatomic.h>
#include <stddef.h>

#define SWIFT_CC __attribute__((swiftcall))

typedef SWIFT_CC void (*enqueue_original)(void *job);
typedef SWIFT_CC void (*enqueue_hook)(void *job, enqueue_original original);
typedef SWIFT_CC void (*delay_original)(unsigned long long delay, void *job);
typedef SWIFT_CC void (*delay_hook)(unsigned long long delay, void *job, delay_original original);
typedef SWIFT_CC void (*deadline_original)(long long sec, long long nsec, long long tsec, long long tnsec,
                                           int clock, void *job);
typedef SWIFT_CC void (*deadline_hook)(long long sec, long long nsec, long long tsec, long long tnsec, int clock,
                                       void *job, deadline_original original);

extern enqueue_hook swift_task_enqueueGlobal_hook;
extern delay_hook swift_task_enqueueGlobalWithDelay_hook;
extern deadline_hook swift_task_enqueueGlobalWithDeadline_hook;

static _Thread_local uint32_t inside_turn;
static _Thread_local uint32_t noticed;

static SWIFT_CC void notice_task(void *job, enqueue_original original) {
  if (inside_turn) noticed |= FOREIGN_WORK_TASK;
  original(job);
}

static SWIFT_CC void notice_delay(unsigned long long delay, void *job, delay_original original) {
  if (inside_turn) noticed |= FOREIGN_WORK_SLEEP;
  original(delay, job);
}

static SWIFT_CC void notice_deadline(long long sec, long long nsec, long long tsec, long long tnsec, int clock,
                                     void *job, deadline_original original) {
  if (inside_turn) noticed |= FOREIGN_WORK_SLEEP;
  original(sec, nsec, tsec, tnsec, clock, job);
}

void foreign_work_install(void) {
  static atomic_flag installed = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&installed)) return;
  if (swift_task_enqueueGlobal_hook == NULL) swift_task_enqueueGlobal_hook = notice_task;
  if (swift_task_enqueueGlobalWithDelay_hook == NULL) swift_task_enqueueGlobalWithDelay_hook = notice_delay;
  if (swift_task_enqueueGlobalWithDeadline_hook == NULL) swift_task_enqueueGlobalWithDeadline_hook = notice_deadline;
}

void foreign_work_enter(void) {
  inside_turn = 1;
  noticed = FOREIGN_WORK_NONE;
}

uint32_t foreign_work_leave(void) {
  inside_turn = 0;
  return noticed;
}
