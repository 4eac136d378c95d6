/* vault/custody/heads.c - heads kept beside the log: noted, cosigned, of others
 * (FORMAT.md 10). */
#include "heads.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/words.h"

enum { HEAD_WORDS = 12, WORD_HASH_BYTES = 16 };

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
    while ((st = wb_heads_next(v, &at, &row, e)) == WB_OK) {
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
        st = wb_heads_put(v, row.data, row.size, e);
    wb_buf_wipe(&row);
    return st;
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
    return wb_fail(e, WB_ERR_NOT_FOUND, "%s: not a log of this vault", origin);
}

enum wb_status
wb_head_compare(struct wb_vault *v, const struct wb_checkpoint *c, struct wb_error *e)
{
    uint8_t root[WB_ROOT_BYTES];
    char ours[WB_ROOT_TEXT_BYTES], theirs[WB_ROOT_TEXT_BYTES];
    struct wb_tree t;
    enum wb_status st;

    if ((st = find_tree(v, &t, c->origin, e)) != WB_OK)
        return st;
    if (c->head.size > t.size)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "rolled back: a head of size %llu was noted, this vault is at size %llu: "
            "the "
            "entries after that are lost or hidden",
            (unsigned long long)c->head.size, (unsigned long long)t.size);
    if ((st = wb_tree_root(v, &t, c->head.size, root, e)) != WB_OK)
        return st;
    if (memcmp(root, c->head.root, sizeof root) == 0)
        return WB_OK;
    wb_hex_encode(ours, root, sizeof root);
    wb_hex_encode(theirs, c->head.root, sizeof root);
    return wb_fail(e, WB_ERR_INTEGRITY,
        "fork: at size %llu the noted head has root %.16s, this vault %.16s: two "
        "copies "
        "went on, or the past was rewritten",
        (unsigned long long)c->head.size, theirs, ours);
}

void
wb_head_spell(struct wb_buf *out, const struct wb_checkpoint *c)
{
    static const char label[] = "witnessbox/v1 head";
    uint8_t hash[WB_HASH_BYTES], check[WB_HASH_BYTES];
    struct wb_buf b;

    wb_buf_init(&b, 1024);
    wb_buf_add_text(&b, label);
    wb_put_short(&b, c->origin, strlen(c->origin));
    wb_put_u64(&b, c->head.size);
    wb_buf_add(&b, c->head.root, sizeof c->head.root);
    if (b.failed != WB_OK)
        out->failed = b.failed;
    wb_sha256_of(hash, b.data, b.size);
    wb_sha256_of(check, hash, WORD_HASH_BYTES);
    hash[WORD_HASH_BYTES] = check[0] & 0xf0;
    wb_words_encode(out, hash, HEAD_WORDS);
    wb_buf_wipe(&b);
}
