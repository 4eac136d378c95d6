/* vault/store/unlogged.c - rows that the log does not name, heads, drafts and pages:
 * the state keeps their number and the XOR of a tag of each. */
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "session.h"

/* What stands in the state for each such table, and its name in the tags. */
struct kept {
    const char *name;
    struct wb_row_set *set;
    uint64_t *next; /* NULL: whoever puts a row numbers it */
    enum wb_sql get, step, remove;
};

static struct kept
kept(struct wb_vault *v, enum wb_table table)
{
    struct wb_vault_state *s = &v->state;

    if (table == WB_TABLE_HEADS) /* never removed: no such statement */
        return (struct kept){"heads", &s->heads, &s->next_head, WB_SQL_HEAD_GET,
            WB_SQL_HEAD_NEXT, WB_SQL_END};
    if (table == WB_TABLE_DRAFTS)
        return (struct kept){"drafts", &s->drafts, &s->next_draft, WB_SQL_DRAFT_GET,
            WB_SQL_DRAFT_NEXT, WB_SQL_DRAFT_REMOVE};
    return (struct kept){"pages", &s->pages, NULL, WB_SQL_PAGE_GET, WB_SQL_PAGE_NEXT,
        WB_SQL_PAGE_REMOVE};
}

/* Into or out of the set: XOR does both. `box` is a row's blob, of which the first
 * bytes (a box's nonce) stand for it. */
static void
mark_row(struct wb_vault *v, uint8_t hash[static WB_HASH_BYTES], const char *table,
    uint64_t row, const uint8_t *box)
{
    uint8_t context[8 + WB_BOX_NONCE_BYTES], tag[WB_HASH_BYTES];

    wb_set_u64(context, row);
    memcpy(context + 8, box, WB_BOX_NONCE_BYTES);
    memcpy(
        wb_secret_room(v->epoch_key), wb_secret_bytes(v->state.epochs), WB_KEY_BYTES);
    wb_kdf_derive(v->scratch, v->epoch_key, "unlogged", NULL, 0);
    wb_kdf_tag(tag, sizeof tag, v->scratch, table, context, sizeof context);
    for (size_t i = 0; i < sizeof tag; i++)
        hash[i] ^= tag[i];
}

/* Seals a row into its table and its set. */
static enum wb_status
put_row(struct wb_vault *v, enum wb_table table, uint64_t row, const void *plain,
    size_t size, struct wb_error *e)
{
    const struct kept k = kept(v, table);
    enum wb_status st = wb_sealed_put(v, table, row, plain, size, e);

    if (st != WB_OK)
        return st;
    mark_row(v, k.set->hash, k.name, row, v->row.data);
    k.set->count++;
    return WB_OK;
}

enum wb_status
wb_unlogged_put(struct wb_vault *v, enum wb_table table, const void *plain, size_t size,
    struct wb_error *e)
{
    uint64_t *next = kept(v, table).next;
    enum wb_status st;

    if (next == NULL)
        return wb_fail(e, WB_ERR_INTERNAL, "pages: numbered by who writes them");
    if ((st = put_row(v, table, *next, plain, size, e)) == WB_OK)
        ++*next;
    return st;
}

enum wb_status
wb_unlogged_next(struct wb_vault *v, enum wb_table table, uint64_t *row,
    struct wb_buf *out, struct wb_error *e)
{
    enum wb_status st = wb_session_step(v, row, kept(v, table).step, e);

    wb_buf_clear(out);
    return st == WB_OK ? wb_sealed_get(v, table, *row, out, e) : st;
}

/* Into or out of `hash` by what lies in the file. */
static enum wb_status
mark_stored(struct wb_vault *v, const struct kept *k, uint64_t row,
    uint8_t hash[static WB_HASH_BYTES], struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = wb_session_statement(v, &s, k->get, e);

    if (st != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)row);
    st = wb_session_row(v, s, k->name, e);
    if (st == WB_OK && sqlite3_column_bytes(s, 1) >= WB_BOX_EXTRA_BYTES)
        mark_row(v, hash, k->name, row, sqlite3_column_blob(s, 1));
    (void)sqlite3_reset(s);
    return st;
}

enum wb_status
wb_unlogged_remove(
    struct wb_vault *v, enum wb_table table, uint64_t row, struct wb_error *e)
{
    const struct kept k = kept(v, table);
    sqlite3_stmt *s;
    enum wb_status st;

    if (k.remove == WB_SQL_END)
        return wb_fail(e, WB_ERR_INTERNAL, "%s: kept for ever", k.name);
    if ((st = mark_stored(v, &k, row, k.set->hash, e)) != WB_OK ||
        (st = wb_session_statement(v, &s, k.remove, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)row);
    if ((st = wb_session_run(v, s, k.name, e)) == WB_OK)
        k.set->count--;
    return st;
}

enum wb_status
wb_unlogged_replace(struct wb_vault *v, enum wb_table table, uint64_t row,
    const void *plain, size_t size, struct wb_error *e)
{
    const struct kept k = kept(v, table);
    enum wb_status st = mark_stored(v, &k, row, k.set->hash, e);

    if (st == WB_OK)
        k.set->count--;
    return st == WB_OK || st == WB_ERR_NOT_FOUND
        ? put_row(v, table, row, plain, size, e)
        : st;
}

enum wb_status
wb_unlogged_check(
    struct wb_vault *v, enum wb_table table, bool *same, struct wb_error *e)
{
    const struct kept k = kept(v, table);
    struct wb_row_set found = {0};
    uint64_t row = 0;
    enum wb_status st;

    while ((st = wb_session_step(v, &row, k.step, e)) == WB_OK) {
        if ((st = mark_stored(v, &k, row, found.hash, e)) != WB_OK)
            break;
        found.count++;
    }
    if (st != WB_ERR_NOT_FOUND)
        return st;
    *same = found.count == k.set->count &&
        memcmp(found.hash, k.set->hash, sizeof found.hash) == 0;
    return WB_OK;
}
