/* vault/store/inner.h - the inner database: SQLite over the sealed pages of a vault. */
#ifndef WB_STORE_INNER_H
#define WB_STORE_INNER_H

#include <sqlite3.h>

#include "store.h"

struct wb_inner;

/* Opens it as the pages are now; without any it is empty. With WB_INNER_MEMORY what is
 * changed stays in memory, and nothing is asked of the vault but reading. Else it is
 * written into the rows of the vault's transaction: outside of one every write is
 * refused, and after a rollback it must be closed (what it has in memory is not what
 * the rows say). With WB_INNER_EMPTY, in memory,
 * the pages that are there do not count. No journal, lock or temporary file of it ever
 * reaches the disk. */
enum wb_inner_flags { WB_INNER_MEMORY = 1, WB_INNER_EMPTY = 2 };
WB_CHECKED enum wb_status wb_inner_open(
    struct wb_inner **i, struct wb_vault *v, int flags, struct wb_error *e);

/* Before the vault is closed, when all statements are finalized. NULL is fine. */
void wb_inner_close(struct wb_inner **i);

sqlite3 *wb_inner_db(struct wb_inner *i);

/* The status and words for what its database last answered. WB_ERR_INTEGRITY: its pages
 * are damaged, or not a database. */
enum wb_status wb_inner_fail(struct wb_inner *i, struct wb_error *e);

#endif
