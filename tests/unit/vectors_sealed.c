/* tests/unit/vectors_sealed.c - of tests/vectors/rows.json the rows under an epoch's
 * key: log, tree nodes, heads, drafts, and the set hash over those that the log does
 * not name.
 */
#include "vectors_sealed.h"

#include <string.h>

#include "base/clock.h"
#include "custody/heads.h"
#include "record/sheet.h"
#include "vectors_vault.h"

enum { ROW_BYTES_MAX = 512 * 1024, DUMMY_BYTES = 24 };

/* Randomness of rows that a case says nothing about. */
static const uint8_t dummy[DUMMY_BYTES];

/* Under the key of the case's epoch. Leaves v->scratch as the row's key. */
static void
check_sealed(
    const struct vector *c, struct wb_vault *v, enum wb_table table, const char *sql)
{
    uint64_t row = vector_number(c, "row");
    struct vector_bytes sealed = vectors_query(c, v, sql, row);
    struct wb_buf plain;
    struct wb_error e = {0};

    vector_same(c, "sealed", sealed.data, sealed.size);
    wb_buf_init(&plain, ROW_BYTES_MAX);
    vector_ok(c, wb_sealed_get(v, table, row, &plain, &e), &e);
    vector_same(c, "key", wb_secret_bytes(v->scratch), WB_KEY_BYTES);
    vector_same(c, "plain", plain.data, plain.size);
    wb_buf_wipe(&plain);
}

static struct wb_entry
entry_of(const struct vector *c)
{
    struct vector_bytes detail = vector_bytes(c, "detail");
    const char *time = vector_text(c, "time"), *action = vector_text(c, "action");
    struct wb_entry entry = {.action = 1, .detail_size = detail.size};
    int64_t seconds = 0;

    while (entry.action < WB_ACTION_END &&
        strcmp(wb_action_name(entry.action), action) != 0)
        entry.action++;
    vector_true(c, entry.action < WB_ACTION_END, "action");
    entry.detail = wb_arena_copy(c->memory, detail.data, detail.size);
    vector_true(c, wb_clock_parse(&seconds, time, strlen(time)), "time");
    entry.seconds = (uint64_t)seconds;
    entry.has_root = vector_bytes(c, "root").size > 0;
    if (entry.has_root)
        vector_copy(c, "root", entry.root, sizeof entry.root);
    vector_copy(c, "id", entry.id.bytes, sizeof entry.id.bytes);
    entry.record_row = vector_number(c, "revision_row");
    return entry;
}

static void
check_entry(const struct vector *c, const struct wb_entry *entry)
{
    char time[WB_TIME_TEXT_BYTES];

    vector_same_text(c, "action", wb_action_name(entry->action));
    vector_same(c, "root", entry->root, entry->has_root ? sizeof entry->root : 0);
    wb_clock_text(time, (int64_t)entry->seconds);
    vector_same_text(c, "time", time);
    vector_same(c, "time_salt", entry->time_salt, sizeof entry->time_salt);
    vector_same(c, "detail", entry->detail, entry->detail_size);
    vector_same(c, "detail_salt", entry->detail_salt, sizeof entry->detail_salt);
    vector_same(c, "id", entry->id.bytes, sizeof entry->id.bytes);
    vector_same_number(c, "revision_row", entry->record_row);
}

void
vectors_log_row(const struct vector *c)
{
    struct vector_bytes time_salt = vector_bytes(c, "time_salt");
    struct vector_bytes detail_salt = vector_bytes(c, "detail_salt");
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    struct wb_entry entry = entry_of(c), read = {0};
    struct wb_vault *v;
    struct wb_error e = {0};

    v = vectors_vault_new();
    vectors_key(c, "epoch_key", v->state.epochs);
    v->state.next_log = vector_number(c, "row");
    vectors_feed(time_salt.data, time_salt.size);
    vectors_feed(detail_salt.data, detail_salt.size);
    vectors_feed(nonce.data, nonce.size);
    vectors_feed(dummy, sizeof dummy); /* the node row's nonce */
    vector_ok(c, wb_log_append(v, &entry, &e), &e);
    vectors_feed_end(c);
    check_sealed(c, v, WB_TABLE_LOG, "SELECT sealed FROM log WHERE row = ?1");
    vector_ok(c, wb_log_read(v, &read, vector_number(c, "row"), &e), &e);
    check_entry(c, &read);
    wb_entry_wipe(&read);
    vectors_vault_free(&v);
}

/* What only the owner's secret opens. */
void
vectors_field_log_row(const struct vector *c)
{
    struct vector_bytes sealed = vector_bytes(c, "sealed");
    uint64_t row = vector_number(c, "row");
    struct wb_vault *v = vectors_vault_new();
    struct wb_entry entry = {0};
    struct wb_buf plain;
    struct wb_error e = {0};

    v->header.field_vault = true;
    vectors_insert(
        c, v, "INSERT INTO log VALUES(?1, 0, ?2)", row, sealed.data, sealed.size);
    vector_true(
        c, wb_log_read(v, &entry, row, &e) == WB_ERR_POLICY, "opens for anybody");
    v->owner = vector_secret(c, "collect");
    wb_buf_init(&plain, ROW_BYTES_MAX);
    vector_ok(c, wb_sealed_get(v, WB_TABLE_LOG, row, &plain, &e), &e);
    vector_same(c, "plain", plain.data, plain.size);
    vector_ok(c, wb_log_read(v, &entry, row, &e), &e);
    wb_entry_wipe(&entry);
    wb_buf_wipe(&plain);
    wb_secret_free(&v->owner);
    vectors_vault_free(&v);
}

void
vectors_node_row(const struct vector *c)
{
    struct vector_bytes plain = vector_bytes(c, "plain");
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    uint64_t row = vector_number(c, "row"), leaf = vector_number(c, "index");
    struct wb_merkle_row nodes;
    unsigned levels = 1;
    struct wb_vault *v;
    struct wb_error e = {0};

    while ((leaf + 1) % (UINT64_C(1) << levels) == 0)
        levels++;
    v = vectors_vault_new();
    vectors_key(c, "epoch_key", v->state.epochs);
    vectors_feed(nonce.data, nonce.size);
    vector_ok(c, wb_sealed_put(v, WB_TABLE_NODES, row, plain.data, plain.size, &e), &e);
    vectors_feed_end(c);
    check_sealed(c, v, WB_TABLE_NODES, "SELECT sealed FROM nodes WHERE row = ?1");
    vector_ok(c, wb_log_nodes(v, &nodes, row, &e), &e);
    vector_true(c, nodes.count == levels, "levels");
    vector_same(c, "plain", nodes.hashes, levels * (size_t)WB_HASH_BYTES);
    vectors_vault_free(&v);
}

/* Adds a row to a set hash (section 5), out of the page, not out of the program. */
static void
mark(uint8_t total[static WB_HASH_BYTES], const struct wb_secret *epoch,
    const char *table, uint64_t row, const uint8_t *nonce)
{
    uint8_t context[8 + WB_BOX_NONCE_BYTES], tag[WB_HASH_BYTES];
    struct wb_secret *key = NULL;

    assert_int_equal(wb_secret_new(&key, WB_KEY_BYTES, NULL), WB_OK);
    wb_kdf_derive(key, epoch, "unlogged", NULL, 0);
    wb_set_u64(context, row);
    memcpy(context + 8, nonce, WB_BOX_NONCE_BYTES);
    wb_kdf_tag(tag, sizeof tag, key, table, context, sizeof context);
    for (size_t i = 0; i < sizeof tag; i++)
        total[i] ^= tag[i];
    wb_secret_free(&key);
}

void
vectors_set(const struct vector *c)
{
    struct wb_secret *epoch = vector_secret(c, "epoch_key");
    uint8_t total[WB_HASH_BYTES] = {0};

    vector_same_count(c, "nonces", vector_count(c, "rows"));
    for (size_t i = 0; i < vector_count(c, "rows"); i++)
        mark(total, epoch, vector_text(c, "table"), vector_number_at(c, "rows", i),
            vector_bytes_at(c, "nonces", i).data);
    vector_same(c, "out", total, sizeof total);
    wb_secret_free(&epoch);
}

/* ---- heads ---- */

static enum wb_status
compare_note(void *cookie, const struct wb_checkpoint *head, const char *note,
    size_t size, struct wb_error *e)
{
    const struct vector *const *c = cookie;

    (void)head;
    (void)e;
    vector_same(*c, "note", note, size);
    return WB_ERR_AMBIGUOUS; /* seen: stops here */
}

/* A note of somebody's (kind 1) or of ours (kind 2), kept and read again. */
static void
keep_head(const struct vector *c, struct wb_vault *v)
{
    struct vector_bytes note = vector_bytes(c, "note");
    enum wb_head_kind kind = (enum wb_head_kind)vector_number(c, "kind");
    struct wb_error e = {0};

    vector_ok(c, wb_head_keep(v, kind, (const char *)note.data, note.size, &e), &e);
    vectors_feed_end(c);
    vector_true(c, wb_head_each(v, kind, compare_note, &c, &e) == WB_ERR_AMBIGUOUS,
        "the note is read again");
}

/* A tree that is closed (kind 3), and found by its number. */
static void
close_tree(const struct vector *c, struct wb_vault *v)
{
    struct vector_bytes note = vector_bytes(c, "note");
    const char *origin = vector_text(c, "origin");
    struct wb_tree *t = wb_arena_new(c->memory, sizeof *t);
    struct wb_error e = {0};

    vector_true(c, note.size <= WB_CHECKPOINT_BYTES_MAX, "note");
    memcpy(v->state.checkpoint, note.data, note.size);
    memcpy(v->state.origin, origin, strlen(origin));
    v->state.tree = (uint32_t)vector_number(c, "tree");
    v->state.tree_first = vector_number(c, "first");
    vectors_feed(dummy, sizeof((struct wb_id *)0)->bytes); /* of the new origin */
    vector_ok(c, wb_tree_close(v, &e), &e);
    vectors_feed_end(c);
    vector_ok(c, wb_tree_find(v, t, (uint32_t)vector_number(c, "tree"), &e), &e);
    vector_same_number(c, "first", t->first);
    vector_same_text(c, "origin", t->origin);
    vector_same(c, "note", t->checkpoint, strlen(t->checkpoint));
}

void
vectors_head_row(const struct vector *c)
{
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    uint8_t total[WB_HASH_BYTES] = {0};
    uint64_t row = vector_number(c, "row");
    struct wb_vault *v = vectors_vault_new();
    struct wb_error e = {0};
    bool same = false;

    vectors_key(c, "epoch_key", v->state.epochs);
    v->state.next_head = row;
    vectors_feed(nonce.data, nonce.size);
    if (vector_number(c, "kind") == WB_HEAD_CLOSED_TREE)
        close_tree(c, v);
    else
        keep_head(c, v);
    mark(total, v->state.epochs, "heads", row, nonce.data);
    vector_true(c, memcmp(total, v->state.heads.hash, sizeof total) == 0, "set hash");
    check_sealed(c, v, WB_TABLE_HEADS, "SELECT sealed FROM heads WHERE row = ?1");
    vector_ok(c, wb_unlogged_check(v, WB_TABLE_HEADS, &same, &e), &e);
    vector_true(c, same, "the set as counted");
    vectors_vault_free(&v);
}

/* ---- drafts ---- */

/* Read, written again to the same bytes, and sealed. */
void
vectors_draft_row(const struct vector *c)
{
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    struct vector_bytes plain = vector_bytes(c, "plain");
    uint64_t row = vector_number(c, "row");
    struct wb_vault *v = vectors_vault_new();
    struct wb_sheet *s = NULL;
    struct wb_error e = {0};
    struct wb_buf written;
    const char *typed;
    size_t size;

    vector_ok(c, wb_sheet_decode(&s, plain.data, plain.size, row, &e), &e);
    vector_same_number(c, "place", wb_sheet_place(s, &typed, &size));
    vector_same(c, "typed", typed, size);
    vector_true(c, wb_sheet_count(s) == vector_count(c, "kinds"), "kinds");
    for (size_t i = 0; i < wb_sheet_count(s); i++)
        vector_true(c,
            strcmp(wb_draft_kind(wb_sheet_draft(s, i))->name,
                vector_text_at(c, "kinds", i)) == 0,
            "kinds");
    wb_buf_init(&written, ROW_BYTES_MAX);
    wb_sheet_encode(&written, s, row);
    vector_same(c, "plain", written.data, written.size);
    vectors_key(c, "epoch_key", v->state.epochs);
    v->state.next_draft = row;
    vectors_feed(nonce.data, nonce.size);
    vector_ok(
        c, wb_unlogged_put(v, WB_TABLE_DRAFTS, written.data, written.size, &e), &e);
    vectors_feed_end(c);
    check_sealed(c, v, WB_TABLE_DRAFTS, "SELECT sealed FROM drafts WHERE row = ?1");
    wb_buf_wipe(&written);
    wb_sheet_free(&s);
    vectors_vault_free(&v);
}
