/* vault/store/pages.c - the pages of the search index as sealed rows. */
#include <string.h>

#include "../base/fail.h"
#include "session.h"

enum wb_status
wb_pages_last(struct wb_vault *v, uint64_t *last, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_PAGE_LAST, e)) != WB_OK)
        return st;
    if ((st = wb_session_row(v, s, "index pages", e)) == WB_OK)
        *last = (uint64_t)sqlite3_column_int64(s, 0);
    (void)sqlite3_reset(s);
    return st;
}

/* All of them, also where some are damaged. */
static enum wb_status
clear(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = wb_session_statement(v, &s, WB_SQL_PAGES_CLEAR, e);

    if (st != WB_OK || (st = wb_session_run(v, s, "index pages", e)) != WB_OK)
        return st;
    v->state.pages = (struct wb_row_set){0};
    v->state.index_tree = 0;
    v->state.index_leaf = 0;
    return WB_OK;
}

enum wb_status
wb_pages_cut(struct wb_vault *v, uint64_t last, struct wb_error *e)
{
    uint64_t page = last;
    enum wb_status st;

    if (last == 0)
        return clear(v, e);
    while ((st = wb_session_step(v, &page, WB_SQL_PAGE_NEXT, e)) == WB_OK)
        if ((st = wb_unlogged_remove(v, WB_TABLE_PAGES, page, e)) != WB_OK)
            return st;
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

struct wb_derived *
wb_store_derived(struct wb_vault *v)
{
    return v->derived;
}

void
wb_store_set_derived(struct wb_vault *v, struct wb_derived *d)
{
    v->derived = d;
}

enum wb_status
wb_store_forget(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    return v->derived != NULL ? v->derived->forget(v->derived, id, e)
                              : wb_pages_cut(v, 0, e);
}
