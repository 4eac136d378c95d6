/* vault/custody/verify.c - everything stored held against the log, and the log against
 * itself. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "heads.h"
#include "open.h"

enum { WHERE_BYTES = 128 };

/* One run: counts as it goes, tells each problem. */
struct run {
    struct wb_vault *v;
    struct wb_verified verified;
    void (*each)(void *cookie, const struct wb_problem *p);
    void *cookie;
};

static void
tell(struct run *run, const char *kind, const char *where, const char *what)
{
    const struct wb_problem p = {kind, where, what};

    run->verified.problems++;
    if (run->each != NULL)
        run->each(run->cookie, &p);
}

/* What only stops the whole run: the machine fails, not the vault. */
static bool
is_fatal(enum wb_status st)
{
    return st == WB_ERR_IO || st == WB_ERR_MEMORY || st == WB_ERR_INTERNAL;
}

/* ---- the log ---- */

static void
where_entry(char out[static WHERE_BYTES], const struct wb_tree *t, uint64_t leaf)
{
    if (t->number == 0)
        (void)snprintf(out, WHERE_BYTES, "log entry %llu", (unsigned long long)leaf);
    else
        (void)snprintf(out, WHERE_BYTES, "log entry %llu of tree %u",
            (unsigned long long)leaf, t->number);
}

/* The leaf hash of an entry as it is stored. */
static enum wb_status
read_leaf(struct wb_vault *v, uint8_t hash[static WB_HASH_BYTES], uint64_t row,
    struct wb_error *e)
{
    struct wb_entry entry = {0};
    struct wb_buf text;
    enum wb_status st;

    wb_buf_init(&text, WB_LEAF_BYTES_MAX);
    if ((st = wb_log_read(v, &entry, row, e)) == WB_OK &&
        (st = wb_entry_leaf(&text, &entry, e)) == WB_OK)
        wb_merkle_leaf(hash, text.data, text.size);
    wb_entry_wipe(&entry);
    wb_buf_wipe(&text);
    return st;
}

/* A tree as it is rebuilt; too large for the stack. */
struct walk {
    struct wb_tree tree;
    struct wb_merkle_edge edge;
    struct wb_merkle_row stored, rebuilt;
};

/* Appends the entry to the tree that is rebuilt and compares the hashes stored with it.
 */
static enum wb_status
check_leaf(struct run *run, struct walk *w, uint64_t leaf, struct wb_error *e)
{
    const uint64_t row = w->tree.first + leaf;
    uint8_t hash[WB_HASH_BYTES];
    char where[WHERE_BYTES];
    enum wb_status st;

    run->verified.checked++;
    where_entry(where, &w->tree, leaf);
    if ((st = read_leaf(run->v, hash, row, e)) == WB_OK &&
        (st = wb_log_nodes(run->v, &w->stored, row, e)) == WB_OK &&
        (st = wb_merkle_append(&w->edge, &w->rebuilt, hash, e)) == WB_OK &&
        (w->stored.count != w->rebuilt.count ||
            memcmp(w->stored.hashes, w->rebuilt.hashes,
                w->rebuilt.count * WB_HASH_BYTES) != 0))
        st = wb_fail(
            e, WB_ERR_INTEGRITY, "its tree hashes are not those of the entries");
    if (is_fatal(st))
        return st;
    if (st != WB_OK)
        tell(
            run, st == WB_ERR_NOT_FOUND ? "log gap" : "log altered", where, e->message);
    return WB_OK;
}

/* The rebuilt tree against its signed checkpoint, the open one against the state as
 * well.
 */
static enum wb_status
check_head(struct run *run, const struct walk *w, const struct wb_secret *log_seed,
    struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(run->v);
    const struct wb_merkle_edge *edge = &w->edge;
    const struct wb_tree *t = &w->tree;
    uint8_t root[WB_ROOT_BYTES];
    struct wb_checkpoint c = {0};
    struct wb_note_key key;
    struct wb_note note;
    enum wb_status st;

    wb_merkle_root(root, edge);
    if (t->number == s->tree) {
        memcpy(run->verified.root, root, sizeof root);
        run->verified.size = edge->size;
        if (edge->size != s->edge.size || edge->count != s->edge.count ||
            memcmp(edge->hashes, s->edge.hashes, edge->count * WB_HASH_BYTES) != 0)
            tell(run, "log altered", "tree",
                "the entries do not lead to the head in the state");
    }
    if (log_seed == NULL) /* told already: nobody can say whose checkpoint it is */
        return WB_OK;
    if ((st = wb_log_key(&key, t->origin, log_seed, e)) == WB_OK &&
        (st = wb_note_decode(&note, t->checkpoint, strlen(t->checkpoint), e)) ==
            WB_OK &&
        (st = wb_checkpoint_open(&c, &note, &key, e)) == WB_OK &&
        (c.head.size != edge->size || memcmp(c.head.root, root, sizeof root) != 0))
        st = wb_fail(e, WB_ERR_INTEGRITY, "it is not the head of these entries");
    if (is_fatal(st))
        return st;
    if (st != WB_OK)
        tell(run, "checkpoint", t->origin, e->message);
    return WB_OK;
}

static enum wb_status
check_tree(struct run *run, struct walk *w, uint32_t number,
    const struct wb_secret *log_seed, struct wb_error *e)
{
    enum wb_status st = wb_tree_find(run->v, &w->tree, number, e);

    if (st != WB_OK && !is_fatal(st)) {
        tell(run, "log gap", "closed tree", e->message);
        return WB_OK;
    }
    w->edge = (struct wb_merkle_edge){0};
    for (uint64_t leaf = 0; st == WB_OK && leaf < w->tree.size; leaf++)
        st = check_leaf(run, w, leaf, e);
    return st == WB_OK ? check_head(run, w, log_seed, e) : st;
}

/* Every head that somebody outside has seen must still be on the way to ours. */
static enum wb_status
check_noted(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct run *run = cookie;
    enum wb_status st = wb_head_compare(run->v, c, e);

    (void)note;
    (void)size;
    if (is_fatal(st))
        return st;
    if (st != WB_OK)
        tell(run, strncmp(e->message, "rolled", 6) == 0 ? "rolled back" : "fork",
            c->origin, e->message);
    return WB_OK;
}

static enum wb_status
check_heads(struct run *run, struct wb_error *e)
{
    bool same = true;
    enum wb_status st = wb_heads_check(run->v, &same, e);

    if (st == WB_OK && !same)
        tell(run, "count", "heads", "they are not those that the state has counted");
    if (st == WB_OK && same)
        st = wb_head_each(run->v, WB_HEAD_OURS, check_noted, run, e);
    return st;
}

static enum wb_status
check_log(struct run *run, struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    struct walk *w = wb_mem_new(sizeof *w);
    enum wb_status st =
        w == NULL ? wb_fail_memory(e) : wb_identity_open(run->v, &keys, e);

    if (st != WB_OK && !is_fatal(st)) {
        tell(run, "checkpoint", "our identity", e->message);
        st = WB_OK;
    }
    for (uint32_t n = 0; st == WB_OK && n <= wb_store_state(run->v)->tree; n++)
        st = check_tree(run, w, n, keys.log, e);
    if (st == WB_OK)
        st = check_heads(run, e);
    wb_identity_wipe(&keys);
    wb_mem_free(w);
    return st;
}

/* ---- the records ---- */

/* Every entry that names a revision must have its row. Log rows of all trees are
 * numbered on. */
static enum wb_status
check_named_row(struct run *run, uint64_t log_row, struct wb_error *e)
{
    struct wb_entry entry = {0};
    struct wb_wrap w = {0};
    char id[WB_ID_TEXT_BYTES], where[WHERE_BYTES];
    enum wb_status st = wb_log_read(run->v, &entry, log_row, e);

    if (st == WB_OK && entry.record_row != 0 &&
        (st = wb_rows_wrap(run->v, &w, entry.record_row, e)) == WB_ERR_NOT_FOUND) {
        wb_id_text(id, &entry.id);
        (void)snprintf(where, sizeof where, "record %s, row %llu", id,
            (unsigned long long)entry.record_row);
        tell(run, "row missing", where, "the log names it and it is not there");
    }
    wb_entry_wipe(&entry);
    return is_fatal(st) ? st : WB_OK; /* the rest is told by check_tree and check_row */
}

static enum wb_status
check_named_rows(struct run *run, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (uint64_t row = 1; st == WB_OK && row < wb_store_state(run->v)->next_log; row++)
        st = check_named_row(run, row, e);
    return st;
}

static void
where_record(char out[static WHERE_BYTES], const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    (void)snprintf(out, WHERE_BYTES, "%s %s revision %u", r->kind, id, r->revision);
}

static enum wb_status
hash_part(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    (void)e;
    wb_sha256_add(cookie, bytes, size);
    return WB_OK;
}

/* All chunks of a record's attachment, and their hash. */
static enum wb_status
check_file(struct run *run, const struct wb_record *r, struct wb_error *e)
{
    struct wb_attachment a = {0};
    struct wb_sha256 h;
    uint8_t hash[WB_HASH_BYTES];
    char hex[2 * WB_HASH_BYTES + 1], where[WHERE_BYTES];
    enum wb_status st;

    wb_sha256_init(&h);
    if ((st = wb_attachment_new(&a, e)) != WB_OK)
        return st;
    if ((st = wb_attachment_decode(&a, r->private_part, r->private_size, e)) == WB_OK &&
        (st = wb_chunks_read(run->v, &a, hash_part, &h, e)) == WB_OK &&
        (st = wb_chunks_check(run->v, &a, e)) == WB_OK) {
        wb_sha256_end(&h, hash);
        wb_hex_encode(hex, hash, sizeof hash);
        if (strcmp(hex, wb_record_text(r, "sha256")) != 0)
            st = wb_fail(e, WB_ERR_INTEGRITY, "its bytes are not those recorded");
        run->verified.files++;
        run->verified.checked += a.size / WB_CHUNK_BYTES + 1;
    }
    wb_attachment_wipe(&a);
    if (st != WB_OK && !is_fatal(st)) {
        where_record(where, r);
        tell(run,
            strstr(e->message, ": missing") != NULL ? "chunk missing" : "chunk altered",
            where, e->message);
    }
    return is_fatal(st) ? st : WB_OK;
}

static enum wb_status
check_row(struct run *run, uint64_t row, int flags, struct wb_error *e)
{
    static const char *const kinds[] = {
        [WB_OPEN_WRAP] = "row altered",
        [WB_OPEN_BODY] = "row altered",
        [WB_OPEN_LOOKUP] = "lookup",
        [WB_OPEN_ENTRY] = "row replaced",
    };
    struct wb_record *r = NULL;
    enum wb_open_stage stage;
    char where[WHERE_BYTES];
    enum wb_status st = wb_open_staged(run->v, &r, row, &stage, e);

    run->verified.checked++;
    if (st == WB_OK) {
        run->verified.records++;
        if ((flags & WB_VERIFY_DEEP) != 0 && r->private_size != 0 &&
            strcmp(r->kind, "evidence") == 0)
            st = check_file(run, r, e);
    } else if (!is_fatal(st)) {
        (void)snprintf(where, sizeof where, "row %llu", (unsigned long long)row);
        tell(run,
            strstr(e->message, "body is missing") != NULL ? "row missing"
                                                          : kinds[stage],
            where, e->message);
        st = WB_OK;
    }
    wb_record_free(&r);
    return st;
}

static enum wb_status
check_rows(struct run *run, int flags, struct wb_error *e)
{
    uint64_t row = 0;
    enum wb_status st = WB_OK;

    while (st == WB_OK && (st = wb_rows_next(run->v, &row, e)) == WB_OK)
        st = check_row(run, row, flags, e);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

/* ---- what must be there in number ---- */

static enum wb_status
check_counts(struct run *run, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(run->v);
    struct wb_counts found = {0};
    enum wb_status st = wb_sealed_counts(run->v, &found, e);
    const struct {
        const char *table;
        uint64_t found, expected;
    } counts[] = {
        {"wraps", found.wraps, s->rows},
        {"bodies", found.bodies, s->rows},
        {"lookups", found.lookups, s->rows},
        {"log", found.log, s->next_log - 1},
        {"nodes", found.nodes, s->next_log - 1},
        {"heads", found.heads, s->heads.count},
        {"drafts", found.drafts, s->drafts.count},
        {"pages", found.pages, s->pages.count},
        {"staging", found.staging, 0},
        {"attachments", found.files, s->files},
        {"state", found.states, 1},
        {"last row of wraps", found.last_wrap, s->next_row - 1},
        {"last row of log", found.last_log, s->next_log - 1},
        {"last row of heads", found.last_head, s->next_head - 1},
        {"last row of drafts", found.last_draft, s->next_draft - 1},
    };
    char what[WHERE_BYTES];

    for (size_t i = 0; st == WB_OK && i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].found != counts[i].expected) {
            (void)snprintf(what, sizeof what, "%llu are there, the state names %llu",
                (unsigned long long)counts[i].found,
                (unsigned long long)counts[i].expected);
            tell(run, "count", counts[i].table, what);
        }
    return st;
}

enum wb_status
wb_verify(struct wb_vault *v, int flags, struct wb_verified *verified,
    void (*each)(void *cookie, const struct wb_problem *p), void *cookie,
    struct wb_error *e)
{
    struct run run = {.v = v, .each = each, .cookie = cookie};
    struct wb_error reason = {0};
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, &reason)) == WB_OK &&
        (st = check_log(&run, &reason)) == WB_OK &&
        (st = check_named_rows(&run, &reason)) == WB_OK &&
        (st = check_rows(&run, flags, &reason)) == WB_OK)
        st = check_counts(&run, &reason);
    if (st == WB_OK)
        *verified = run.verified;
    return st == WB_OK ? st : wb_fail(e, st, "%s", reason.message);
}

/* The first problem's words, for wb_verify_log. */
static void
keep_first(void *cookie, const struct wb_problem *p)
{
    struct wb_error *first = cookie;

    if (first->status == WB_OK)
        wb_fail(first, WB_ERR_INTEGRITY, "%s: %s: %s", p->kind, p->where, p->what);
}

enum wb_status
wb_verify_log(struct wb_vault *v, struct wb_error *e)
{
    struct wb_error reason = {0}, first = {0};
    struct run run = {.v = v, .each = keep_first, .cookie = &first};
    enum wb_status st = check_log(&run, &reason);

    if (st != WB_OK)
        return wb_fail(e, st, "%s", reason.message);
    if (run.verified.problems > 0)
        return wb_fail(e, WB_ERR_INTEGRITY, "%s", first.message);
    return WB_OK;
}
