/* vault/custody/verify_log.c - the log held against itself, its checkpoints and heads.
 */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "identity.h"
#include "run.h"

enum { LINE_BYTES = WB_CHECKPOINT_TEXT_MAX + 8 };

/* A tree as it is rebuilt; too large for the stack. */
struct walk {
    struct wb_tree tree;
    struct wb_merkle_edge edge;
    struct wb_merkle_row stored, rebuilt;
    bool broken;           /* a leaf is lost: nothing behind it can be rebuilt */
    uint64_t next;         /* log row behind the tree before */
    char head[LINE_BYTES]; /* "head ORIGIN SIZE ROOT\n" of the tree before */
};

static void
where_entry(char out[static WB_WHERE_BYTES], const struct wb_tree *t, uint64_t leaf)
{
    if (t->number == 0)
        (void)snprintf(
            out, WB_WHERE_BYTES, wb_word("log entry %llu"), (unsigned long long)leaf);
    else
        (void)snprintf(out, WB_WHERE_BYTES, wb_word("log entry %llu of tree %u"),
            (unsigned long long)leaf, t->number);
}

static void
tell_leaf(struct wb_run *run, const struct walk *w, uint64_t leaf, enum wb_status st,
    const char *what)
{
    char where[WB_WHERE_BYTES];

    where_entry(where, &w->tree, leaf);
    wb_run_tell(run, st == WB_ERR_NOT_FOUND ? "log gap" : "log altered", where, what);
}

/* ---- entries and hashes ---- */

/* The first entry of a log that follows a closed one commits to that one's head. */
static bool
is_honest_restart(const struct walk *w, const struct wb_entry *entry)
{
    return (entry->action == WB_ACTION_RESTART || entry->action == WB_ACTION_RESTORE) &&
        strstr(entry->detail, w->head) != NULL;
}

/* The leaf hash of an entry as it is stored. */
static enum wb_status
read_leaf(struct wb_run *run, const struct walk *w, uint64_t leaf,
    uint8_t hash[static WB_HASH_BYTES], struct wb_error *e)
{
    struct wb_entry entry = {0};
    struct wb_buf text;
    enum wb_status st = wb_log_read(run->v, &entry, w->tree.first + leaf, e);

    wb_buf_init(&text, WB_LEAF_BYTES_MAX);
    if (st == WB_OK && (st = wb_entry_leaf(&text, &entry, e)) == WB_OK)
        wb_merkle_leaf(hash, text.data, text.size);
    if (st == WB_OK && leaf == 0 && w->tree.number > 0 && !is_honest_restart(w, &entry))
        tell_leaf(run, w, leaf, WB_ERR_INTEGRITY,
            "it does not commit to the head of the log before");
    wb_entry_wipe(&entry);
    wb_buf_wipe(&text);
    return st;
}

static bool
same_hashes(const struct walk *w)
{
    return w->stored.count == w->rebuilt.count &&
        memcmp(w->stored.hashes, w->rebuilt.hashes, w->rebuilt.count * WB_HASH_BYTES) ==
        0;
}

/* Goes on with the leaf, and compares the hashes stored with it. */
static enum wb_status
rebuild(struct wb_run *run, struct walk *w, uint64_t leaf,
    const uint8_t hash[static WB_HASH_BYTES], bool stored, struct wb_error *e)
{
    enum wb_status st;

    if (w->broken)
        return WB_OK;
    if ((st = wb_merkle_append(&w->edge, &w->rebuilt, hash, e)) == WB_OK && stored &&
        !same_hashes(w))
        tell_leaf(run, w, leaf, WB_ERR_INTEGRITY,
            "its tree hashes are not those of the entries");
    return st;
}

/* One entry, one row of hashes. Where one of them is damaged the other stands in, so
 * that only what is damaged is named. */
static enum wb_status
check_leaf(struct wb_run *run, struct walk *w, uint64_t leaf, struct wb_error *e)
{
    struct wb_error reason = {0};
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status entry, nodes;

    wb_run_step(run);
    if (wb_store_is_blind(run->v))
        entry = WB_ERR_POLICY; /* only the owner reads it: its hash stands in */
    else if ((entry = read_leaf(run, w, leaf, hash, &reason)) != WB_OK) {
        if (wb_run_is_fatal(entry))
            return wb_fail(e, entry, "%s", reason.message);
        tell_leaf(run, w, leaf, entry, reason.message);
    }
    nodes = wb_log_nodes(run->v, &w->stored, w->tree.first + leaf, &reason);
    if (wb_run_is_fatal(nodes))
        return wb_fail(e, nodes, "%s", reason.message);
    if (nodes != WB_OK)
        tell_leaf(run, w, leaf, nodes, reason.message);
    if (entry != WB_OK && nodes != WB_OK) {
        w->broken = true;
        return WB_OK;
    }
    if (entry == WB_OK && nodes == WB_OK &&
        memcmp(hash, w->stored.hashes[0], sizeof hash) != 0)
        tell_leaf(run, w, leaf, WB_ERR_INTEGRITY, "it is not what the tree holds");
    return rebuild(
        run, w, leaf, nodes == WB_OK ? w->stored.hashes[0] : hash, nodes == WB_OK, e);
}

/* ---- heads ---- */

static void
check_state(
    struct wb_run *run, const struct walk *w, const uint8_t root[static WB_ROOT_BYTES])
{
    const struct wb_vault_state *s = wb_store_state(run->v);
    const struct wb_merkle_edge *edge = &w->edge;

    memcpy(run->verified.root, root, WB_ROOT_BYTES);
    run->verified.size = s->edge.size;
    if (!w->broken &&
        (edge->size != s->edge.size || edge->count != s->edge.count ||
            memcmp(edge->hashes, s->edge.hashes, edge->count * WB_HASH_BYTES) != 0))
        wb_run_tell(run, "log altered", "tree",
            "the entries do not lead to the head in the state");
}

/* The rebuilt tree against its signed checkpoint, the open one against the state as
 * well. */
static enum wb_status
check_head(struct wb_run *run, const struct walk *w, bool known, struct wb_error *e)
{
    const struct wb_tree *t = &w->tree;
    struct wb_error reason = {0};
    uint8_t root[WB_ROOT_BYTES];
    struct wb_checkpoint c = {0};
    struct wb_note note;
    enum wb_status st;

    wb_merkle_root(root, &w->edge);
    if (t->number == wb_store_state(run->v)->tree)
        check_state(run, w, root);
    if (!known) /* told already: nobody can say whose checkpoint it is */
        return WB_OK;
    if ((st = wb_note_decode(&note, t->checkpoint, strlen(t->checkpoint), &reason)) ==
            WB_OK &&
        (st = wb_identity_signed(run->v, &c, NULL, &note, &reason)) == WB_OK &&
        strcmp(c.origin, t->origin) != 0)
        st = wb_fail(&reason, WB_ERR_INTEGRITY, "it is of another log");
    if (st == WB_OK && !w->broken &&
        (c.head.size != w->edge.size || memcmp(c.head.root, root, sizeof root) != 0))
        st = wb_fail(&reason, WB_ERR_INTEGRITY, "it is not the head of these entries");
    if (wb_run_is_fatal(st))
        return wb_fail(e, st, "%s", reason.message);
    if (st != WB_OK)
        wb_run_tell(run, "checkpoint", t->origin, reason.message);
    return WB_OK;
}

/* "head ", then the three lines of a checkpoint as one. */
static void
keep_head(struct walk *w)
{
    const char *text = w->tree.checkpoint, *end = strstr(text, "\n\n");
    const size_t size = end == NULL ? 0 : (size_t)(end - text);

    (void)snprintf(w->head, sizeof w->head, "head %.*s\n", (int)size, text);
    for (size_t i = 0; w->head[i] != '\0' && w->head[i + 1] != '\0'; i++)
        w->head[i] = w->head[i] == '\n' ? ' ' : w->head[i];
}

static enum wb_status
check_tree(
    struct wb_run *run, struct walk *w, uint32_t number, bool known, struct wb_error *e)
{
    struct wb_error reason = {0};
    char where[WB_WHERE_BYTES];
    enum wb_status st = wb_tree_find(run->v, &w->tree, number, &reason);

    (void)snprintf(where, sizeof where, wb_word("tree %u"), number);
    if (st != WB_OK) {
        if (wb_run_is_fatal(st))
            return wb_fail(e, st, "%s", reason.message);
        wb_run_tell(run, "log gap", where, reason.message);
        w->next = 0;
        return WB_OK;
    }
    if (w->next != 0 && w->tree.first != w->next)
        wb_run_tell(run, "log gap", where, "it does not follow the tree before");
    w->edge = (struct wb_merkle_edge){0};
    w->broken = false;
    for (uint64_t leaf = 0; st == WB_OK && leaf < w->tree.size; leaf++)
        st = check_leaf(run, w, leaf, e);
    if (st == WB_OK)
        st = check_head(run, w, known, e);
    w->next = w->tree.first + w->tree.size;
    keep_head(w);
    return st;
}

/* Every head that somebody outside has seen must still be on the way to ours; what a
 * restart has lost is known and no fault of this copy. */
static enum wb_status
check_noted(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct wb_run *run = cookie;
    struct wb_error reason = {0};
    enum wb_standing standing;
    enum wb_status st = wb_head_compare(run->v, c, &standing, &reason);

    (void)note;
    (void)size;
    if (wb_run_is_fatal(st))
        return wb_fail(e, st, "%s", reason.message);
    if (standing == WB_STANDING_LOST)
        wb_run_note(run, c->origin, reason.message);
    else if (st != WB_OK)
        wb_run_tell(run, wb_standing_word(standing), c->origin, reason.message);
    return WB_OK;
}

static enum wb_status
check_heads(struct wb_run *run, struct wb_error *e)
{
    struct wb_error reason = {0};
    bool same = true;
    enum wb_status st = wb_unlogged_check(run->v, WB_TABLE_HEADS, &same, &reason);

    if (st == WB_OK && !same)
        wb_run_tell(
            run, "count", "heads", "they are not those that the state has counted");
    if (st == WB_OK && same)
        st = wb_head_each(run->v, WB_HEAD_OURS, check_noted, run, &reason);
    if (wb_run_is_fatal(st))
        return wb_fail(e, st, "%s", reason.message);
    if (st != WB_OK)
        wb_run_tell(run, "log altered", "heads", reason.message);
    return WB_OK;
}

enum wb_status
wb_run_log(struct wb_run *run, struct wb_error *e)
{
    struct wb_error reason = {0};
    struct wb_secret *seed = NULL;
    struct walk *w = wb_mem_new(sizeof *w);
    enum wb_status st =
        w == NULL ? wb_fail_memory(&reason) : wb_identity_log(run->v, &seed, &reason);

    if (st != WB_OK && !wb_run_is_fatal(st))
        wb_run_tell(run, "checkpoint", "our identity", reason.message);
    if (w != NULL)
        w->next = 1;
    st = wb_run_is_fatal(st) ? wb_fail(e, st, "%s", reason.message) : WB_OK;
    for (uint32_t n = 0; st == WB_OK && n <= wb_store_state(run->v)->tree; n++)
        st = check_tree(run, w, n, seed != NULL, e);
    if (st == WB_OK)
        st = check_heads(run, e);
    wb_secret_free(&seed);
    wb_mem_free(w);
    return st;
}

/* ---- what entries name ---- */

/* Whether a later entry says that this revision was shredded. */
static enum wb_status
is_shredded(
    struct wb_run *run, const struct wb_entry *of, bool *shredded, struct wb_error *e)
{
    const struct wb_tomb *tomb;
    enum wb_status st = wb_tombs_load(&run->tombs, run->v, e);

    if (st != WB_OK)
        return st;
    tomb = wb_tombs_find(&run->tombs, &of->id, of->root);
    *shredded = tomb != NULL && tomb->log_row > of->row;
    return WB_OK;
}

/* What was shredded stays away, the row too: numbers are never given out again. */
static enum wb_status
check_shredded(struct wb_run *run, const struct wb_entry *entry, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES], where[WB_WHERE_BYTES];
    struct wb_wrap w = {0};
    enum wb_status st = wb_rows_wrap(run->v, &w, entry->record_row, e);

    if (st == WB_ERR_NOT_FOUND) {
        run->verified.shredded++;
        return WB_OK;
    }
    if (wb_run_is_fatal(st))
        return st;
    wb_id_text(id, &entry->id);
    (void)snprintf(where, sizeof where, wb_word("record %s, row %llu"), id,
        (unsigned long long)entry->record_row);
    wb_run_tell(run, "row older", where, "it was shredded, and is there again");
    return WB_OK;
}

/* The revision is not where its entry says: it is elsewhere, shredded, or lost. */
static enum wb_status
look_for(struct wb_run *run, const struct wb_entry *entry, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES], where[WB_WHERE_BYTES];
    bool found = false;
    enum wb_status st =
        wb_custody_has(run->v, &found, NULL, &entry->id, entry->root, e);

    if (wb_run_is_fatal(st))
        return st;
    if (!found && (st = is_shredded(run, entry, &found, e)) != WB_OK)
        return st;
    if (found)
        return WB_OK;
    wb_id_text(id, &entry->id);
    (void)snprintf(where, sizeof where, wb_word("record %s, row %llu"), id,
        (unsigned long long)entry->record_row);
    wb_run_tell(run, "row missing", where, "the log names it and it is not there");
    return WB_OK;
}

/* Row and id of a revision are not in the leaf: that there are any is checked here. */
static enum wb_status
check_entry(struct wb_run *run, const struct wb_entry *entry, struct wb_error *e)
{
    const bool names = entry->action <= WB_ACTION_SHRED;
    char where[WB_WHERE_BYTES];
    struct wb_wrap w = {0};
    enum wb_status st;

    if (names != entry->has_root || (!names && entry->record_row != 0)) {
        (void)snprintf(
            where, sizeof where, "log entry row %llu", (unsigned long long)entry->row);
        wb_run_tell(run, "log altered", where, "action and root do not go together");
        return WB_OK;
    }
    if (!names)
        return WB_OK;
    if (entry->action == WB_ACTION_SHRED)
        return check_shredded(run, entry, e);
    st = wb_rows_wrap(run->v, &w, entry->record_row, e);
    if (wb_run_is_fatal(st))
        return st;
    if (st == WB_OK && memcmp(w.root, entry->root, WB_ROOT_BYTES) == 0)
        return WB_OK;
    if (st != WB_OK && st != WB_ERR_NOT_FOUND)
        return WB_OK; /* told with the rows */
    return look_for(run, entry, e);
}

enum wb_status
wb_run_entries(struct wb_run *run, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    /* log rows of all trees are numbered on */
    for (uint64_t row = 1; st == WB_OK && row < wb_store_state(run->v)->next_log;
         row++) {
        struct wb_entry entry = {0};

        if ((st = wb_log_read(run->v, &entry, row, e)) == WB_OK)
            st = check_entry(run, &entry, e);
        else if (!wb_run_is_fatal(st))
            st = WB_OK; /* told with the log */
        wb_entry_wipe(&entry);
    }
    return st;
}
