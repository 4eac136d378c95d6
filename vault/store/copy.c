/* vault/store/copy.c - all pages of an open vault into another file, consistently. */
#include "../base/fail.h"
#include "../base/interrupt.h"
#include "../base/progress.h"
#include "session.h"
#include "shim.h"

enum { PAGES_AT_ONCE = 1024 };

/* Nobody reads the copy before it is whole and synced: it needs no journal. */
static const char without_journal[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA page_size = 16384; PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;";

/* How it went says sqlite3_backup_finish. */
static enum wb_status
copy_pages(sqlite3_backup *backup, struct wb_error *e)
{
    enum wb_status st = WB_OK;
    int left = 0;

    while (st == WB_OK && sqlite3_backup_step(backup, PAGES_AT_ONCE) == SQLITE_OK) {
        const int before = left;

        left = sqlite3_backup_remaining(backup);
        if (before == 0)
            wb_progress_begin(
                (uint64_t)sqlite3_backup_pagecount(backup) * WB_PAGE_BYTES);
        else
            wb_progress_add((uint64_t)(before - left) * WB_PAGE_BYTES);
        st = wb_interrupt_check(e);
    }
    return st;
}

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
    st = copy_pages(backup, e);
    if (sqlite3_backup_finish(backup) != SQLITE_OK)
        st = wb_schema_fail(db, "copy", e);
out:
    (void)sqlite3_close(db);
    return st;
}
