/* vault/query/hits.c - what every question asks of the rows that the index names. */
#include <witnessbox/custody.h>

#include "../base/fail.h"
#include "index.h"

enum wb_status
wb_index_count_damaged(struct wb_index *x, uint64_t *damaged, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = wb_index_prepare(
        x, &s, "SELECT row FROM records INDEXED BY damaged WHERE kind = ''", e);

    if (st != WB_OK)
        return st;
    while ((st = wb_index_step(x, s, e)) == WB_OK) {
        struct wb_record *r = NULL;

        *damaged += wb_is_damage(
            wb_custody_open_row(x->v, &r, (uint64_t)sqlite3_column_int64(s, 0), NULL));
        wb_record_free(&r);
    }
    (void)sqlite3_finalize(s);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

enum wb_status
wb_index_is_newest(
    struct wb_vault *v, const struct wb_record *r, bool *newest, struct wb_error *e)
{
    struct wb_record *shown = NULL;
    uint64_t row;
    enum wb_status st = wb_rows_lookup(v, &row, &r->id, r->ordinal == 0 ? 1 : 0, e);

    *newest = true;
    if (st == WB_ERR_NOT_FOUND)
        return WB_OK;
    if (st == WB_OK && (st = wb_record_load(v, &shown, &r->id, e)) == WB_OK)
        *newest = shown->row == r->row;
    wb_record_free(&shown);
    return st;
}
