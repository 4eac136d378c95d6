/* vault/query/history.c - all revisions of one record, with what the log says of it. */
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../custody/tree.h"

struct history {
    struct wb_vault *v;
    const struct wb_id *id;
    struct wb_fork fork;
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

static enum wb_status
tell(struct history *h, const struct wb_record *r, struct wb_error *e)
{
    struct wb_revision revision = {
        .record = r, .is_head = wb_fork_is_head(&h->fork, r->root)};
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
walk(struct history *h, struct wb_error *e)
{
    enum wb_status st;

    for (uint32_t n = 0; h->more; n++) {
        struct wb_record *r = NULL;

        st = wb_custody_open_revision(h->v, &r, h->id, n, e);
        if (st == WB_ERR_NOT_FOUND)
            return n > 0 ? WB_OK : st;
        if (st == WB_OK)
            st = tell(h, r, e);
        wb_record_free(&r);
        if (st != WB_OK && !wb_is_damage(st))
            return st; /* what does not open was counted already */
    }
    return WB_OK;
}

enum wb_status
wb_history(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_revision *revision), void *cookie,
    struct wb_error *e)
{
    struct history h = {.v = v, .id = id, .each = each, .cookie = cookie, .more = true};
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st == WB_OK && (st = wb_fork_heads(v, &h.fork, id, e)) == WB_OK)
        st = walk(&h, e);
    if (st == WB_OK && h.fork.damaged > 0)
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "%llu revision%s of it %s not open; run verify",
            (unsigned long long)h.fork.damaged, h.fork.damaged == 1 ? "" : "s",
            h.fork.damaged == 1 ? "does" : "do");
    wb_fork_wipe(&h.fork);
    return st;
}
