/* vault/custody/prove.c - proofs that a revision is in a log: ours made, foreign ones
 * checked. */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../formats/proof.h"
#include "heads.h"

struct wb_prover {
    struct wb_vault *v;
    struct wb_kept_node kept[WB_NODES_KEPT];
};

/* Opens the time of the leaf. */
struct proved {
    char time[WB_TIME_TEXT_BYTES];
    uint8_t salt[WB_SALT16_BYTES];
};

enum wb_status
wb_prover_new(struct wb_prover **p, struct wb_vault *v, struct wb_error *e)
{
    struct wb_prover *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    made->v = v;
    *p = made;
    return WB_OK;
}

void
wb_prover_free(struct wb_prover **p)
{
    wb_mem_free(*p);
    *p = NULL;
}

/* The newest head of the tree that an outsider has cosigned and that covers the leaf.
 */
struct covering {
    const struct wb_tree *tree;
    uint64_t leaf;
    uint64_t size;
    struct wb_buf note;
};

static enum wb_status
take_newer(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct covering *best = cookie;
    struct wb_note signatures;

    if (wb_note_decode(&signatures, note, size, NULL) != WB_OK || signatures.count < 2)
        return WB_OK; /* ours alone: nobody vouches for it */
    if (strcmp(c->origin, best->tree->origin) != 0 || c->head.size <= best->leaf ||
        c->head.size > best->tree->size || c->head.size < best->size)
        return WB_OK;
    wb_buf_clear(&best->note);
    wb_buf_add(&best->note, note, size);
    best->size = c->head.size;
    return wb_buf_check(&best->note, e);
}

/* Without such a head: the tree's own newest checkpoint. */
static enum wb_status
find_covering(struct wb_vault *v, struct covering *best, struct wb_error *e)
{
    enum wb_status st = wb_head_each(v, WB_HEAD_OURS, take_newer, best, e);

    if (st == WB_OK && best->size == 0) {
        wb_buf_add_text(&best->note, best->tree->checkpoint);
        best->size = best->tree->size;
        st = wb_buf_check(&best->note, e);
    }
    return st;
}

/* A cosigned head may be of a history that this vault has left: what does not hold is
 * not handed out. */
static enum wb_status
check_own(const struct wb_proof *p, struct wb_error *e)
{
    uint8_t leaf[WB_HASH_BYTES];
    struct wb_checkpoint c;
    struct wb_note note;
    enum wb_status st;

    wb_merkle_leaf(leaf, p->extra, p->extra_size);
    if ((st = wb_note_decode(&note, p->checkpoint, p->checkpoint_size, e)) != WB_OK ||
        (st = wb_checkpoint_decode(&c, note.text, note.text_size, e)) != WB_OK ||
        (st = wb_merkle_check_inclusion(&c.head, leaf, p->index, &p->inclusion, e)) !=
            WB_OK)
        return wb_within(e, st, "our own proof, run verify");
    return WB_OK;
}

static enum wb_status
prove(struct wb_prover *prover, const struct wb_record *r, struct wb_buf *text,
    struct proved *proved, struct wb_error *e)
{
    struct wb_vault *v = prover->v;
    struct wb_tree t;
    struct covering best = {.tree = &t, .leaf = r->leaf};
    struct wb_tree_nodes nodes = {.v = v, .kept = prover->kept};
    const struct wb_merkle_reader reader = {wb_tree_node, &nodes};
    struct wb_entry entry = {0};
    struct wb_proof p = {.index = r->leaf};
    struct wb_buf leaf;
    enum wb_status st;

    wb_buf_init(&leaf, WB_LEAF_BYTES_MAX);
    wb_buf_init(&best.note, WB_NOTE_BYTES_MAX);
    if ((st = wb_tree_find(v, &t, r->tree, e)) != WB_OK ||
        (st = find_covering(v, &best, e)) != WB_OK)
        goto out;
    nodes.first = t.first;
    if ((st = wb_log_read(v, &entry, t.first + r->leaf, e)) != WB_OK ||
        (st = wb_entry_leaf(&leaf, &entry, e)) != WB_OK ||
        (st = wb_merkle_prove_inclusion(
             &p.inclusion, r->leaf, best.size, &reader, e)) != WB_OK)
        goto out;
    p.extra = leaf.data;
    p.extra_size = leaf.size;
    p.checkpoint = (const char *)best.note.data;
    p.checkpoint_size = best.note.size;
    if ((st = check_own(&p, e)) != WB_OK ||
        (st = wb_proof_encode(text, &p, e)) != WB_OK ||
        (st = wb_buf_check(text, e)) != WB_OK)
        goto out;
    wb_clock_text(proved->time, (int64_t)entry.seconds);
    memcpy(proved->salt, entry.time_salt, sizeof proved->salt);
out:
    wb_entry_wipe(&entry);
    wb_buf_wipe(&leaf);
    wb_buf_wipe(&best.note);
    return st;
}

/* The limit on proofs keeps the author's, which is first, and the newest hands that the
 * record went through. */
static enum wb_status
append_proof(struct wb_record *r, const struct wb_buf *text,
    const struct proved *proved, struct wb_error *e)
{
    size_t kept = r->proof_count < WB_PROOFS_MAX ? r->proof_count : WB_PROOFS_MAX - 1;
    size_t drop = r->proof_count - kept;
    struct wb_record_proof *proofs =
        wb_arena_new_array(&r->arena, kept + 1, sizeof *proofs);
    char *copy = wb_arena_copy(&r->arena, text->data, text->size);
    char *time = wb_arena_copy(&r->arena, proved->time, strlen(proved->time));

    if (proofs == NULL || copy == NULL || time == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < kept; i++)
        proofs[i] = r->proofs[i == 0 ? 0 : i + drop];
    proofs[kept] =
        (struct wb_record_proof){.text = copy, .size = text->size, .time = time};
    memcpy(proofs[kept].salt, proved->salt, sizeof proofs[kept].salt);
    r->proofs = proofs;
    r->proof_count = kept + 1;
    return WB_OK;
}

enum wb_status
wb_prove_onto(struct wb_prover *p, struct wb_record *r, struct wb_error *e)
{
    struct proved proved;
    struct wb_buf text;
    enum wb_status st;

    wb_buf_init(&text, WB_PROOF_BYTES_MAX);
    if ((st = prove(p, r, &text, &proved, e)) == WB_OK)
        st = append_proof(r, &text, &proved, e);
    wb_buf_wipe(&text);
    return st;
}

enum wb_status
wb_record_prove(
    struct wb_vault *v, const struct wb_record *r, char **text, struct wb_error *e)
{
    struct wb_prover *p = NULL;
    struct proved proved;
    struct wb_buf out;
    size_t size;
    enum wb_status st = WB_OK;

    wb_buf_init(&out, WB_PROOF_TEXT_MAX + 1);
    if (r->proof_count > 0) /* the author's, also of what came from a field vault */
        wb_buf_add(&out, r->proofs[0].text, r->proofs[0].size);
    else if (r->foreign)
        st = wb_fail(e, WB_ERR_NOT_FOUND, "it came without a proof");
    else if ((st = wb_prover_new(&p, v, e)) == WB_OK)
        st = prove(p, r, &out, &proved, e);
    wb_prover_free(&p);
    wb_buf_add(&out, "", 1);
    if (st == WB_OK && (st = wb_buf_check(&out, e)) == WB_OK)
        *text = (char *)wb_buf_take(&out, &size);
    wb_buf_wipe(&out);
    return st;
}

/* One line of a leaf, without its LF; false where there is none. */
static bool
next_line(const char **at, size_t *left, const char **line, size_t *size)
{
    const char *end = *left == 0 ? NULL : memchr(*at, '\n', *left);

    if (end == NULL)
        return false;
    *line = *at;
    *size = (size_t)(end - *at);
    *left -= *size + 1;
    *at = end + 1;
    return true;
}

static bool
line_is(const char *line, size_t size, const char *text)
{
    return size == strlen(text) && memcmp(line, text, size) == 0;
}

/* Of the actions with a root only shred tells that a record is gone. */
static bool
keeps_a_record(const char *action, size_t size)
{
    for (unsigned i = WB_ACTION_ADD; i < WB_ACTION_SHRED; i++)
        if (line_is(action, size, wb_action_name(i)))
            return true;
    return false;
}

/* The leaf that a proof carries: it must be about this root, by an action that may be.
 */
static enum wb_status
check_leaf(const char *leaf, size_t left, const struct wb_record_proof *p,
    const uint8_t root[static WB_ROOT_BYTES], bool author, struct wb_error *e)
{
    const char *lines[5];
    size_t sizes[5];
    uint8_t hash[WB_HASH_BYTES], expected[WB_HASH_BYTES];

    for (int i = 0; i < 5; i++)
        if (!next_line(&leaf, &left, &lines[i], &sizes[i]))
            return wb_fail(e, WB_ERR_INTEGRITY, "proof: its entry is not a log entry");
    if (left != 0 || !line_is(lines[0], sizes[0], "witnessbox-log/v1") ||
        !wb_hex_decode(hash, sizeof hash, lines[4], sizes[4]) ||
        !wb_hex_decode(hash, sizeof hash, lines[3], sizes[3]))
        return wb_fail(e, WB_ERR_INTEGRITY, "proof: its entry is not a log entry");
    if (author && !line_is(lines[1], sizes[1], "add") &&
        !line_is(lines[1], sizes[1], "amend"))
        return wb_fail(e, WB_ERR_INTEGRITY, "proof: its entry is not the author's");
    if (!keeps_a_record(lines[1], sizes[1]))
        return wb_fail(
            e, WB_ERR_INTEGRITY, "proof: its entry does not say that it is kept");
    if (p->time[0] != '\0') {
        wb_log_time_hash(expected, p->salt, p->time);
        if (memcmp(hash, expected, sizeof hash) != 0)
            return wb_fail(e, WB_ERR_INTEGRITY, "proof: the time is not the entry's");
    }
    if (!wb_hex_decode(hash, sizeof hash, lines[2], sizes[2]) ||
        memcmp(hash, root, sizeof hash) != 0)
        return wb_fail(e, WB_ERR_INTEGRITY, "proof: its entry is of another record");
    return WB_OK;
}

/* The checkpoint of a log whose key nobody here knows: read and used, not believed. */
static enum wb_status
check_unsigned(struct wb_checkpoint *c, const struct wb_proof *proof,
    const uint8_t leaf[static WB_HASH_BYTES], struct wb_error *e)
{
    struct wb_note note;
    enum wb_status st;

    if ((st = wb_note_decode(&note, proof->checkpoint, proof->checkpoint_size, e)) !=
            WB_OK ||
        (st = wb_checkpoint_decode(c, note.text, note.text_size, e)) != WB_OK)
        return st;
    return wb_merkle_check_inclusion(
        &c->head, leaf, proof->index, &proof->inclusion, e);
}

enum wb_status
wb_custody_check_proof(const struct wb_record_proof *p,
    const uint8_t root[static WB_ROOT_BYTES], bool author, const char *vkey,
    struct wb_checkpoint *checkpoint, struct wb_error *e)
{
    uint8_t leaf[WB_HASH_BYTES];
    struct wb_checkpoint c;
    struct wb_note_key key;
    struct wb_proof proof;
    struct wb_buf extra = {0};
    enum wb_status st;

    if ((st = wb_proof_decode(&proof, &extra, p->text, p->size, e)) != WB_OK ||
        (st = check_leaf(
             (const char *)proof.extra, proof.extra_size, p, root, author, e)) != WB_OK)
        goto out;
    wb_merkle_leaf(leaf, proof.extra, proof.extra_size);
    if (vkey == NULL)
        st = check_unsigned(&c, &proof, leaf, e);
    else if ((st = wb_note_key_decode(&key, vkey, strlen(vkey), e)) == WB_OK)
        st = wb_proof_check(&c, &proof, leaf, &key, e);
    if (st == WB_OK && checkpoint != NULL)
        *checkpoint = c;
out:
    wb_buf_wipe(&extra);
    if (st == WB_ERR_FORMAT || st == WB_ERR_NOT_FOUND || st == WB_ERR_VALUE)
        return wb_fail(e, WB_ERR_INTEGRITY, "proof: %s", e == NULL ? "" : e->message);
    return st;
}
