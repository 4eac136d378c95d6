/* vault/bundle/logs.c - the logs whose key is known: ours, and those of contacts. */
#include <string.h>

#include "../base/text.h"
#include "../custody/change.h"
#include "../store/store.h"
#include "contact.h"

enum { LOGS_MAX = 100 * 1024 * 1024, LOG_BYTES = WB_NOTE_KEY_TEXT_MAX + 1 };

/* The key whose origin, what stands before its first plus, is these bytes. */
static const char *
find_log(const struct wb_logs *l, const char *origin, size_t size)
{
    const char *key;

    for (size_t at = 0; at < l->keys.size; at += LOG_BYTES) {
        key = (const char *)l->keys.data + at;
        if (strncmp(key, origin, size) == 0 && key[size] == '+')
            return key;
    }
    return NULL;
}

const char *
wb_logs_find(const struct wb_logs *l, const char *origin)
{
    return find_log(l, origin, strlen(origin));
}

const char *
wb_logs_same(const struct wb_logs *l, const char *key)
{
    return find_log(l, key, strcspn(key, "+"));
}

enum wb_status
wb_logs_add(struct wb_logs *l, const char *key, struct wb_error *e)
{
    char place[LOG_BYTES] = "";

    if (wb_logs_same(l, key) != NULL)
        return WB_OK;
    wb_text_copy(place, sizeof place, key);
    wb_buf_add(&l->keys, place, sizeof place);
    return wb_buf_check(&l->keys, e);
}

struct gathering {
    struct wb_logs *l;
    struct wb_vault *v;
    enum wb_status st;
};

/* Of all revisions, the newest first: a log that was given up for another one still
 * proves what was proved by it. */
static enum wb_status
add_logs_of(struct gathering *g, const struct wb_id *id)
{
    struct wb_record *r = NULL;
    uint32_t count = 0;
    uint64_t row;
    enum wb_status st = WB_OK;

    while (wb_rows_lookup(g->v, &row, id, count, NULL) == WB_OK)
        count++;
    while (st == WB_OK && count-- > 0) {
        if (wb_custody_open_revision(g->v, &r, id, count, NULL) != WB_OK)
            continue; /* damaged: one less to be trusted */
        if (!r->foreign)
            st = wb_logs_add(g->l, wb_record_text(r, "log"), NULL);
        wb_record_free(&r);
    }
    return st;
}

static bool
add_log(void *cookie, const struct wb_record *r)
{
    struct gathering *g = cookie;

    g->st = r->foreign ? WB_OK : add_logs_of(g, &r->id);
    return g->st == WB_OK;
}

enum wb_status
wb_logs_load(struct wb_logs *l, struct wb_vault *v, const char *own, struct wb_error *e)
{
    struct gathering g = {.l = l, .v = v};
    enum wb_status st;

    wb_buf_init(&l->keys, LOGS_MAX);
    if ((st = wb_logs_add(l, own, e)) != WB_OK)
        return st;
    (void)add_logs_of(&g, &wb_store_state(v)->identity);
    if ((st = wb_contact_records(v, add_log, &g, e)) != WB_OK)
        return st;
    return wb_buf_check(&l->keys, e);
}

void
wb_logs_wipe(struct wb_logs *l)
{
    wb_buf_wipe(&l->keys);
}
