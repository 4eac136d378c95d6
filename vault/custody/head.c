/* vault/custody/head.c - the head of the log as people carry it: shown, held against,
 * restarted. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../formats/words.h"
#include "heads.h"
#include "identity.h"

enum { WORDS_BYTES_MAX = 512 };

enum wb_status
wb_head(struct wb_vault *v, const char **checkpoint, struct wb_error *e)
{
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st == WB_OK)
        *checkpoint = wb_store_state(v)->checkpoint;
    return st;
}

/* The head that a tree had at `size`. */
static enum wb_status
head_at(struct wb_vault *v, const struct wb_tree *t, uint64_t size,
    struct wb_checkpoint *c, struct wb_error *e)
{
    *c = (struct wb_checkpoint){.head.size = size};
    memcpy(c->origin, t->origin, sizeof t->origin);
    return wb_tree_root(v, t, size, c->head.root, e);
}

enum wb_status
wb_head_words(struct wb_vault *v, char **text, struct wb_error *e)
{
    uint8_t digest[WB_HEAD_DIGEST_BYTES];
    char words[WB_WORDS_TEXT_BYTES];
    struct wb_checkpoint c;
    struct wb_tree t;
    struct wb_buf out;
    size_t size;
    enum wb_status st;

    wb_buf_init(&out, WORDS_BYTES_MAX);
    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_tree_find(v, &t, wb_store_state(v)->tree, e)) != WB_OK ||
        (st = head_at(v, &t, t.size, &c, e)) != WB_OK)
        goto out;
    wb_head_digest(digest, &c);
    wb_words_encode(words, digest, WB_HEAD_WORDS);
    wb_buf_print(&out, "%s\nsize %llu\n", words, (unsigned long long)c.head.size);
    wb_buf_add(&out, "", 1);
    if ((st = wb_buf_check(&out, e)) == WB_OK)
        *text = (char *)wb_buf_take(&out, &size);
out:
    wb_buf_wipe(&out);
    return st;
}

/* ---- a head from outside ---- */

/* Text as people copy it: lines joined, spaces folded, capitals small. */
static void
fold(struct wb_buf *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
            if (out->size > 0 && out->data[out->size - 1] != ' ')
                wb_buf_add(out, " ", 1);
            continue;
        }
        c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        wb_buf_add(out, &c, 1);
    }
    while (out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
}

/* Words tell neither origin nor root: the trees of this vault are asked for that size.
 */
static enum wb_status
find_digest(struct wb_vault *v, const uint8_t digest[static WB_HEAD_DIGEST_BYTES],
    uint64_t size, bool *found, uint64_t *longest, struct wb_error *e)
{
    uint8_t ours[WB_HEAD_DIGEST_BYTES];
    struct wb_checkpoint c;
    struct wb_tree t;
    enum wb_status st = WB_OK;

    for (uint32_t n = wb_store_state(v)->tree + 1; st == WB_OK && !*found && n-- > 0;) {
        if ((st = wb_tree_find(v, &t, n, e)) != WB_OK)
            return st;
        *longest = t.size > *longest ? t.size : *longest;
        if (size > t.size || (st = head_at(v, &t, size, &c, e)) != WB_OK)
            continue;
        wb_head_digest(ours, &c);
        *found = memcmp(ours, digest, sizeof ours) == 0;
    }
    return st;
}

static enum wb_status
check_words(struct wb_vault *v, const char *words, size_t words_size, uint64_t size,
    enum wb_standing *standing, struct wb_error *e)
{
    uint8_t digest[WB_HEAD_DIGEST_BYTES];
    const unsigned long long asked = size;
    uint64_t longest = 0;
    bool found = false;
    enum wb_status st = wb_words_decode(digest, WB_HEAD_WORDS, words, words_size, e);

    if (st != WB_OK)
        return wb_within(e, st, "words of a head");
    if (!wb_head_digest_fits(digest))
        return wb_fail(e, WB_ERR_VALUE,
            "words of a head: they do not fit each other, one is wrong or not in its "
            "place");
    if ((st = find_digest(v, digest, size, &found, &longest, e)) != WB_OK)
        return st;
    *standing = found    ? WB_STANDING_WHOLE
        : size > longest ? WB_STANDING_ROLLED_BACK
                         : WB_STANDING_FORK;
    if (found)
        return WB_OK;
    if (size > longest)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "rolled back, or not this vault's: a head of size %llu was noted, this "
            "vault is at size %llu",
            asked, (unsigned long long)wb_store_state(v)->edge.size);
    return wb_fail(e, WB_ERR_INTEGRITY,
        "fork, or not this vault's: at size %llu this vault has other words", asked);
}

/* "word word ... size N", folded. "size" is in the list of words too: the last one
 * counts. */
static bool
split_words(const char *text, size_t *words_size, uint64_t *size)
{
    static const char mark[] = " size ";
    const char *at = NULL;

    for (const char *next = text; (next = strstr(next, mark)) != NULL; next++)
        at = next;
    if (at == NULL ||
        !wb_decimal_decode(size, at + sizeof mark - 1, strlen(at + sizeof mark - 1)))
        return false;
    *words_size = (size_t)(at - text);
    return true;
}

static enum wb_status
check_note(struct wb_vault *v, const char *text, size_t size,
    enum wb_standing *standing, struct wb_error *e)
{
    struct wb_checkpoint c, opened;
    struct wb_note note;
    enum wb_status st;

    if (wb_note_decode(&note, text, size, NULL) != WB_OK ||
        wb_checkpoint_decode(&c, note.text, note.text_size, NULL) != WB_OK)
        return wb_fail(e, WB_ERR_VALUE,
            "not a head: neither a signed checkpoint nor %d words and a line \"size "
            "N\"",
            WB_HEAD_WORDS);
    st = wb_identity_signed(v, &opened, NULL, &note, e);
    if (st == WB_ERR_NOT_FOUND)
        st = wb_fail(e, st, "%s: not a head of this vault", c.origin);
    return st == WB_OK ? wb_head_compare(v, &opened, standing, e) : st;
}

enum wb_status
wb_head_check(struct wb_vault *v, const char *text, size_t size,
    enum wb_standing *standing, struct wb_error *e)
{
    enum wb_standing found = WB_STANDING_OTHER;
    struct wb_buf folded;
    size_t words_size;
    uint64_t head_size;
    enum wb_status st = wb_store_need_unlocked(v, e);

    wb_buf_init(&folded, WB_NOTE_BYTES_MAX);
    if (st == WB_OK) {
        fold(&folded, text, size);
        st = wb_buf_check(&folded, e);
    }
    if (st == WB_OK && split_words(wb_buf_text(&folded), &words_size, &head_size))
        st = check_words(v, wb_buf_text(&folded), words_size, head_size, &found, e);
    else if (st == WB_OK)
        st = check_note(v, text, size, &found, e);
    wb_buf_wipe(&folded);
    if (standing != NULL)
        *standing = found;
    return st;
}

/* ---- restart ---- */

/* The three lines of a checkpoint as one: what the first entry of the new log commits
 * to. */
static char *
last_head(const struct wb_vault_state *s)
{
    const char *end = strstr(s->checkpoint, "\n\n");
    size_t size = end == NULL ? 0 : (size_t)(end - s->checkpoint);
    char *line = wb_mem_new(size + 1);

    for (size_t i = 0; line != NULL && i < size; i++)
        line[i] = (char)(s->checkpoint[i] == '\n' ? ' ' : s->checkpoint[i]);
    return line;
}

/* Our card names the log: it follows, with the keys as they are or with other ones. */
static enum wb_status
amend_identity(struct wb_change *c, struct wb_identity_keys *other, struct wb_error *e)
{
    const struct wb_detail detail = {.about = "other keys"};
    struct wb_identity_keys keys = {0};
    enum wb_status st;

    if (other != NULL) {
        st = wb_change_entry(c, WB_ACTION_IDENTITY, &detail, e);
        return st == WB_OK ? wb_identity_amend(c, other, e) : st;
    }
    if ((st = wb_identity_open(wb_change_vault(c), &keys, e)) == WB_OK)
        st = wb_identity_amend(c, &keys, e);
    wb_identity_wipe(&keys);
    return st;
}

enum wb_status
wb_head_begin_again(struct wb_vault *v, enum wb_action action, const char *reason,
    const char *about, struct wb_identity_keys *other, struct wb_error *e)
{
    struct wb_detail detail = {.reason = reason, .about = about};
    struct wb_change *c = NULL;
    char *head = NULL;
    enum wb_status st;

    if ((st = wb_store_need_sight(v, e)) != WB_OK ||
        (st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    head = last_head(wb_store_state(v));
    detail.head = head;
    if (head == NULL)
        st = wb_fail_memory(e);
    else if ((st = wb_tree_close(v, e)) == WB_OK &&
        (st = wb_change_entry(c, action, &detail, e)) == WB_OK &&
        (st = amend_identity(c, other, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_mem_free(head);
    return st;
}

enum wb_status
wb_head_restart(struct wb_vault *v, const char *reason, struct wb_error *e)
{
    if (reason[0] == '\0')
        return wb_fail(e, WB_ERR_USAGE, "a restart needs its reason");
    return wb_head_begin_again(v, WB_ACTION_RESTART, reason, NULL, NULL, e);
}
