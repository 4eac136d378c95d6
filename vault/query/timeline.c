/* vault/query/timeline.c - the log of a record and the custody of the thing, in one
 * order. */
#include <stdlib.h>
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../custody/tree.h"
#include "../formats/edtf.h"

enum { DAY_SECONDS = 86400 };
#define LINE_BYTES_MAX ((size_t)1 << 32)

/* One event: a log entry by its place in the log, or a custody record by its row. */
struct item {
    int64_t seconds;
    uint64_t order; /* among equals: as found */
    uint64_t log_row;
    uint32_t tree;
    uint64_t row; /* of a custody record, else 0 */
    uint64_t days_later;
};

struct line {
    struct wb_vault *v;
    const struct wb_id *id;
    struct wb_buf items;
    struct wb_error *e;
    enum wb_status st;
};

static void
add(struct line *l, struct item *item)
{
    item->order = l->items.size / sizeof *item;
    wb_buf_add(&l->items, item, sizeof *item);
}

/* ---- gathering ---- */

static enum wb_status
gather_tree(struct line *l, uint32_t number, struct wb_error *e)
{
    struct wb_tree t;
    enum wb_status st = wb_tree_find(l->v, &t, number, e);

    for (uint64_t leaf = 0; st == WB_OK && leaf < t.size; leaf++) {
        struct wb_entry entry = {0};
        struct item item = {.log_row = t.first + leaf, .tree = number};

        if ((st = wb_log_read(l->v, &entry, item.log_row, e)) == WB_OK &&
            entry.record_row != 0 && wb_id_equal(&entry.id, l->id)) {
            item.seconds = (int64_t)entry.seconds;
            add(l, &item);
        }
        wb_entry_wipe(&entry);
    }
    return st;
}

/* When a record was written down. */
static enum wb_status
find_saved(struct line *l, const struct wb_record *r, int64_t *seconds)
{
    struct wb_entry entry = {0};
    struct wb_tree t;
    enum wb_status st = wb_tree_find(l->v, &t, r->tree, l->e);

    if (st == WB_OK)
        st = wb_log_read(l->v, &entry, t.first + r->leaf, l->e);
    *seconds = (int64_t)entry.seconds;
    wb_entry_wipe(&entry);
    return st;
}

static bool
gather_custody(void *cookie, const struct wb_record *r)
{
    struct line *l = cookie;
    const char *when = wb_record_text(r, "when");
    struct item item = {.row = r->row};
    struct wb_edtf d;
    int64_t saved_day;

    if ((l->st = find_saved(l, r, &item.seconds)) != WB_OK)
        return false;
    saved_day = item.seconds / DAY_SECONDS;
    if (when[0] != '\0' && wb_edtf_range(&d, when, strlen(when), NULL) == WB_OK) {
        if (d.latest != INT64_MIN && d.latest < saved_day)
            item.days_later = (uint64_t)(saved_day - d.latest);
        if (d.earliest > INT64_MIN / DAY_SECONDS && d.earliest < saved_day)
            item.seconds = d.earliest * DAY_SECONDS;
    }
    add(l, &item);
    return true;
}

static int
compare(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->seconds != y->seconds)
        return x->seconds < y->seconds ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static enum wb_status
gather(struct line *l, struct wb_error *e)
{
    const struct wb_list_filter filter = {.kind = "custody", .refers_to = l->id};
    uint64_t damaged = 0;
    enum wb_status st = WB_OK;

    for (uint32_t n = 0; st == WB_OK && n <= wb_store_state(l->v)->tree; n++)
        st = gather_tree(l, n, e);
    if (st == WB_OK)
        st = wb_list(l->v, &filter, gather_custody, l, &damaged, e);
    if (st == WB_OK)
        st = l->st;
    if (st == WB_OK && damaged > 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "records do not open, something may be missing here; run verify");
    if (st == WB_ERR_NOT_FOUND)
        return wb_fail(e, WB_ERR_INTEGRITY, "log: an entry is missing, run verify");
    return st == WB_OK ? wb_buf_check(&l->items, e) : st;
}

/* ---- telling ---- */

static enum wb_status
tell_entry(struct line *l, const struct item *item,
    bool (*each)(void *cookie, const struct wb_event *event), void *cookie, bool *more,
    struct wb_error *e)
{
    char time[WB_TIME_TEXT_BYTES];
    struct wb_entry entry = {0};
    struct wb_log_entry shown = {.time = time};
    const struct wb_event event = {.entry = &shown};
    struct wb_tree t;
    enum wb_status st;

    if ((st = wb_tree_find(l->v, &t, item->tree, e)) == WB_OK &&
        (st = wb_log_read(l->v, &entry, item->log_row, e)) == WB_OK) {
        wb_clock_text(time, (int64_t)entry.seconds);
        shown.origin = t.origin;
        shown.index = item->log_row - t.first;
        shown.action = wb_action_name(entry.action);
        shown.detail = entry.detail;
        shown.id = &entry.id;
        shown.root = entry.has_root ? entry.root : NULL;
        *more = each(cookie, &event);
    }
    wb_entry_wipe(&entry);
    return st;
}

static enum wb_status
tell_custody(struct line *l, const struct item *item,
    bool (*each)(void *cookie, const struct wb_event *event), void *cookie, bool *more,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_custody_open_row(l->v, &r, item->row, e);

    if (st == WB_OK) {
        const struct wb_event event = {.custody = r, .days_later = item->days_later};

        *more = each(cookie, &event);
    }
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_timeline(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_event *event), void *cookie,
    struct wb_error *e)
{
    struct line l = {.v = v, .id = id, .e = e};
    const struct item *items;
    bool more = true;
    size_t count;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK)
        return st;
    wb_buf_init(&l.items, LINE_BYTES_MAX);
    st = gather(&l, e);
    count = l.items.size / sizeof *items;
    if (st == WB_OK && count > 1)
        qsort(l.items.data, count, sizeof *items, compare);
    items = (const struct item *)(const void *)l.items.data;
    for (size_t i = 0; st == WB_OK && more && i < count; i++)
        st = items[i].row != 0 ? tell_custody(&l, &items[i], each, cookie, &more, e)
                               : tell_entry(&l, &items[i], each, cookie, &more, e);
    wb_buf_wipe(&l.items);
    return st;
}
