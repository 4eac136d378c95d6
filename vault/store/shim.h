/* vault/store/shim.h - the thin VFS between SQLite and the files: wipes journals,
 * injects faults. */
#ifndef WB_STORE_SHIM_H
#define WB_STORE_SHIM_H

#include <stdbool.h>
#include <witnessbox/error.h>

#define WB_SHIM_NAME "witnessbox"

/* Once per process, before the first database is opened; safe to repeat. SQLite then
 * allocates through base/mem.h. */
WB_CHECKED enum wb_status wb_shim_start(struct wb_error *e);

/* True once since the last call when a journal, whose transaction is committed, could
 * not be wiped. */
bool wb_shim_take_warning(void);

/* Wipes and removes the journal that a crash left after its transaction was finished.
 * Right after the lock was taken: whatever had to be played back has been. A failure is
 * a warning. Given is its path; it need not be there. */
void wb_shim_wipe_journal(const char *journal);

/* Removes an empty journal. The caller holds the vault's lock: nobody else may be using
 * it. */
void wb_shim_drop_journal(const char *journal);

#endif
