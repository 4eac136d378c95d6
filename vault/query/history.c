/* vault/query/history.c - all revisions of one record, with what the log says of them.
 */
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../custody/tree.h"

enum { PREVIOUS_BYTES_MAX = 1 << 24 };

struct history {
    struct wb_vault *v;
    const struct wb_id *id;
    struct wb_buf previous; /* roots that some revision names */
    bool (*each)(void *cookie, const struct wb_revision *revision);
    void *cookie;
    bool more;
};

/* The value of a line "name value" of the entry's detail, cut out of it in place. */
static const char *
cut_line(char *detail, const char *name)
{
    size_t size = strlen(name);

    for (char *line = detail; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');

        if (strncmp(line, name, size) == 0 && line[size] == ' ') {
            if (end != NULL)
                *end = '\0';
            return line + size + 1;
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return "";
}

static bool
is_named(const struct history *h, const uint8_t root[static WB_ROOT_BYTES])
{
    for (size_t at = 0; at < h->previous.size; at += WB_ROOT_BYTES)
        if (memcmp(h->previous.data + at, root, WB_ROOT_BYTES) == 0)
            return true;
    return false;
}

/* First walk: which roots are named as predecessors. */
static enum wb_status
note_previous(struct history *h, const struct wb_record *r, struct wb_error *e)
{
    for (size_t i = 0; i < r->previous_count; i++)
        wb_buf_add(&h->previous, r->previous[i], WB_ROOT_BYTES);
    return wb_buf_check(&h->previous, e);
}

static enum wb_status
tell(struct history *h, const struct wb_record *r, struct wb_error *e)
{
    struct wb_revision revision = {.record = r, .is_head = !is_named(h, r->root)};
    char time[WB_TIME_TEXT_BYTES], nothing[] = "";
    struct wb_entry entry = {0};
    struct wb_tree t;
    enum wb_status st;

    if ((st = wb_tree_find(h->v, &t, r->tree, e)) == WB_OK &&
        (st = wb_log_read(h->v, &entry, t.first + r->leaf, e)) == WB_OK) {
        char *detail = entry.detail != NULL ? entry.detail : nothing;

        wb_clock_text(time, (int64_t)entry.seconds);
        revision.time = time;
        revision.action = wb_action_name(entry.action);
        /* from the last line to the first: each cut ends the text before it */
        revision.reason = cut_line(detail, "reason");
        revision.actor = cut_line(detail, "actor");
        h->more = h->each(h->cookie, &revision);
    }
    wb_entry_wipe(&entry);
    return st;
}

static enum wb_status
walk(struct history *h,
    enum wb_status (*visit)(
        struct history *h, const struct wb_record *r, struct wb_error *e),
    uint64_t *damaged, struct wb_error *e)
{
    uint64_t row;
    enum wb_status st;

    *damaged = 0;
    for (uint32_t n = 0; h->more; n++) {
        struct wb_record *r = NULL;

        if ((st = wb_rows_lookup(h->v, &row, h->id, n, e)) != WB_OK)
            return st == WB_ERR_NOT_FOUND && n > 0 ? WB_OK : st;
        if ((st = wb_custody_open_row(h->v, &r, row, e)) == WB_OK)
            st = visit(h, r, e);
        wb_record_free(&r);
        if (st == WB_ERR_INTEGRITY || st == WB_ERR_FORMAT || st == WB_ERR_TOO_NEW)
            ++*damaged;
        else if (st != WB_OK)
            return st;
    }
    return WB_OK;
}

enum wb_status
wb_history(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_revision *revision), void *cookie,
    struct wb_error *e)
{
    struct history h = {.v = v, .id = id, .each = each, .cookie = cookie, .more = true};
    uint64_t damaged = 0;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK)
        return st;
    wb_buf_init(&h.previous, PREVIOUS_BYTES_MAX);
    if ((st = walk(&h, note_previous, &damaged, e)) == WB_OK)
        st = walk(&h, tell, &damaged, e);
    wb_buf_wipe(&h.previous);
    if (st == WB_OK && damaged > 0)
        st = wb_fail(e, WB_ERR_INTEGRITY, "%llu revision%s of it not open; run verify",
            (unsigned long long)damaged, damaged == 1 ? " does" : "s do");
    return st;
}
