/* vault/store/row.c - a revision on its way in: wrap, body, lookup (FORMAT.md
 * section 6). */
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "../crypto/random.h"
#include "session.h"

enum { KEPT_BYTES = 64 * 1024 }; /* of the memory of one body, for the next */

static enum wb_status
init(struct wb_row *r, struct wb_error *e)
{
    wb_buf_init(&r->plain, WB_VALUE_BYTES_MAX);
    wb_buf_init(&r->box, WB_VALUE_BYTES_MAX);
    return wb_secret_new(&r->key, WB_KEY_BYTES, e);
}

void
wb_row_wipe(struct wb_row *r)
{
    wb_secret_free(&r->key);
    wb_buf_wipe(&r->plain);
    wb_buf_wipe(&r->box);
}

enum wb_status
wb_row_begin(struct wb_vault *v, struct wb_row *r, const struct wb_id *id,
    uint32_t ordinal, const uint8_t *body, size_t size, struct wb_error *e)
{
    const size_t padded =
        (size_t)wb_pad_length(size + WB_BODY_LENGTH_BYTES, WB_BODY_FLOOR_BYTES);
    uint8_t *box;
    enum wb_status st = r->key == NULL ? init(r, e) : WB_OK;

    if (st != WB_OK)
        return st;
    wb_buf_clear(&r->plain);
    wb_put_long(&r->plain, body, size);
    wb_buf_add_zeros(&r->plain, padded - size - WB_BODY_LENGTH_BYTES);
    wb_buf_clear(&r->box);
    box = wb_buf_extend(&r->box, padded + WB_BOX_EXTRA_BYTES);
    if ((st = wb_buf_check(&r->plain, e)) != WB_OK ||
        (st = wb_buf_check(&r->box, e)) != WB_OK)
        return st;
    wb_random_secret(r->key);
    wb_random(box, WB_BOX_NONCE_BYTES);
    memcpy(r->vault, wb_store_vault_id(v), WB_VAULT_ID_BYTES);
    r->wrap =
        (struct wb_wrap){.row = v->state.next_row++, .id = *id, .ordinal = ordinal};
    return WB_OK;
}

void
wb_row_seal(struct wb_row *r, const uint8_t root[static WB_ROOT_BYTES],
    struct wb_secret *scratch)
{
    memcpy(r->wrap.root, root, WB_ROOT_BYTES);
    wb_rows_body_key(scratch, r->key, r->vault, &r->wrap);
    wb_box_seal_at(r->box.data + WB_BOX_NONCE_BYTES, r->plain.data, r->plain.size,
        r->box.data, scratch);
}

/* One large record does not keep its memory for the small ones that follow. */
static void
let_go(struct wb_buf *b)
{
    if (b->room > KEPT_BYTES)
        wb_buf_wipe(b);
}

enum wb_status
wb_row_put(struct wb_vault *v, struct wb_row *r, struct wb_error *e)
{
    struct wb_wrap *w = &r->wrap;
    uint8_t tag[WB_LOOKUP_TAG_BYTES];
    enum wb_status st;

    wb_rows_tag(v, tag, &w->id, w->ordinal);
    if ((st = wb_rows_put_wrap(v, WB_SQL_WRAP_PUT, w, r->key, e)) != WB_OK ||
        (st = wb_rows_put_blob(
             v, WB_SQL_BODY_PUT, w->row, r->box.data, r->box.size, e)) != WB_OK ||
        (st = wb_rows_put_tag(v, tag, w->row, e)) != WB_OK)
        return st;
    v->state.rows++;
    wb_secret_clear(r->key);
    let_go(&r->plain);
    let_go(&r->box);
    return WB_OK;
}

enum wb_status
wb_rows_put(struct wb_vault *v, struct wb_wrap *w, const uint8_t *body, size_t size,
    struct wb_error *e)
{
    struct wb_row *r = &v->writing;
    enum wb_status st = wb_row_begin(v, r, &w->id, w->ordinal, body, size, e);

    if (st != WB_OK)
        return st;
    wb_row_seal(r, w->root, v->scratch);
    w->row = r->wrap.row;
    r->wrap = *w;
    return wb_row_put(v, r, e);
}
