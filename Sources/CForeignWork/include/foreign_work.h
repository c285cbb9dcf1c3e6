/* Notices Swift tasks that leave the operation they belong to: `Task {}`, `Task.detached` and `Task.sleep`
 * inside a turn go to the runtime's global executor, whose enqueue hooks are public symbols of the
 * concurrency runtime. [swift/Runtime/Concurrency.h: swift_task_enqueueGlobal_hook] */
#ifndef PATCHBAY_FOREIGN_WORK_H
#define PATCHBAY_FOREIGN_WORK_H

#include <stdint.h>

enum { FOREIGN_WORK_NONE = 0, FOREIGN_WORK_TASK = 1, FOREIGN_WORK_SLEEP = 2 };

/* Installs the hooks unless somebody already has. [any thread] */
void foreign_work_install(void);

/* Marks the calling thread as inside a turn and clears what was noticed. */
void foreign_work_enter(void);

/* Ends the mark; returns the bits FOREIGN_WORK_* noticed on this thread since enter. */
uint32_t foreign_work_leave(void);

#endif
