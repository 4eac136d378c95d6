/* vault/query/list.c - records by kind, reference and date, newest first. */
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../custody/change.h"
#include "../formats/edtf.h"

/* The bounds of a filter as days. */
struct bounds {
    int64_t since, until;
};

static enum wb_status
read_bounds(struct bounds *b, const struct wb_list_filter *f, struct wb_error *e)
{
    struct wb_edtf d;
    enum wb_status st;

    *b = (struct bounds){INT64_MIN, INT64_MAX};
    if (f->since != NULL) {
        if ((st = wb_edtf_range(&d, f->since, strlen(f->since), e)) != WB_OK)
            return wb_within(e, st, "since");
        b->since = d.earliest;
    }
    if (f->until != NULL) {
        if ((st = wb_edtf_range(&d, f->until, strlen(f->until), e)) != WB_OK)
            return wb_within(e, st, "until");
        b->until = d.latest;
    }
    return WB_OK;
}

/* May the record's date lie within the bounds? A record without a date only without
 * bounds. */
static bool
is_within(const struct wb_record *r, const struct bounds *b)
{
    const char *text = wb_record_text(r, "date");
    const char *end = wb_record_text(r, "date-end");
    struct wb_edtf d, last;

    if (b->since == INT64_MIN && b->until == INT64_MAX)
        return true;
    if (text[0] == '\0' || wb_edtf_range(&d, text, strlen(text), NULL) != WB_OK)
        return false;
    if (end[0] != '\0' && wb_edtf_range(&last, end, strlen(end), NULL) == WB_OK &&
        last.latest > d.latest)
        d.latest = last.latest;
    return d.latest >= b->since && d.earliest <= b->until;
}

static bool
refers_to(const struct wb_record *r, const struct wb_id *id)
{
    char text[WB_ID_TEXT_BYTES];

    if (id == NULL)
        return true;
    wb_id_text(text, id);
    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p =
            f->kind == WB_REF ? wb_record_place(r, f->number) : NULL;

        for (size_t n = 0; p != NULL && n < p->count; n++)
            if (strcmp(p->values[n].text, text) == 0)
                return true;
    }
    return false;
}

static bool
is_wanted(
    const struct wb_record *r, const struct wb_list_filter *f, const struct bounds *b)
{
    if (f->kind != NULL)
        return strcmp(f->kind, r->kind) == 0 && refers_to(r, f->refers_to) &&
            is_within(r, b);
    return (r->table == NULL || (r->table->flags & WB_BY_HAND) != 0) &&
        refers_to(r, f->refers_to) && is_within(r, b);
}

/* Whether a row holds what wb_record_load would show of its id: with one revision
 * stored, which is the rule, the wrap alone says so. */
static enum wb_status
is_newest(
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

enum wb_status
wb_list(struct wb_vault *v, const struct wb_list_filter *filter,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    uint64_t *damaged, struct wb_error *e)
{
    struct bounds bounds;
    uint64_t row = UINT64_MAX, shown = 0;
    bool more = true;
    enum wb_status st;

    *damaged = 0;
    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = read_bounds(&bounds, filter, e)) != WB_OK)
        return st;
    if (filter->kind != NULL && wb_kind_find(filter->kind) == NULL)
        return wb_fail(e, WB_ERR_USAGE, "%s: no such kind, see `kinds`", filter->kind);
    while (more && (st = wb_rows_before(v, &row, e)) == WB_OK) {
        struct wb_record *r = NULL;
        bool newest = false;

        if ((st = wb_custody_open_row(v, &r, row, e)) == WB_OK &&
            is_wanted(r, filter, &bounds))
            st = is_newest(v, r, &newest, e);
        if (newest && st == WB_OK) {
            more = each(cookie, r);
            shown++;
        }
        wb_record_free(&r);
        if (st == WB_ERR_INTEGRITY || st == WB_ERR_FORMAT || st == WB_ERR_TOO_NEW) {
            ++*damaged; /* one damaged record never blocks the others */
            st = WB_OK;
        }
        if (st != WB_OK)
            return st;
        more = more && (filter->limit == 0 || shown < filter->limit);
    }
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
