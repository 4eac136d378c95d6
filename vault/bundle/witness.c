/* vault/bundle/witness.c - heads between people: what is common, and asking. */
#include "witness.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/base64.h"
#include "contact.h"

enum { REQUEST_BYTES_MAX = WB_NOTE_BYTES_MAX + 8192 };

/* ---- in common ---- */

static bool
read_key(struct wb_note_key *key, const struct wb_record *r, const char *field)
{
    const char *text = wb_record_text(r, field);

    return wb_note_key_decode(key, text, strlen(text), NULL) == WB_OK;
}

struct showing {
    bool (*each)(void *cookie, const struct wb_note_key *key);
    void *cookie;
    struct wb_note_key last;
};

static bool
show_cosigner(void *cookie, const struct wb_record *r)
{
    struct showing *s = cookie;
    struct wb_note_key key;

    if (!read_key(&key, r, "cosigner") ||
        (strcmp(key.name, s->last.name) == 0 &&
            memcmp(key.public, s->last.public, sizeof key.public) == 0))
        return true;
    s->last = key;
    return s->each(s->cookie, &key);
}

enum wb_status
wb_witness_cosigners(struct wb_vault *v, const struct wb_id *contact,
    bool (*each)(void *cookie, const struct wb_note_key *key), void *cookie,
    struct wb_error *e)
{
    struct showing s = {.each = each, .cookie = cookie};

    return wb_contact_revisions(v, contact, show_cosigner, &s, e);
}

struct looking {
    struct wb_vault *v;
    struct wb_witness_key *k;
    bool is_there; /* a contact of that label */
    struct wb_error *e;
    enum wb_status st;
};

static bool
look_at_key(void *cookie, const struct wb_note_key *key)
{
    struct wb_witness_key *k = cookie;

    if (k->name != NULL && strcmp(key->name, k->name) != 0)
        return true;
    k->found = true;
    k->key = *key;
    return false;
}

static bool
look_at_contact(void *cookie, const struct wb_record *r)
{
    struct looking *l = cookie;
    struct wb_witness_key *k = l->k;
    const char *label = wb_record_text(r, "label");
    struct wb_note_key key;

    if (r->foreign || (k->label != NULL && strcmp(label, k->label) != 0))
        return true;
    l->is_there = true;
    if (k->name != NULL && strcmp(k->field, "cosigner") == 0)
        l->st = wb_witness_cosigners(l->v, &r->id, look_at_key, k, l->e);
    else if (read_key(&key, r, k->field))
        (void)look_at_key(k, &key);
    if (k->found) {
        k->id = r->id;
        wb_text_copy(k->found_label, sizeof k->found_label, label);
    }
    return l->st == WB_OK && !k->found;
}

enum wb_status
wb_witness_key(struct wb_vault *v, struct wb_witness_key *k, struct wb_error *e)
{
    struct looking l = {.v = v, .k = k, .e = e};
    enum wb_status st = wb_contact_records(v, look_at_contact, &l, e);

    if (st == WB_OK)
        st = l.st;
    if (st == WB_OK && !k->found && l.is_there && k->label != NULL)
        return wb_fail(e, WB_ERR_USAGE,
            "%s: the log of a field vault, which cosigns nothing", k->label);
    if (st == WB_OK && !k->found && k->label != NULL)
        return wb_fail(e, WB_ERR_NOT_FOUND,
            "%s: no such contact; `contact list` shows them", k->label);
    if (st == WB_OK && !k->found)
        return wb_fail(e, WB_ERR_POLICY,
            "%s: no contact has this key, add the card of its owner first", k->name);
    return st;
}

void
wb_witness_describe(struct wb_head_note *note, const struct wb_checkpoint *c,
    const char *label, bool ours)
{
    *note = (struct wb_head_note){.size = c->head.size, .ours = ours};
    memcpy(note->origin, c->origin, sizeof note->origin);
    wb_text_copy(note->label, sizeof note->label, label);
}

enum wb_status
wb_witness_take(char **text, struct wb_buf *b, struct wb_error *e)
{
    size_t size;
    enum wb_status st;

    wb_buf_add(b, "", 1);
    if ((st = wb_buf_check(b, e)) == WB_OK)
        *text = (char *)wb_buf_take(b, &size);
    return st;
}

enum wb_status
wb_witness_keep(struct wb_vault *v, enum wb_head_kind kind, const char *note,
    size_t size, const struct wb_detail *cosigned, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_head_keep(v, kind, note, size, e)) == WB_OK &&
        (cosigned == NULL ||
            (st = wb_change_entry(c, WB_ACTION_COSIGN, cosigned, e)) == WB_OK))
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

static enum wb_status
take_newer(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct wb_witness_head *r = cookie;

    (void)note;
    (void)size;
    (void)e;
    if (strcmp(c->origin, r->origin) == 0 &&
        (!r->found || c->head.size >= r->head.size)) {
        r->found = true;
        r->head = c->head;
    }
    return WB_OK;
}

enum wb_status
wb_witness_newest(struct wb_vault *v, struct wb_witness_head *r, enum wb_head_kind kind,
    struct wb_error *e)
{
    return wb_head_each(v, kind, take_newer, r, e);
}

static enum wb_status
compare_same_size(void *cookie, const struct wb_checkpoint *c, const char *note,
    size_t size, struct wb_error *e)
{
    const struct wb_checkpoint *given = cookie;
    const struct wb_witness_head kept = {c->origin, true, c->head};

    (void)note;
    (void)size;
    if (strcmp(c->origin, given->origin) != 0 || c->head.size != given->head.size ||
        memcmp(c->head.root, given->head.root, WB_ROOT_BYTES) == 0)
        return WB_OK;
    return wb_witness_fail(
        &kept, &given->head, "fork: another history of the same size", e);
}

enum wb_status
wb_witness_check_same_size(
    struct wb_vault *v, const struct wb_checkpoint *given, struct wb_error *e)
{
    struct wb_checkpoint copy = *given;
    enum wb_status st = wb_head_each(v, WB_HEAD_COSIGNED, compare_same_size, &copy, e);

    return st != WB_OK ? st
                       : wb_head_each(v, WB_HEAD_FOREIGN, compare_same_size, &copy, e);
}

enum wb_status
wb_witness_fail(const struct wb_witness_head *ours, const struct wb_merkle_head *given,
    const char *what, struct wb_error *e)
{
    char a[WB_ROOT_TEXT_BYTES], b[WB_ROOT_TEXT_BYTES];

    wb_hex_encode(a, ours->head.root, WB_ROOT_BYTES);
    wb_hex_encode(b, given->root, WB_ROOT_BYTES);
    return wb_fail(e, WB_ERR_INTEGRITY,
        "%s: %s: remembered size %llu root %.16s, given size %llu root %.16s",
        ours->origin, what, (unsigned long long)ours->head.size, a,
        (unsigned long long)given->size, b);
}

/* ---- asking ---- */

struct last_cosigned {
    struct wb_vault *v;
    const struct wb_note_key *key;
    const char *origin;
    uint64_t size;
    struct wb_error *e;
    enum wb_status st;
};

static enum wb_status
find_cosigned(void *cookie, const struct wb_checkpoint *c, const char *text,
    size_t size, struct wb_error *e)
{
    struct last_cosigned *last = cookie;
    struct wb_note note;

    (void)e;
    if (strcmp(c->origin, last->origin) == 0 && c->head.size > last->size &&
        wb_note_decode(&note, text, size, NULL) == WB_OK &&
        wb_note_verify(&note, NULL, last->key, NULL) == WB_OK)
        last->size = c->head.size;
    return WB_OK;
}

static bool
find_cosigned_with(void *cookie, const struct wb_note_key *key)
{
    struct last_cosigned *last = cookie;

    last->key = key;
    last->st = wb_head_each(last->v, WB_HEAD_OURS, find_cosigned, last, last->e);
    return last->st == WB_OK;
}

/* What this contact cosigned last of our log: they remember it when their own log has
 * begun anew. */
static enum wb_status
find_last(struct last_cosigned *last, const struct wb_id *contact)
{
    enum wb_status st =
        wb_witness_cosigners(last->v, contact, find_cosigned_with, last, last->e);

    return st == WB_OK ? last->st : st;
}

static enum wb_status
write_request(struct wb_buf *out, struct wb_vault *v, const struct wb_tree *t,
    uint64_t old, struct wb_error *e)
{
    struct wb_tree_nodes nodes = {.v = v, .first = t->first};
    const struct wb_merkle_reader reader = {wb_tree_node, &nodes};
    struct wb_merkle_proof proof;
    enum wb_status st;

    if (old > t->size)
        return wb_fail(e, WB_ERR_USAGE, "from %llu: our log has %llu entries",
            (unsigned long long)old, (unsigned long long)t->size);
    if ((st = wb_merkle_prove_consistency(&proof, old, t->size, &reader, e)) != WB_OK)
        return st;
    wb_buf_print(out, "old %llu\n", (unsigned long long)old);
    for (unsigned i = 0; i < proof.count; i++) {
        wb_base64_put(out, proof.hashes[i], WB_HASH_BYTES, WB_BASE64_PADDED);
        wb_buf_add_text(out, "\n");
    }
    wb_buf_print(out, "\n%s", t->checkpoint);
    return wb_buf_check(out, e);
}

enum wb_status
wb_head_request(struct wb_vault *v, const char *label, int64_t from, char **text,
    struct wb_error *e)
{
    struct wb_witness_key k = {.field = "cosigner", .label = label};
    struct last_cosigned last = {.v = v, .e = e};
    struct wb_tree t;
    struct wb_buf out;
    enum wb_status st;

    wb_buf_init(&out, REQUEST_BYTES_MAX);
    if ((st = wb_verify_log(v, e)) != WB_OK ||
        (st = wb_witness_key(v, &k, e)) != WB_OK ||
        (st = wb_tree_find(v, &t, wb_store_state(v)->tree, e)) != WB_OK)
        goto out;
    last.origin = t.origin;
    if (from != WB_FROM_REMEMBERED)
        last.size = (uint64_t)from;
    else if ((st = find_last(&last, &k.id)) != WB_OK)
        goto out;
    /* kept, so that lines which answer it can be matched when the log has gone on */
    if ((st = write_request(&out, v, &t, last.size, e)) == WB_OK &&
        (st = wb_witness_keep(
             v, WB_HEAD_OURS, t.checkpoint, strlen(t.checkpoint), NULL, e)) == WB_OK)
        st = wb_witness_take(text, &out, e);
out:
    wb_buf_wipe(&out);
    return st;
}
