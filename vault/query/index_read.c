/* vault/query/index_read.c - the index caught up with the log, batch by batch. */
#include "../base/fail.h"
#include "../base/progress.h"
#include "../custody/tree.h"
#include "index.h"

enum { MERGE_SLICES = 4 };

uint64_t wb_index_batch_entries = 10000;

/* user_version is WB_INDEX_VERSION. `latest - earliest > 366` has an index of its own:
 * nearly every date is a day, a month or a year, so that only few can reach into a
 * range from far off. */
static const char tables[] =
    "CREATE TABLE records(row INTEGER PRIMARY KEY, id INTEGER, kind TEXT,"
    " earliest INTEGER, latest INTEGER, received INTEGER);"
    "CREATE INDEX ids ON records(id);"
    "CREATE INDEX kinds ON records(kind);"
    "CREATE INDEX damaged ON records(kind) WHERE kind = '';"
    "CREATE INDEX days ON records(latest, earliest) WHERE latest IS NOT NULL;"
    "CREATE INDEX spans ON records(latest, earliest) WHERE latest - earliest > 366;"
    "CREATE INDEX receipts ON records(received) WHERE received IS NOT NULL;"
    "CREATE TABLE refs(target INTEGER, row INTEGER, field TEXT,"
    " PRIMARY KEY(target, row, field)) WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0,"
    " tokenize='witnessbox');"
    "INSERT INTO words(words, rank) VALUES('hashsize', 33554432);"
    "PRAGMA user_version = 2;";

static const char merge_later[] =
    "INSERT INTO words(words, rank) VALUES('automerge', 0);";
static const char merge_again[] =
    "INSERT INTO words(words, rank) VALUES('automerge', 4);";

static enum wb_status
read_revision(struct wb_index *x, const struct wb_entry *entry, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_wrap w = {0};
    enum wb_status st = wb_custody_open_row(x->v, &r, entry->record_row, NULL);

    if (st == WB_OK)
        st = wb_index_put(x, r, e);
    else if (st == WB_ERR_NOT_FOUND)
        st = WB_OK; /* shredded, or completed by a later row */
    else if (wb_is_damage(st) &&
        (st = wb_rows_wrap(x->v, &w, entry->record_row, NULL)) != WB_ERR_NOT_FOUND)
        st = wb_index_put_damaged(x, entry->record_row, &entry->id, e);
    else if (st == WB_ERR_NOT_FOUND)
        st = WB_OK;
    else
        st = wb_fail(e, st, "index: a record could not be read");
    wb_record_free(&r);
    return st;
}

/* The entry at x's place. One that does not open names no record: verify tells. */
static enum wb_status
read_entry(struct wb_index *x, const struct wb_tree *t, struct wb_error *e)
{
    struct wb_entry entry = {0};
    enum wb_status st = wb_log_read(x->v, &entry, t->first + x->leaf, e);

    if (wb_is_damage(st) || st == WB_ERR_NOT_FOUND)
        st = WB_OK;
    else if (st == WB_OK && entry.record_row != 0 && entry.action != WB_ACTION_SHRED)
        st = read_revision(x, &entry, e);
    wb_entry_wipe(&entry);
    x->leaf++;
    wb_progress_add(1);
    return st;
}

bool
wb_index_is_behind(const struct wb_index *x)
{
    const struct wb_vault_state *state = wb_store_state(x->v);

    return x->tree < state->tree || x->leaf < state->edge.size;
}

static enum wb_status
read_batch(struct wb_index *x, struct wb_error *e)
{
    struct wb_tree t;
    enum wb_status st = wb_tree_find(x->v, &t, x->tree, e);

    for (uint64_t n = 0;
         st == WB_OK && n < wb_index_batch_entries && wb_index_is_behind(x); n++) {
        if (x->leaf < t.size) {
            st = read_entry(x, &t, e);
            continue;
        }
        x->leaf = 0;
        st = wb_tree_find(x->v, &t, ++x->tree, e);
    }
    return st;
}

static enum wb_status
write_batch(struct wb_index *x, struct wb_error *e)
{
    bool made = x->tree == 0 && x->leaf == 0;
    enum wb_status st;

    if ((st = wb_index_exec(x, "BEGIN", e)) != WB_OK ||
        (made && (st = wb_index_exec(x, tables, e)) != WB_OK) ||
        (x->much && (st = wb_index_exec(x, merge_later, e)) != WB_OK) ||
        (st = read_batch(x, e)) != WB_OK ||
        (st = wb_ahead_settle(x->ahead, x, e)) != WB_OK ||
        (x->much && (st = wb_index_exec(x, merge_again, e)) != WB_OK))
        return st;
    return wb_index_exec(x, "COMMIT", e);
}

static enum wb_status
merge_some(struct wb_index *x, struct wb_error *e)
{
    return wb_index_merge(x, MERGE_SLICES, &x->merging, e);
}

/* In one transaction of the vault, which the inner's are a part of. */
static enum wb_status
in_change(struct wb_index *x,
    enum wb_status (*work)(struct wb_index *x, struct wb_error *e), struct wb_error *e)
{
    struct wb_vault_state *state = wb_store_state(x->v);
    enum wb_status st;

    if (x->in_memory)
        return work(x, e);
    if ((st = wb_store_begin(x->v, e)) != WB_OK)
        return st;
    if ((st = work(x, e)) != WB_OK) {
        wb_index_close_inner(x); /* it knows pages that are no more */
        wb_store_rollback(x->v);
        return st;
    }
    state->index_tree = x->tree;
    state->index_leaf = x->leaf;
    if ((st = wb_store_commit(x->v, e)) != WB_OK)
        wb_index_close_inner(x);
    return st;
}

/* Whether more is to be read than was: then all is merged once, at the end. */
static enum wb_status
weigh(struct wb_index *x, struct wb_error *e)
{
    uint64_t behind = 0;
    enum wb_status st = wb_tree_behind(x->v, &behind, x->tree, x->leaf, e);

    if (st == WB_OK) {
        x->much = behind > wb_store_state(x->v)->next_log - behind;
        wb_progress_begin_of(behind, WB_SAID("entries read into the index"));
    }
    return st;
}

enum wb_status
wb_index_catch_up(struct wb_index *x, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (!wb_index_is_behind(x))
        return WB_OK;
    if ((st = weigh(x, e)) == WB_OK)
        st = wb_ahead_new(&x->ahead, e);
    while (st == WB_OK && wb_index_is_behind(x))
        st = in_change(x, write_batch, e);
    wb_ahead_free(&x->ahead);
    x->merging = false;
    if (st == WB_OK && x->much && !x->in_memory)
        do
            st = in_change(x, merge_some, e);
        while (st == WB_OK && x->merging);
    return st;
}
