/* vault/store/transaction.c - one change: begun, committed with its state, or undone.
 */
#include "../base/fail.h"
#include "session.h"
#include "shim.h"

enum wb_status
wb_store_begin(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_stmt *undo;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (v->in_transaction)
        return wb_fail(e, WB_ERR_INTERNAL, "a change is under way already");
    if (v->read_only)
        return wb_fail(
            e, WB_ERR_IO, "%s: opened read-only, nothing can be changed", v->path);
    /* what undoes it is made before it is needed: memory may be what is lacking */
    if ((st = wb_session_statement(v, &undo, WB_SQL_ROLLBACK, e)) != WB_OK ||
        (st = wb_schema_run(v->db, "BEGIN IMMEDIATE", e)) != WB_OK)
        return st;
    v->saved = v->state;
    v->saved_header = v->header;
    v->in_transaction = true;
    return WB_OK;
}

bool
wb_store_may_index(const struct wb_vault *v)
{
    return !v->in_transaction && !v->read_only && !v->header.field_vault;
}

static enum wb_status
put_blob(struct wb_vault *v, enum wb_sql which, const void *bytes, size_t size,
    const char *what, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, which, e)) != WB_OK)
        return st;
    if (sqlite3_bind_blob64(s, 1, bytes, size, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(v, s, what, e);
}

static enum wb_status
write_state(struct wb_vault *v, struct wb_error *e)
{
    struct wb_secret *plain = NULL;
    uint8_t *box;
    size_t size;
    enum wb_status st;

    if (v->header_changed) {
        wb_header_seal(&v->header, v->state.generation + 1, v->header_key);
        v->state.generation = v->header.generation;
        wb_blake2b_256(v->state.header_hash, v->header.bytes, WB_HEADER_BYTES);
        if ((st = put_blob(v, WB_SQL_HEADER_PUT, v->header.bytes, WB_HEADER_BYTES,
                 "header", e)) != WB_OK)
            return st;
    }
    if ((st = wb_state_encode(&plain, &v->state, e)) != WB_OK)
        return st;
    size = wb_secret_size(plain);
    wb_buf_clear(&v->row);
    box = wb_buf_extend(&v->row, size + WB_BOX_EXTRA_BYTES);
    if (box == NULL)
        st = wb_buf_check(&v->row, e);
    else {
        wb_box_seal(box, wb_secret_bytes(plain), size, v->state_key);
        st = put_blob(v, WB_SQL_STATE_PUT, box, size + WB_BOX_EXTRA_BYTES, "state", e);
    }
    wb_secret_free(&plain);
    return st;
}

/* Whoever burns a vault waits for nobody: what is in our memory must not bring the
 * header page back. A page of SQLite's never begins with zero; a new file may be
 * shorter. */
static enum wb_status
check_not_burnt(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_file *file = NULL;
    char first = 0;
    int rc;

    if (sqlite3_file_control(v->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) !=
        SQLITE_OK)
        return wb_fail(e, WB_ERR_INTERNAL, "vault file: SQLite has none");
    rc = file->pMethods->xRead(file, &first, 1, WB_PAGE_BYTES);
    if (rc == SQLITE_IOERR_SHORT_READ || (rc == SQLITE_OK && first != 0))
        return WB_OK;
    if (rc != SQLITE_OK)
        return wb_fail(e, WB_ERR_IO, "%s: the header page cannot be read", v->path);
    return wb_fail(e, WB_ERR_FORMAT,
        "%s: burnt while it was open, nothing is written to it any more", v->path);
}

enum wb_status
wb_store_commit(struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st;

    if ((st = check_not_burnt(v, e)) != WB_OK || (st = write_state(v, e)) != WB_OK) {
        wb_store_rollback(v);
        return st;
    }
    if ((st = wb_schema_run(v->db, "COMMIT", e)) != WB_OK) {
        /* a commit that failed late may be on the disk all the same: look, never guess
         */
        wb_store_rollback(v);
        wb_session_reload(v);
        return st;
    }
    v->in_transaction = false;
    v->header_changed = false;
    wb_rekey_settle(v);
    if (wb_shim_take_warning())
        v->warning =
            "the rollback journal could not be wiped after the change was saved: "
            "old sealed pages may remain in it";
    return WB_OK;
}

void
wb_store_rollback(struct wb_vault *v)
{
    if (!v->in_transaction)
        return;
    for (int i = 0; i < WB_SQL_END; i++)
        (void)sqlite3_reset(v->statements[i]);
    if (sqlite3_get_autocommit(v->db) == 0) {
        (void)sqlite3_step(v->statements[WB_SQL_ROLLBACK]);
        (void)sqlite3_reset(v->statements[WB_SQL_ROLLBACK]);
    }
    wb_rekey_undo(v);
    v->state = v->saved;
    v->header = v->saved_header;
    v->in_transaction = false;
    v->header_changed = false;
    if (v->derived != NULL)
        v->derived->undone(v->derived);
}
