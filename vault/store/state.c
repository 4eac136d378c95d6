/* vault/store/state.c - the sealed state: what must stay true of the whole vault. */
#include "state.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../base/wire.h"

enum {
    STATE_VERSION = 1,
    STATE_STEP_BYTES = 8192,
    STATE_BYTES_MAX = 7 * STATE_STEP_BYTES,
};

static enum wb_status
refuse(struct wb_error *e)
{
    return wb_fail(e, WB_ERR_FORMAT, "state: not as format 1 has it");
}

static void
put_set(struct wb_buf *b, const struct wb_row_set *set)
{
    wb_put_u64(b, set->count);
    wb_buf_add(b, set->hash, sizeof set->hash);
}

static void
put_slots(struct wb_buf *b, const struct wb_vault_state *s)
{
    for (int i = 0; i < WB_SLOTS; i++) {
        wb_put_u8(b, (uint8_t)s->slots[i].kind);
        wb_buf_add(b, s->slots[i].point, sizeof s->slots[i].point);
        wb_put_short(b, s->slots[i].label, strlen(s->slots[i].label));
    }
}

static void
put_tree(struct wb_buf *b, const struct wb_vault_state *s)
{
    wb_put_u32(b, s->tree);
    wb_put_u64(b, s->tree_first);
    wb_put_short(b, s->origin, strlen(s->origin));
    wb_put_u64(b, s->edge.size);
    wb_put_u8(b, (uint8_t)s->edge.count);
    wb_buf_add(b, s->edge.hashes, s->edge.count * sizeof s->edge.hashes[0]);
    wb_put_medium(b, s->checkpoint, strlen(s->checkpoint));
    wb_put_u64(b, s->last_time);
}

enum wb_status
wb_state_encode(
    struct wb_secret **out, const struct wb_vault_state *s, struct wb_error *e)
{
    struct wb_buf b;
    size_t epochs_at, seed_at = 0, size;
    enum wb_status st;

    wb_buf_init(&b, STATE_BYTES_MAX);
    wb_put_u16(&b, STATE_VERSION);
    wb_put_u64(&b, s->generation);
    wb_buf_add(&b, s->header_hash, sizeof s->header_hash);
    put_slots(&b, s);
    wb_buf_add(&b, s->identity.bytes, sizeof s->identity.bytes);
    wb_put_u16(&b, s->epoch_count);
    epochs_at = b.size; /* keys go straight from secret to secret, below */
    wb_buf_add_zeros(&b, (size_t)s->epoch_count * WB_KEY_BYTES);
    wb_put_u64(&b, s->next_row);
    wb_put_u64(&b, s->next_log);
    wb_put_u64(&b, s->next_head);
    wb_put_u64(&b, s->next_draft);
    wb_put_u64(&b, s->next_file);
    wb_put_u64(&b, s->rows);
    wb_put_u64(&b, s->files);
    put_tree(&b, s);
    put_set(&b, &s->heads);
    put_set(&b, &s->drafts);
    put_set(&b, &s->pages);
    wb_put_u32(&b, s->index_tree);
    wb_put_u64(&b, s->index_leaf);
    wb_put_u8(&b, s->field_log != NULL);
    if (s->field_log != NULL) {
        wb_buf_add(&b, s->field_owner, sizeof s->field_owner);
        seed_at = b.size;
        wb_buf_add_zeros(&b, WB_KEY_BYTES);
    }
    size = (b.size + STATE_STEP_BYTES - 1) / STATE_STEP_BYTES * STATE_STEP_BYTES;
    if ((st = wb_buf_check(&b, e)) == WB_OK &&
        (st = wb_secret_new(out, size, e)) == WB_OK) {
        memcpy(wb_secret_room(*out), b.data, b.size);
        memcpy(wb_secret_room(*out) + epochs_at, wb_secret_bytes(s->epochs),
            (size_t)s->epoch_count * WB_KEY_BYTES);
        if (s->field_log != NULL)
            memcpy(wb_secret_room(*out) + seed_at, wb_secret_bytes(s->field_log),
                WB_KEY_BYTES);
    }
    wb_buf_wipe(&b);
    return st;
}

static void
get_set(struct wb_cursor *c, struct wb_row_set *set)
{
    set->count = wb_get_u64(c);
    wb_get_copy(c, set->hash, sizeof set->hash);
}

/* A text of at most `max` bytes into a C string; fails the cursor for anything else. */
static void
get_text(struct wb_cursor *c, char *out, size_t max, const uint8_t *at, size_t size)
{
    if (at == NULL || size > max || memchr(at, '\0', size) != NULL ||
        wb_text_check(at, size, NULL) != WB_OK) {
        c->failed = true;
        return;
    }
    memcpy(out, at, size);
    out[size] = '\0';
}

static void
get_slots(struct wb_cursor *c, struct wb_vault_state *s)
{
    for (int i = 0; i < WB_SLOTS; i++) {
        struct wb_slot_note *slot = &s->slots[i];
        size_t size;
        const uint8_t *at;
        uint8_t kind = wb_get_u8(c);

        slot->kind = kind;
        wb_get_copy(c, slot->point, sizeof slot->point);
        at = wb_get_short(c, &size);
        get_text(c, slot->label, WB_LABEL_BYTES_MAX, at, size);
        c->failed |= kind > WB_SLOT_OWNER;
    }
}

static void
get_tree(struct wb_cursor *c, struct wb_vault_state *s)
{
    const uint8_t *at;
    size_t size;

    s->tree = wb_get_u32(c);
    s->tree_first = wb_get_u64(c);
    at = wb_get_short(c, &size);
    get_text(c, s->origin, WB_ORIGIN_BYTES_MAX, at, size);
    s->edge.size = wb_get_u64(c);
    s->edge.count = wb_get_u8(c);
    if (s->edge.size > WB_MERKLE_SIZE_MAX ||
        s->edge.count != wb_merkle_edge_count(s->edge.size)) {
        c->failed = true;
        return;
    }
    wb_get_copy(c, s->edge.hashes, s->edge.count * sizeof s->edge.hashes[0]);
    at = wb_get_medium(c, &size);
    get_text(c, s->checkpoint, WB_CHECKPOINT_BYTES_MAX, at, size);
    s->last_time = wb_get_u64(c);
}

static enum wb_status
get_epochs(struct wb_cursor *c, struct wb_vault_state *s, struct wb_error *e)
{
    const uint8_t *keys;
    enum wb_status st;

    s->epoch_count = wb_get_u16(c);
    keys = wb_get_bytes(c, (size_t)s->epoch_count * WB_KEY_BYTES);
    if (keys == NULL || s->epoch_count == 0 || s->epoch_count > WB_EPOCHS_MAX)
        return refuse(e);
    st = wb_secret_new(&s->epochs, (size_t)s->epoch_count * WB_KEY_BYTES, e);
    if (st == WB_OK)
        memcpy(wb_secret_room(s->epochs), keys, wb_secret_size(s->epochs));
    return st;
}

/* Of a field vault: whom it is for, and what its log is signed with. */
static enum wb_status
get_field(struct wb_cursor *c, struct wb_vault_state *s, struct wb_error *e)
{
    uint8_t has = wb_get_u8(c);
    enum wb_status st;

    c->failed |= has > 1;
    if (c->failed || has == 0)
        return WB_OK;
    if ((st = wb_secret_new(&s->field_log, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_get_copy(c, s->field_owner, sizeof s->field_owner);
    wb_get_copy(c, wb_secret_room(s->field_log), WB_KEY_BYTES);
    return WB_OK;
}

/* What is left must be the padding: zeros, less than a step, up to a whole one. */
static bool
is_padding(const struct wb_cursor *c, size_t whole)
{
    for (size_t i = 0; i < c->left; i++)
        if (c->at[i] != 0)
            return false;
    return !c->failed && c->left < STATE_STEP_BYTES && whole % STATE_STEP_BYTES == 0;
}

enum wb_status
wb_state_decode(
    struct wb_vault_state *s, const struct wb_secret *plain, struct wb_error *e)
{
    struct wb_vault_state got = {0};
    struct wb_cursor c;
    uint16_t version;
    enum wb_status st;

    wb_cursor_init(&c, wb_secret_bytes(plain), wb_secret_size(plain));
    version = wb_get_u16(&c);
    if (version > STATE_VERSION)
        return wb_fail(
            e, WB_ERR_TOO_NEW, "state: version %u is newer than this program", version);
    got.generation = wb_get_u64(&c);
    wb_get_copy(&c, got.header_hash, sizeof got.header_hash);
    get_slots(&c, &got);
    wb_get_copy(&c, got.identity.bytes, sizeof got.identity.bytes);
    if ((st = get_epochs(&c, &got, e)) != WB_OK)
        goto out;
    got.next_row = wb_get_u64(&c);
    got.next_log = wb_get_u64(&c);
    got.next_head = wb_get_u64(&c);
    got.next_draft = wb_get_u64(&c);
    got.next_file = wb_get_u64(&c);
    got.rows = wb_get_u64(&c);
    got.files = wb_get_u64(&c);
    get_tree(&c, &got);
    get_set(&c, &got.heads);
    get_set(&c, &got.drafts);
    get_set(&c, &got.pages);
    got.index_tree = wb_get_u32(&c);
    got.index_leaf = wb_get_u64(&c);
    if ((st = get_field(&c, &got, e)) == WB_OK &&
        (version != STATE_VERSION || !is_padding(&c, wb_secret_size(plain))))
        st = refuse(e);
out:
    if (st == WB_OK)
        *s = got;
    else
        wb_state_wipe(&got);
    return st;
}

void
wb_state_wipe(struct wb_vault_state *s)
{
    wb_secret_free(&s->epochs);
    wb_secret_free(&s->field_log);
    wb_wipe(s, sizeof *s);
}
