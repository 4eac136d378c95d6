/* vault/custody/heads.c - heads kept beside the log: noted, cosigned, of others
 * (FORMAT.md 10). */
#include "heads.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"

bool
wb_head_begin(struct wb_cursor *c, const struct wb_buf *plain, uint64_t row,
    enum wb_head_kind kind)
{
    wb_cursor_init(c, plain->data, plain->size);
    return wb_get_u64(c) == row && wb_get_u8(c) == (uint8_t)kind && !c->failed;
}

/* The kept rows of a kind, as notes. */
enum wb_status
wb_head_each(struct wb_vault *v, enum wb_head_kind kind,
    enum wb_status (*each)(void *cookie, const struct wb_checkpoint *c,
        const char *note, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    struct wb_checkpoint checkpoint;
    struct wb_note note;
    struct wb_cursor c;
    struct wb_buf row;
    const uint8_t *text;
    uint64_t at = 0;
    size_t size;
    enum wb_status st;

    wb_buf_init(&row, WB_HEAD_BYTES_MAX);
    while ((st = wb_unlogged_next(v, WB_TABLE_HEADS, &at, &row, e)) == WB_OK) {
        if (!wb_head_begin(&c, &row, at, kind))
            continue;
        text = wb_get_long(&c, &size);
        if ((st = wb_cursor_end(&c, e)) != WB_OK ||
            (st = wb_note_decode(&note, text, size, e)) != WB_OK ||
            (st = wb_checkpoint_decode(&checkpoint, note.text, note.text_size, e)) !=
                WB_OK) {
            st = wb_fail(e, WB_ERR_INTEGRITY, "head row: not as written");
            break;
        }
        if ((st = each(cookie, &checkpoint, (const char *)text, size, e)) != WB_OK)
            break;
    }
    wb_buf_wipe(&row);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

struct looking_for {
    const char *note;
    size_t size;
    bool found;
};

static enum wb_status
is_same(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct looking_for *l = cookie;

    (void)c;
    (void)e;
    l->found |= size == l->size && memcmp(note, l->note, size) == 0;
    return WB_OK;
}

enum wb_status
wb_head_keep(struct wb_vault *v, enum wb_head_kind kind, const char *note, size_t size,
    struct wb_error *e)
{
    struct looking_for l = {.note = note, .size = size};
    struct wb_buf row;
    enum wb_status st = wb_head_each(v, kind, is_same, &l, e);

    if (st != WB_OK || l.found)
        return st;
    wb_buf_init(&row, WB_HEAD_BYTES_MAX);
    wb_put_u64(&row, wb_store_state(v)->next_head);
    wb_put_u8(&row, (uint8_t)kind);
    wb_put_long(&row, note, size);
    if ((st = wb_buf_check(&row, e)) == WB_OK)
        st = wb_unlogged_put(v, WB_TABLE_HEADS, row.data, row.size, e);
    wb_buf_wipe(&row);
    return st;
}

const char *
wb_standing_word(enum wb_standing standing)
{
    static const char *const words[] = {
        [WB_STANDING_WHOLE] = "whole",
        [WB_STANDING_LOST] = "lost",
        [WB_STANDING_ROLLED_BACK] = "rolled back",
        [WB_STANDING_FORK] = "fork",
        [WB_STANDING_OTHER] = "head",
    };

    return words[standing];
}

/* The tree of ours with this origin, newest first. */
static enum wb_status
find_tree(struct wb_vault *v, struct wb_tree *t, const char *origin, struct wb_error *e)
{
    enum wb_status st;

    for (uint32_t n = wb_store_state(v)->tree + 1; n-- > 0;) {
        if ((st = wb_tree_find(v, t, n, e)) != WB_OK)
            return st;
        if (strcmp(t->origin, origin) == 0)
            return WB_OK;
    }
    return wb_fail(e, WB_ERR_NOT_FOUND, "%s", origin);
}

/* A head that is later than its log. */
static enum wb_status
say_later(enum wb_standing *standing, const struct wb_checkpoint *c,
    const struct wb_tree *t, bool closed, struct wb_error *e)
{
    const unsigned long long theirs = c->head.size, ours = t->size;

    if (closed) {
        *standing = WB_STANDING_LOST;
        return wb_fail(e, WB_ERR_INTEGRITY,
            "lost: the log %s was closed by a restart at size %llu, and it had a head "
            "of size %llu: its entries %llu to %llu are not in this copy",
            t->origin, ours, theirs, ours, theirs - 1);
    }
    *standing = WB_STANDING_ROLLED_BACK;
    return wb_fail(e, WB_ERR_INTEGRITY,
        "rolled back: a head of size %llu was noted, this vault is at size %llu: the "
        "entries from %llu on are lost or hidden, or it is a fork and another copy "
        "went on",
        theirs, ours, ours);
}

static enum wb_status
compare(struct wb_vault *v, const struct wb_checkpoint *c, const struct wb_tree *t,
    enum wb_standing *standing, struct wb_error *e)
{
    uint8_t root[WB_ROOT_BYTES];
    char ours[WB_ROOT_TEXT_BYTES], theirs[WB_ROOT_TEXT_BYTES];
    enum wb_status st;

    if (c->head.size > t->size)
        return say_later(standing, c, t, t->number < wb_store_state(v)->tree, e);
    if ((st = wb_tree_root(v, t, c->head.size, root, e)) != WB_OK)
        return st;
    *standing = WB_STANDING_WHOLE;
    if (memcmp(root, c->head.root, sizeof root) == 0)
        return WB_OK;
    *standing = WB_STANDING_FORK;
    wb_hex_encode(ours, root, sizeof root);
    wb_hex_encode(theirs, c->head.root, sizeof root);
    return wb_fail(e, WB_ERR_INTEGRITY,
        "fork: at size %llu the noted head has root %.16s, this vault %.16s: two "
        "copies went on, or the past was rewritten",
        (unsigned long long)c->head.size, theirs, ours);
}

enum wb_status
wb_head_compare(struct wb_vault *v, const struct wb_checkpoint *c,
    enum wb_standing *standing, struct wb_error *e)
{
    enum wb_standing found = WB_STANDING_OTHER;
    struct wb_tree t;
    enum wb_status st = find_tree(v, &t, c->origin, e);

    if (st == WB_ERR_NOT_FOUND) {
        found = WB_STANDING_ROLLED_BACK;
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "rolled back: our key has signed a head of the log %s, size %llu, and this "
            "vault does not have that log: another copy began it",
            c->origin, (unsigned long long)c->head.size);
    } else if (st == WB_OK)
        st = compare(v, c, &t, &found, e);
    if (standing != NULL)
        *standing = found;
    return st;
}

/* The last byte: four check bits, and four that no word holds. */
static uint8_t
check_bits(const uint8_t digest[static WB_HEAD_DIGEST_BYTES])
{
    uint8_t check[WB_HASH_BYTES];

    wb_sha256_of(check, digest, WB_HEAD_DIGEST_BYTES - 1);
    return check[0] & 0xf0;
}

void
wb_head_digest_of(
    uint8_t out[static WB_HEAD_DIGEST_BYTES], const uint8_t hash[static WB_HASH_BYTES])
{
    memcpy(out, hash, WB_HEAD_DIGEST_BYTES - 1);
    out[WB_HEAD_DIGEST_BYTES - 1] = check_bits(out);
}

void
wb_head_digest(uint8_t out[static WB_HEAD_DIGEST_BYTES], const struct wb_checkpoint *c)
{
    static const char label[] = "witnessbox/v1 head";
    uint8_t hash[WB_HASH_BYTES], size[8], length = (uint8_t)strlen(c->origin);
    struct wb_sha256 h;

    wb_set_u64(size, c->head.size);
    wb_sha256_init(&h);
    wb_sha256_add(&h, label, sizeof label - 1);
    wb_sha256_add(&h, &length, 1);
    wb_sha256_add(&h, c->origin, length);
    wb_sha256_add(&h, size, sizeof size);
    wb_sha256_add(&h, c->head.root, sizeof c->head.root);
    wb_sha256_end(&h, hash);
    wb_head_digest_of(out, hash);
}

bool
wb_head_digest_fits(const uint8_t digest[static WB_HEAD_DIGEST_BYTES])
{
    return digest[WB_HEAD_DIGEST_BYTES - 1] == check_bits(digest);
}
