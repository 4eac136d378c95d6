/* vault/custody/drafts.c - sheets sealed in the vault until their records are saved. */
#include <stdio.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../record/sheet.h"
#include "refs.h"
#include "run.h"

/* ---- sealing ---- */

static enum wb_status
put_row(struct wb_sheet *s, struct wb_vault *v, uint64_t *row, struct wb_error *e)
{
    struct wb_buf plain;
    enum wb_status st;

    *row = wb_store_state(v)->next_draft;
    wb_buf_init(&plain, WB_SHEET_BYTES_MAX);
    wb_sheet_encode(&plain, s, *row);
    if ((st = wb_buf_check(&plain, e)) == WB_OK)
        st = wb_unlogged_put(v, WB_TABLE_DRAFTS, plain.data, plain.size, e);
    wb_buf_wipe(&plain);
    return st;
}

enum wb_status
wb_sheet_seal(struct wb_sheet *s, struct wb_vault *v, struct wb_error *e)
{
    const int64_t before = s->sealed;
    uint64_t row;
    enum wb_status st = wb_store_begin(v, e);

    if (st != WB_OK)
        return st;
    s->sealed = wb_clock_now();
    if ((st = put_row(s, v, &row, e)) == WB_OK && s->row != 0)
        st = wb_unlogged_remove(v, WB_TABLE_DRAFTS, s->row, e);
    if (st == WB_OK)
        st = wb_store_commit(v, e);
    if (st == WB_OK)
        s->row = row;
    else
        s->sealed = before;
    wb_store_rollback(v); /* nothing is left to undo after a commit */
    return wb_within(e, st, "draft");
}

enum wb_status
wb_sheet_remove(struct wb_vault *v, uint64_t number, struct wb_error *e)
{
    enum wb_status st = wb_store_begin(v, e);

    if (st != WB_OK)
        return st;
    if ((st = wb_unlogged_remove(v, WB_TABLE_DRAFTS, number, e)) == WB_OK)
        st = wb_store_commit(v, e);
    wb_store_rollback(v);
    if (st == WB_ERR_NOT_FOUND)
        return wb_fail(e, st, "no draft %llu here; `drafts` lists them",
            (unsigned long long)number);
    return st;
}

/* ---- saving ---- */

/* All are announced first, so that they may refer to each other in any order. */
static enum wb_status
announce_all(const struct wb_sheet *s, struct wb_vault *v, struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < s->count; i++) {
        wb_id_text(text, &s->items[i].id);
        st = wb_refs_announce(
            v, text, strlen(text), &s->items[i].id, s->items[i].draft->kind->name, e);
    }
    return st;
}

enum wb_status
wb_sheet_save(
    struct wb_sheet *s, struct wb_change *c, struct wb_saved *saved, struct wb_error *e)
{
    struct wb_vault *v = wb_change_vault(c);
    enum wb_status st = announce_all(s, v, e);

    for (size_t i = 0; st == WB_OK && i < s->count; i++)
        st = wb_within(e,
            wb_change_add_as(
                c, s->items[i].draft, &s->items[i].id, NULL, 0, &saved[i], e),
            "%s", s->items[i].draft->kind->name);
    if (st == WB_OK && (st = wb_staging_clear(v, e)) == WB_OK && s->row != 0)
        st = wb_unlogged_remove(v, WB_TABLE_DRAFTS, s->row, e);
    return st;
}

/* ---- opening ---- */

enum wb_status
wb_sheet_open(
    struct wb_sheet **s, struct wb_vault *v, uint64_t number, struct wb_error *e)
{
    struct wb_buf plain;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK)
        return st;
    wb_buf_init(&plain, WB_SHEET_BYTES_MAX);
    st = wb_sealed_get(v, WB_TABLE_DRAFTS, number, &plain, e);
    if (st == WB_ERR_NOT_FOUND)
        wb_fail(e, st, "no draft %llu here; `drafts` lists them",
            (unsigned long long)number);
    else if (st == WB_OK)
        st = wb_within(e, wb_sheet_decode(s, plain.data, plain.size, number, e),
            "draft %llu", (unsigned long long)number);
    wb_buf_wipe(&plain);
    return st;
}

/* One draft told; false when no more are wanted. */
static bool
tell_one(const struct wb_sheet *s, uint64_t number, const char *fault,
    bool (*each)(void *cookie, const struct wb_sealed_sheet *sheet), void *cookie)
{
    struct wb_sealed_sheet told = {.number = number, .sheet = s, .fault = fault};

    if (s != NULL) {
        wb_clock_text(told.begun, s->begun);
        wb_clock_text(told.sealed, s->sealed);
    }
    return each(cookie, &told);
}

enum wb_status
wb_sheet_each(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_sealed_sheet *sheet), void *cookie,
    struct wb_error *e)
{
    struct wb_error reason = {0};
    struct wb_buf plain;
    uint64_t row = 0, before;
    bool more = true;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK || (st = wb_store_need_sight(v, e)) != WB_OK)
        return st;
    wb_buf_init(&plain, WB_SHEET_BYTES_MAX);
    while (more) {
        struct wb_sheet *s = NULL;

        before = row;
        st = wb_unlogged_next(v, WB_TABLE_DRAFTS, &row, &plain, &reason);
        if (st == WB_OK)
            st = wb_sheet_decode(&s, plain.data, plain.size, row, &reason);
        if (st == WB_ERR_NOT_FOUND || wb_run_is_fatal(st) || row == before)
            break;
        more = tell_one(s, row, s == NULL ? reason.message : NULL, each, cookie);
        wb_sheet_free(&s);
        st = WB_OK;
    }
    wb_buf_wipe(&plain);
    if (st == WB_OK || st == WB_ERR_NOT_FOUND)
        return WB_OK;
    return wb_fail(e, st, "%s", reason.message);
}

/* ---- held against the state ---- */

static bool
tell_fault(void *cookie, const struct wb_sealed_sheet *sheet)
{
    char where[WB_WHERE_BYTES];

    (void)snprintf(
        where, sizeof where, "draft %llu", (unsigned long long)sheet->number);
    if (sheet->fault != NULL)
        wb_run_tell(cookie, "draft", where, sheet->fault);
    return true;
}

enum wb_status
wb_run_drafts(struct wb_run *run, struct wb_error *e)
{
    struct wb_error reason = {0};
    bool same = true;
    enum wb_status st = wb_unlogged_check(run->v, WB_TABLE_DRAFTS, &same, &reason);

    if (st == WB_OK && !same)
        wb_run_tell(
            run, "count", "drafts", "they are not those that the state has counted");
    if (st == WB_OK && !wb_store_is_blind(run->v))
        st = wb_sheet_each(run->v, tell_fault, run, &reason);
    if (wb_run_is_fatal(st))
        return wb_fail(e, st, "%s", reason.message);
    if (st != WB_OK)
        wb_run_tell(run, "draft", "drafts", reason.message);
    return WB_OK;
}
