/* Notices Swift tasks that leave the operation they belong to: `Task {}`, `Task.detached` and calls of the main
 * actor go to the runtime's global executor, whose enqueue hook is a public symbol of the concurrency runtime.
 * [swift/Runtime/Concurrency.h: swift_task_enqueueGlobal_hook] Task.sleep does not pass there: it shows as an
 * operation that waits for no effect. */
#ifndef PATCHBAY_FOREIGN_WORK_H
#define PATCHBAY_FOREIGN_WORK_H

#include <stdint.h>

/* Installs the hook unless somebody already has. [any thread] */
void foreign_work_install(void);

/* Marks the calling thread as inside a turn and clears what was noticed. */
void foreign_work_enter(void);

/* Ends the mark; returns how many foreign tasks this thread has started since enter. */
uint32_t foreign_work_leave(void);

#endif
