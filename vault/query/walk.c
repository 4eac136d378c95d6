/* vault/query/walk.c - every record once, from the rows themselves. */
#include "walk.h"

#include <stdio.h>

#include <witnessbox/custody.h>

#include "../base/fail.h"
#include "../base/progress.h"
#include "../store/store.h"

static void
tell_damage(const struct wb_walk *w, const struct wb_id *id, uint64_t row,
    const struct wb_error *why)
{
    char where[WB_ID_TEXT_BYTES + 8];

    if (w->damaged == NULL)
        return;
    if (id != NULL)
        wb_id_text(where, id);
    else
        (void)snprintf(where, sizeof where, "row %llu", (unsigned long long)row);
    w->damaged(w->cookie, where, why->message);
}

/* The record whose first revision lies in `row`; nothing for later revisions. */
static enum wb_status
visit(struct wb_vault *v, const struct wb_walk *w, uint64_t row, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_wrap wrap = {0};
    struct wb_error own = {0};
    enum wb_status st = wb_rows_wrap(v, &wrap, row, &own);
    bool opened = st == WB_OK;

    if (opened && wrap.ordinal > 0)
        return WB_OK;
    if (opened)
        st = wb_record_load(v, &r, &wrap.id, &own);
    if (wb_is_damage(st)) {
        tell_damage(w, opened ? &wrap.id : NULL, row, &own);
        return WB_OK;
    }
    if (st == WB_OK)
        st = w->record(w->cookie, r, e);
    else if (e != NULL)
        *e = own;
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_walk(struct wb_vault *v, const struct wb_walk *w, struct wb_error *e)
{
    uint64_t row = 0;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st == WB_OK)
        wb_progress_begin_of(wb_store_state(v)->rows, WB_SAID("revisions read"));
    while (st == WB_OK && (st = wb_rows_next(v, &row, e)) == WB_OK) {
        st = visit(v, w, row, e);
        wb_progress_add(1);
    }
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
