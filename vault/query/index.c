/* vault/query/index.c - the search index: opened, caught up with the log, made anew. */
#include "index.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../custody/tree.h"

enum {
    ID_CHARACTERS = 26,
};

uint64_t wb_index_memory_most = 64;

enum wb_status
wb_index_exec(struct wb_index *x, const char *sql, struct wb_error *e)
{
    return sqlite3_exec(wb_inner_db(x->inner), sql, NULL, NULL, NULL) == SQLITE_OK
        ? WB_OK
        : wb_inner_fail(x->inner, e);
}

enum wb_status
wb_index_prepare(
    struct wb_index *x, sqlite3_stmt **s, const char *sql, struct wb_error *e)
{
    return sqlite3_prepare_v2(wb_inner_db(x->inner), sql, -1, s, NULL) == SQLITE_OK
        ? WB_OK
        : wb_inner_fail(x->inner, e);
}

enum wb_status
wb_index_step(struct wb_index *x, sqlite3_stmt *s, struct wb_error *e)
{
    int rc = sqlite3_step(s);

    if (rc == SQLITE_ROW)
        return WB_OK;
    return rc == SQLITE_DONE ? WB_ERR_NOT_FOUND : wb_inner_fail(x->inner, e);
}

/* One number that a statement answers. */
static enum wb_status
ask(struct wb_index *x, int64_t *number, const char *sql, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = wb_index_prepare(x, &s, sql, e);

    if (st == WB_OK && (st = wb_index_step(x, s, e)) == WB_OK)
        *number = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
    return st;
}

/* ---- ids as numbers ---- */

int64_t
wb_index_id(const struct wb_id *id)
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | id->bytes[i];
    return (
        int64_t)(number ^ (uint64_t)1 << 63); /* signed, in the order of the bytes */
}

void
wb_index_id_range(int64_t *least, int64_t *most, const char *text, size_t size)
{
    char padded[WB_ID_TEXT_BYTES];
    struct wb_id id;

    memset(padded, '0', ID_CHARACTERS);
    memcpy(padded, text, size);
    padded[ID_CHARACTERS] = '\0';
    *least = wb_id_parse(&id, padded, ID_CHARACTERS) ? wb_index_id(&id) : 0;
    memset(padded + size, 'z', ID_CHARACTERS - size - 1);
    padded[ID_CHARACTERS - 1] = 'w'; /* its two last bits are padding */
    *most = wb_id_parse(&id, padded, ID_CHARACTERS) ? wb_index_id(&id) : 0;
}

/* ---- opening what is there ---- */

void
wb_index_close_inner(struct wb_index *x)
{
    for (int i = 0; i < WB_INDEX_SQL_END; i++) {
        (void)sqlite3_finalize(x->statements[i]);
        x->statements[i] = NULL;
    }
    wb_inner_close(&x->inner);
}

enum wb_status
wb_index_open_inner(struct wb_index *x, int flags, struct wb_error *e)
{
    const struct wb_vault_state *state = wb_store_state(x->v);
    int64_t version = 0;
    enum wb_status st;

    if ((st = wb_inner_open(&x->inner, x->v, flags, e)) != WB_OK ||
        (st = wb_index_words(wb_inner_db(x->inner), &x->found, e)) != WB_OK ||
        (st = ask(x, &version, "PRAGMA user_version", e)) != WB_OK)
        return st;
    x->tree = version == 0 ? 0 : state->index_tree;
    x->leaf = version == 0 ? 0 : state->index_leaf;
    if (version == 0 && state->pages.count == 0)
        return WB_OK;
    if ((version == 0 && (flags & WB_INNER_EMPTY) == 0) ||
        (version != 0 && version != WB_INDEX_VERSION))
        return wb_fail(e, WB_ERR_INTEGRITY, "index: missing or of another version");
    return WB_OK;
}

/* ---- opening ---- */

/* Whether that many entries are worth writing down. */
static bool
is_much(const struct wb_index *x, uint64_t entries)
{
    return x->may_write && entries > wb_index_memory_most;
}

static enum wb_status
open_and_read(struct wb_index *x, int flags, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (x->inner == NULL)
        st = wb_index_open_inner(x, flags, e);
    if (st == WB_OK)
        st = wb_index_catch_up(x, e);
    if (st != WB_OK)
        wb_index_close_inner(x);
    return st;
}

/* Away with what is there; it is read again from the log. */
static enum wb_status
start_anew(struct wb_index *x, struct wb_error *e)
{
    enum wb_status st;

    x->in_memory = !is_much(x, wb_store_state(x->v)->next_log);
    if (x->in_memory)
        return open_and_read(x, WB_INNER_MEMORY | WB_INNER_EMPTY, e);
    if ((st = wb_store_begin(x->v, e)) != WB_OK)
        return st;
    if ((st = wb_pages_cut(x->v, 0, e)) != WB_OK)
        wb_store_rollback(x->v);
    else
        st = wb_store_commit(x->v, e);
    return st == WB_OK ? open_and_read(x, 0, e) : st;
}

/* The pages in the file, and what they do not have yet; in memory where that is little.
 */
static enum wb_status
open_kept(struct wb_index *x, struct wb_error *e)
{
    const struct wb_vault_state *state = wb_store_state(x->v);
    uint64_t behind = 0;
    bool in_memory;
    enum wb_status st =
        wb_tree_behind(x->v, &behind, state->index_tree, state->index_leaf, e);

    if (st == WB_OK) {
        in_memory = !is_much(x, behind);
        if (x->in_memory != in_memory)
            wb_index_close_inner(x);
        x->in_memory = in_memory;
        st = open_and_read(x, in_memory ? WB_INNER_MEMORY : 0, e);
    }
    return st == WB_ERR_INTEGRITY ? start_anew(x, e) : st;
}

static void
undone(struct wb_derived *d)
{
    ((struct wb_index *)(void *)d)->stale = true;
}

static enum wb_status
forget(struct wb_derived *d, const struct wb_id *id, struct wb_error *e)
{
    struct wb_index *x = (struct wb_index *)(void *)d;

    x->stale = true;
    return wb_index_forget(x->v, id, e);
}

static void
close_for_good(struct wb_derived *d)
{
    struct wb_index *x = (struct wb_index *)(void *)d;

    wb_index_close_inner(x);
    wb_mem_free(x);
}

/* The vault's, made when first asked for. */
static struct wb_index *
index_of(struct wb_vault *v)
{
    struct wb_index *x = (struct wb_index *)(void *)wb_store_derived(v);

    if (x != NULL)
        return x;
    x = wb_mem_new(sizeof *x);
    if (x == NULL)
        return NULL;
    x->v = v;
    x->derived = (struct wb_derived){undone, forget, close_for_good};
    wb_store_set_derived(v, &x->derived);
    return x;
}

enum wb_status
wb_index_open(struct wb_index **x, struct wb_vault *v, struct wb_error *e)
{
    struct wb_index *found;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    found = index_of(v);
    if (found == NULL)
        return wb_fail_memory(e);
    if (found->users > 0) /* inside of a question: nothing has changed since */
        goto out;
    if (found->stale)
        wb_index_close_inner(found);
    found->stale = false;
    if (found->inner != NULL && !wb_index_is_behind(found))
        goto out;
    found->may_write = wb_store_may_index(v);
    st = open_kept(found, e);
    if (st == WB_ERR_IO && !found->in_memory) { /* no room to write: go on without */
        found->may_write = false;
        st = open_kept(found, e);
    }
    found->stale = false; /* a batch that was undone is read by now */
    if (st != WB_OK)
        return st;
out:
    found->users++;
    *x = found;
    return WB_OK;
}

void
wb_index_close(struct wb_index *x)
{
    if (x != NULL)
        x->users--;
}
