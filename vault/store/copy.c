/* vault/store/copy.c - all pages of an open vault into another file, consistently. */
#include "../base/fail.h"
#include "session.h"
#include "shim.h"

/* Nobody reads the copy before it is whole and synced: it needs no journal. */
static const char without_journal[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA page_size = 16384; PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;";

enum wb_status
wb_store_copy(struct wb_vault *v, const char *path, struct wb_error *e)
{
    sqlite3_backup *backup = NULL;
    sqlite3 *db = NULL;
    enum wb_status st;

    if (v->in_transaction)
        return wb_fail(e, WB_ERR_INTERNAL, "copy: a change is under way");
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE,
            WB_SHIM_NAME) != SQLITE_OK) {
        st = db == NULL ? wb_fail_memory(e) : wb_schema_fail(db, "copy", e);
        goto out;
    }
    if ((st = wb_schema_run(db, without_journal, e)) != WB_OK)
        goto out;
    backup = sqlite3_backup_init(db, "main", v->db, "main");
    if (backup == NULL) {
        st = wb_schema_fail(db, "copy", e);
        goto out;
    }
    (void)sqlite3_backup_step(backup, -1); /* finish says how it went */
    if (sqlite3_backup_finish(backup) != SQLITE_OK)
        st = wb_schema_fail(db, "copy", e);
out:
    (void)sqlite3_close(db);
    return st;
}
