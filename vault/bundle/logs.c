/* vault/bundle/logs.c - the logs whose key is known: ours, and those of contacts. */
#include <string.h>

#include "../base/text.h"
#include "../custody/change.h"
#include "../store/store.h"
#include "contact.h"

enum { LOGS_MAX = 100 * 1024 * 1024, LOG_BYTES = WB_NOTE_KEY_TEXT_MAX + 1 };

/* The key whose origin, what stands before its first plus, is these bytes. */
static const char *
find_log(const struct wb_buf *keys, const char *origin, size_t size)
{
    const char *key;

    for (size_t at = 0; at < keys->size; at += LOG_BYTES) {
        key = (const char *)keys->data + at;
        if (strncmp(key, origin, size) == 0 && key[size] == '+')
            return key;
    }
    return NULL;
}

const char *
wb_logs_find(const struct wb_logs *l, const char *origin)
{
    const char *key = find_log(&l->known, origin, strlen(origin));

    return key != NULL ? key : find_log(&l->claims, origin, strlen(origin));
}

static enum wb_status
add(struct wb_buf *keys, const char *key, struct wb_error *e)
{
    char place[LOG_BYTES] = "";

    if (find_log(keys, key, strcspn(key, "+")) != NULL)
        return WB_OK;
    wb_text_copy(place, sizeof place, key);
    wb_buf_add(keys, place, sizeof place);
    return wb_buf_check(keys, e);
}

enum wb_status
wb_logs_add(struct wb_logs *l, const char *key, struct wb_error *e)
{
    return add(&l->claims, key, e);
}

struct gathering {
    struct wb_logs *l;
    struct wb_buf *keys; /* where those of this contact belong */
    struct wb_vault *v;
    struct wb_error *e;
    enum wb_status st;
};

static bool
add_log(void *cookie, const struct wb_record *r)
{
    struct gathering *g = cookie;

    g->st = add(g->keys, wb_record_text(r, "log"), g->e);
    return g->st == WB_OK;
}

/* Of all revisions: a log that was given up for another one still proves what was
 * proved by it. */
static bool
add_logs_of(void *cookie, const struct wb_record *r)
{
    struct gathering *g = cookie;
    enum wb_status st = WB_OK;

    g->keys = strcmp(wb_record_text(r, "verified"), "yes") == 0 ? &g->l->known
                                                                : &g->l->claims;
    if (!r->foreign)
        st = wb_contact_revisions(g->v, &r->id, add_log, g, g->e);
    if (g->st == WB_OK)
        g->st = st;
    return g->st == WB_OK;
}

enum wb_status
wb_logs_load(struct wb_logs *l, struct wb_vault *v, const char *own, struct wb_error *e)
{
    struct gathering g = {.l = l, .keys = &l->known, .v = v, .e = e};
    enum wb_status st;

    wb_buf_init(&l->known, LOGS_MAX);
    wb_buf_init(&l->claims, LOGS_MAX);
    if ((st = add(&l->known, own, e)) == WB_OK &&
        (st = wb_contact_revisions(v, &wb_store_state(v)->identity, add_log, &g, e)) ==
            WB_OK &&
        (st = wb_contact_records(v, add_logs_of, &g, e)) == WB_OK)
        st = g.st;
    return st;
}

void
wb_logs_wipe(struct wb_logs *l)
{
    wb_buf_wipe(&l->known);
    wb_buf_wipe(&l->claims);
}
