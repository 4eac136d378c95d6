/* vault/query/forget.c - a record taken out of the index before its keys are destroyed.
 */
#include <limits.h>
#include <string.h>

#include "../base/fail.h"
#include "index.h"

enum { ROWS_BYTES_MAX = 1 << 26 };

/* The rows that may be of this id. */
static enum wb_status
find_rows(
    struct wb_index *x, struct wb_buf *rows, const struct wb_id *id, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st =
        wb_index_prepare(x, &s, "SELECT row, kind FROM records WHERE id = ?1", e);

    if (st != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, wb_index_id(id));
    while ((st = wb_index_step(x, s, e)) == WB_OK) {
        const uint64_t row = (uint64_t)sqlite3_column_int64(s, 0);

        if (sqlite3_column_bytes(s, 1) > 0) /* of a damaged one no word is in */
            wb_buf_add(rows, &row, sizeof row);
    }
    (void)sqlite3_finalize(s);
    return st == WB_ERR_NOT_FOUND ? wb_buf_check(rows, e) : st;
}

static enum wb_status
remove_rows(struct wb_index *x, const struct wb_buf *rows, const struct wb_id *id,
    struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t at = 0; at < rows->size && st == WB_OK; at += sizeof(uint64_t)) {
        struct wb_record *r = NULL;
        uint64_t row;

        memcpy(&row, rows->data + at, sizeof row);
        st = wb_custody_open_row(x->v, &r, row, e);
        if (st == WB_OK && wb_id_equal(&r->id, id))
            st = wb_index_remove(x, r, e);
        wb_record_free(&r);
    }
    return st;
}

/* A word that was deleted stays in old segments until they are merged with the one that
 * says so: into a single one. */
static enum wb_status
take_out(struct wb_index *x, const struct wb_id *id, struct wb_error *e)
{
    struct wb_buf rows;
    bool more = false;
    enum wb_status st;

    wb_buf_init(&rows, ROWS_BYTES_MAX);
    if ((st = find_rows(x, &rows, id, e)) == WB_OK && rows.size > 0 &&
        (st = wb_index_exec(x, "BEGIN", e)) == WB_OK &&
        (st = remove_rows(x, &rows, id, e)) == WB_OK &&
        (st = wb_index_exec(x, "COMMIT", e)) == WB_OK)
        st = wb_index_merge(x, UINT_MAX, &more, e);
    wb_buf_wipe(&rows);
    return st;
}

enum wb_status
wb_index_forget(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_index x = {.v = v};
    uint64_t last = 0;
    enum wb_status st;

    if (id == NULL)
        return wb_pages_cut(v, 0, e);
    if ((st = wb_pages_last(v, &last, e)) != WB_OK || last == 0)
        return st;
    if ((st = wb_index_open_inner(&x, 0, e)) == WB_OK)
        st = take_out(&x, id, e);
    wb_index_close_inner(&x);
    if (st == WB_OK || st == WB_ERR_IO || st == WB_ERR_MEMORY)
        return st;
    return wb_pages_cut(v, 0, e); /* broken, or a record that does not open */
}
