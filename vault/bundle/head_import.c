/* vault/bundle/head_import.c - heads and cosignatures from other people, taken in. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "contact.h"
#include "witness.h"

static const char em_dash[] = "\xe2\x80\x94 "; /* what a signature line begins with */

/* Of a note of ours only those lines are kept that somebody known has signed: a head
 * with two lines counts as cosigned. */
struct sifting {
    struct wb_vault *v;
    const struct wb_note *note;
    struct wb_buf lines;
    bool has_signed; /* the contact that is looked at */
    char label[129]; /* of the first contact that cosigned it; "" */
    bool forged;
    struct wb_error *e;
    enum wb_status st;
};

static void
add_line(struct wb_buf *lines, const struct wb_note_signature *s)
{
    wb_buf_add_text(lines, em_dash);
    wb_buf_add(lines, s->name, s->name_size);
    wb_buf_add_text(lines, " ");
    wb_buf_add(lines, s->base64, s->base64_size);
    wb_buf_add_text(lines, "\n");
}

/* The lines of this key, if all of them are good; its first alone where `once`. */
static bool
add_lines_of(struct sifting *s, const struct wb_note_key *key, bool once)
{
    enum wb_status st = wb_note_verify(s->note, NULL, key, NULL);
    bool added = false;

    s->forged |= st == WB_ERR_INTEGRITY;
    for (unsigned i = 0; st == WB_OK && i < s->note->count; i++) {
        const struct wb_note_signature *line = &s->note->signatures[i];

        if (line->id == key->id && line->name_size == strlen(key->name) &&
            memcmp(line->name, key->name, line->name_size) == 0 && !(once && added)) {
            add_line(&s->lines, line);
            added = true;
        }
    }
    return added;
}

static bool
sift_key(void *cookie, const struct wb_note_key *key)
{
    struct sifting *s = cookie;

    s->has_signed |= add_lines_of(s, key, false);
    return true;
}

/* Their earlier keys too: what came after another card was signed before it. */
static bool
sift_contact(void *cookie, const struct wb_record *r)
{
    struct sifting *s = cookie;

    if (r->foreign)
        return true;
    s->has_signed = false;
    s->st = wb_witness_cosigners(s->v, &r->id, sift_key, s, s->e);
    if (s->has_signed && s->label[0] == '\0')
        wb_text_copy(s->label, sizeof s->label, wb_record_text(r, "label"));
    return s->st == WB_OK;
}

/* Keeps the head that `text` is, a note of ours that was compared with our log. */
static enum wb_status
keep_sifted(struct wb_vault *v, const char *text, size_t size,
    struct wb_head_note *said, struct wb_error *e)
{
    struct sifting s = {.v = v, .e = e};
    struct wb_checkpoint c;
    struct wb_note_key key;
    struct wb_note note;
    struct wb_buf out;
    enum wb_status st;

    s.note = &note;
    wb_buf_init(&s.lines, WB_NOTE_BYTES_MAX);
    wb_buf_init(&out, WB_NOTE_BYTES_MAX);
    if ((st = wb_note_decode(&note, text, size, e)) != WB_OK ||
        (st = wb_identity_signed(v, &c, &key, &note, e)) != WB_OK)
        goto out;
    (void)add_lines_of(&s, &key, true);
    if ((st = wb_contact_records(v, sift_contact, &s, e)) != WB_OK ||
        (st = s.st) != WB_OK || (st = wb_buf_check(&s.lines, e)) != WB_OK)
        goto out;
    if (s.forged)
        st = wb_fail(e, WB_ERR_INTEGRITY, "%s: a signature line is forged", c.origin);
    else if ((st = wb_note_encode(&out, note.text, note.text_size,
                  (const char *)s.lines.data, s.lines.size, e)) == WB_OK &&
        (st = wb_witness_keep(
             v, WB_HEAD_OURS, (const char *)out.data, out.size, NULL, e)) == WB_OK)
        wb_witness_describe(said, &c, s.label, true);
out:
    wb_buf_wipe(&s.lines);
    wb_buf_wipe(&out);
    return st;
}

/* Cosignature lines that stand alone belong to a head of ours: the newest, or one asked
 * for. */
struct matching {
    struct wb_vault *v;
    const char *lines;
    size_t size;
    struct wb_witness_key *cosigner;
    struct wb_buf note; /* the head with the lines behind it */
    bool found;
};

/* Appends the note with its own lines and the new ones. Refuses where they are not a
 * note, or the cosigner's line is not good over this text. */
static enum wb_status
join_lines(struct wb_buf *out, const struct matching *m, const struct wb_note *note,
    struct wb_error *e)
{
    struct wb_note joined;
    struct wb_buf lines;
    enum wb_status st;

    wb_buf_init(&lines, WB_NOTE_BYTES_MAX);
    wb_buf_add(&lines, note->lines, note->lines_size);
    if (memmem(note->lines, note->lines_size, m->lines, m->size) == NULL)
        wb_buf_add(&lines, m->lines, m->size);
    if ((st = wb_buf_check(&lines, e)) == WB_OK &&
        (st = wb_note_encode(out, note->text, note->text_size, (const char *)lines.data,
             lines.size, e)) == WB_OK &&
        (st = wb_note_decode(&joined, out->data, out->size, e)) == WB_OK)
        st = wb_note_verify(&joined, NULL, &m->cosigner->key, e);
    wb_buf_wipe(&lines);
    return st;
}

/* One head of ours: is it what the lines are over? Want of memory is no answer to that.
 */
static enum wb_status
try_lines(void *cookie, const struct wb_checkpoint *c, const char *text, size_t size,
    struct wb_error *e)
{
    struct matching *m = cookie;
    struct wb_error reason = {0};
    struct wb_note note;
    struct wb_buf out;
    enum wb_status st;

    (void)c;
    if ((st = wb_note_decode(&note, text, size, e)) != WB_OK)
        return st;
    wb_buf_init(&out, WB_NOTE_BYTES_MAX);
    st = join_lines(&out, m, &note, &reason);
    if (st == WB_OK) {
        m->found = true;
        wb_buf_clear(&m->note);
        wb_buf_add(&m->note, out.data, out.size);
        st = wb_buf_check(&m->note, e);
    } else
        st = st == WB_ERR_MEMORY ? wb_fail_memory(e) : WB_OK;
    wb_buf_wipe(&out);
    return st;
}

/* The name in "— name base64", of which more than the dash is there. */
static bool
line_name(char name[static WB_NOTE_NAME_MAX + 1], const char *text, size_t size)
{
    const size_t skip = sizeof em_dash - 1;
    const char *end = memchr(text + skip, ' ', size - skip);

    if (end == NULL || end - (text + skip) > WB_NOTE_NAME_MAX)
        return false;
    memcpy(name, text + skip, (size_t)(end - (text + skip)));
    name[end - (text + skip)] = '\0';
    return true;
}

static enum wb_status
import_lines(struct wb_vault *v, const char *text, size_t size,
    struct wb_head_note *said, struct wb_error *e)
{
    char name[WB_NOTE_NAME_MAX + 1];
    struct wb_witness_key k = {.field = "cosigner", .name = name};
    struct matching m = {.v = v, .lines = text, .size = size, .cosigner = &k};
    const char *current = wb_store_state(v)->checkpoint;
    struct wb_checkpoint c;
    struct wb_note note;
    enum wb_status st;

    wb_buf_init(&m.note, WB_NOTE_BYTES_MAX);
    if (!line_name(name, text, size))
        return wb_fail(e, WB_ERR_VALUE, "not a cosignature line");
    if ((st = wb_witness_key(v, &k, e)) != WB_OK ||
        (st = wb_note_decode(&note, current, strlen(current), e)) != WB_OK ||
        (st = wb_checkpoint_decode(&c, note.text, note.text_size, e)) != WB_OK ||
        (st = wb_head_each(v, WB_HEAD_OURS, try_lines, &m, e)) != WB_OK ||
        (!m.found && (st = try_lines(&m, &c, current, strlen(current), e)) != WB_OK))
        goto out;
    if (!m.found)
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "%s: its cosignature is over no head that was asked for here",
            k.found_label);
    else
        st = keep_sifted(v, (const char *)m.note.data, m.note.size, said, e);
out:
    wb_buf_wipe(&m.note);
    return st;
}

static bool
is_ours(struct wb_vault *v, const char *origin)
{
    struct wb_tree t;

    for (uint32_t n = 0; n <= wb_store_state(v)->tree; n++)
        if (wb_tree_find(v, &t, n, NULL) == WB_OK && strcmp(t.origin, origin) == 0)
            return true;
    return false;
}

/* Signed by the log's own key: what it said once. Whether it goes on from what is kept
 * is proved when it asks to be cosigned. */
static enum wb_status
import_foreign(struct wb_vault *v, const struct wb_note *note,
    const struct wb_checkpoint *given, const char *text, size_t size,
    struct wb_head_note *said, struct wb_error *e)
{
    struct wb_witness_key k = {.field = "log", .name = given->origin};
    struct wb_checkpoint c;
    enum wb_status st;

    if ((st = wb_witness_key(v, &k, e)) != WB_OK ||
        (st = wb_checkpoint_open(&c, note, &k.key, e)) != WB_OK ||
        (st = wb_witness_check_same_size(v, &c, e)) != WB_OK ||
        (st = wb_witness_keep(v, WB_HEAD_FOREIGN, text, size, NULL, e)) != WB_OK)
        return st;
    wb_witness_describe(said, &c, k.found_label, false);
    return WB_OK;
}

enum wb_status
wb_head_import(struct wb_vault *v, const char *text, size_t size,
    struct wb_head_note *said, struct wb_error *e)
{
    struct wb_error reason = {0};
    enum wb_standing standing;
    struct wb_checkpoint c;
    struct wb_note note;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (size > sizeof em_dash && memcmp(text, em_dash, sizeof em_dash - 1) == 0)
        return import_lines(v, text, size, said, e);
    if (wb_note_decode(&note, text, size, NULL) == WB_OK &&
        wb_checkpoint_decode(&c, note.text, note.text_size, NULL) == WB_OK &&
        !is_ours(v, c.origin))
        return import_foreign(v, &note, &c, text, size, said, e);
    if ((st = wb_head_check(v, text, size, &standing, &reason)) != WB_OK &&
        standing != WB_STANDING_LOST)
        return wb_fail(e, st, "%s", reason.message);
    if (wb_note_decode(&note, text, size, NULL) != WB_OK)
        return wb_fail(e, WB_ERR_USAGE,
            "words are checked with `verify --head`, a checkpoint is what can be kept");
    if ((st = keep_sifted(v, text, size, said, e)) == WB_OK)
        wb_text_copy(said->remark, sizeof said->remark, reason.message);
    return st;
}
