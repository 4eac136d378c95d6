/* vault/store/rekey.c - a new root key: slots, wraps and lookups rewritten, a new
 * epoch.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../crypto/random.h"
#include "session.h"

/* Lookups are put in order of their tags, so many at a time: one by one they would hit
 * another page of the table each. */
enum { BATCH_ROWS = 65536, TELL_ROWS = 4096 };

struct lookup {
    uint8_t tag[WB_LOOKUP_TAG_BYTES];
    uint64_t row;
};

/* One run over all wraps. */
struct rekey {
    struct wb_vault *v;
    const struct wb_secret *wrap_before;
    struct lookup *batch;
    size_t count;
    void (*tell)(void *cookie, uint64_t done, uint64_t total, const char *what);
    void *cookie;
};

/* The root key first, then what follows from it: v->before is in this order. */
static struct wb_secret **
key_of(struct wb_vault *v, int i)
{
    struct wb_secret **const keys[WB_ROOT_KEYS] = {
        &v->root, &v->header_key, &v->state_key, &v->wrap_key, &v->lookup_key};

    return keys[i];
}

enum { WRAP_KEY = 3 };

void
wb_rekey_settle(struct wb_vault *v)
{
    for (int i = 0; i < WB_ROOT_KEYS; i++)
        wb_secret_free(&v->before[i]);
    if (v->saved.epochs != v->state.epochs)
        wb_secret_free(&v->saved.epochs);
}

void
wb_rekey_undo(struct wb_vault *v)
{
    for (int i = 0; i < WB_ROOT_KEYS; i++)
        if (v->before[i] != NULL) {
            wb_secret_free(key_of(v, i));
            *key_of(v, i) = wb_secret_take(&v->before[i]);
        }
    if (v->state.epochs != v->saved.epochs)
        wb_secret_free(&v->state.epochs);
}

static enum wb_status
new_root(struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st;

    for (int i = 0; i < WB_ROOT_KEYS; i++)
        v->before[i] = wb_secret_take(key_of(v, i));
    if ((st = wb_secret_new(&v->root, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(v->root);
    return wb_session_derive(v, e);
}

/* The keys so far and a new one; the old secret stays with v->saved. */
static enum wb_status
new_epoch(struct wb_vault *v, struct wb_error *e)
{
    size_t size = (size_t)v->state.epoch_count * WB_KEY_BYTES;
    struct wb_secret *epochs = NULL;
    enum wb_status st = wb_secret_new(&epochs, size + WB_KEY_BYTES, e);

    if (st != WB_OK)
        return st;
    memcpy(wb_secret_room(epochs), wb_secret_bytes(v->state.epochs), size);
    wb_random(wb_secret_room(epochs) + size, WB_KEY_BYTES);
    v->state.epochs = epochs;
    v->state.epoch_count++;
    return WB_OK;
}

static int
compare_tags(const void *a, const void *b)
{
    return memcmp(a, b, WB_LOOKUP_TAG_BYTES);
}

static enum wb_status
put_batch(struct rekey *r, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    qsort(r->batch, r->count, sizeof *r->batch, compare_tags);
    for (size_t i = 0; i < r->count && st == WB_OK; i++)
        st = wb_rows_put_tag(r->v, r->batch[i].tag, r->batch[i].row, e);
    r->count = 0;
    return st;
}

static enum wb_status
rewrite_row(struct rekey *r, uint64_t row, struct wb_error *e)
{
    struct lookup *lookup = &r->batch[r->count];
    struct wb_wrap w = {0};
    enum wb_status st;

    if ((st = wb_rows_wrap_under(r->v, &w, row, r->wrap_before, e)) != WB_OK ||
        (st = wb_rows_rewrap(r->v, &w, e)) != WB_OK)
        return st;
    wb_rows_tag(r->v, lookup->tag, &w.id, w.ordinal);
    lookup->row = row;
    return ++r->count < BATCH_ROWS ? WB_OK : put_batch(r, e);
}

static enum wb_status
rewrite_rows(struct rekey *r, struct wb_error *e)
{
    uint64_t row = 0, done = 0, total = r->v->state.rows;
    enum wb_status st;

    while ((st = wb_rows_next(r->v, &row, e)) == WB_OK) {
        if ((st = rewrite_row(r, row, e)) != WB_OK)
            return wb_within(e, st, "rekey");
        if (++done % TELL_ROWS == 0 && r->tell != NULL)
            r->tell(r->cookie, done, done > total ? done : total,
                WB_SAID("revisions sealed anew"));
    }
    if (st != WB_ERR_NOT_FOUND)
        return st;
    if ((st = put_batch(r, e)) == WB_OK && r->tell != NULL)
        r->tell(r->cookie, done, done, WB_SAID("revisions sealed anew"));
    return st;
}

static enum wb_status
clear_lookups(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = wb_session_statement(v, &s, WB_SQL_LOOKUP_CLEAR, e);

    return st == WB_OK ? wb_session_run(v, s, "lookups", e) : st;
}

enum wb_status
wb_store_rekey(struct wb_vault *v,
    void (*tell)(void *cookie, uint64_t done, uint64_t total, const char *what),
    void *cookie, struct wb_error *e)
{
    struct rekey r = {.v = v, .tell = tell, .cookie = cookie};
    enum wb_status st;

    if (v->before[0] != NULL || !v->in_transaction)
        return wb_fail(e, WB_ERR_INTERNAL, "rekey: not once in a transaction");
    if (v->state.epoch_count >= WB_EPOCHS_MAX)
        return wb_fail(e, WB_ERR_LIMIT,
            "rekey: %d times already, which is the limit; make a new vault",
            WB_EPOCHS_MAX - 1);
    r.batch = wb_mem_new_array(BATCH_ROWS, sizeof *r.batch);
    if (r.batch == NULL)
        return wb_fail_memory(e);
    if ((st = new_root(v, e)) == WB_OK && (st = new_epoch(v, e)) == WB_OK) {
        r.wrap_before = v->before[WRAP_KEY];
        for (unsigned i = 0; i < WB_SLOTS; i++)
            wb_slot_reseal(&v->header, i, v->root, v->state.slots[i].point);
        v->header_changed = true;
        if ((st = clear_lookups(v, e)) == WB_OK)
            st = rewrite_rows(&r, e);
    }
    wb_mem_free(r.batch);
    return st;
}
