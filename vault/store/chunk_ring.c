/* vault/store/chunk_ring.c - slots of plaintext and box, and what happens in between.
 */
#include "chunk_ring.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/wire.h"

/* The chunk key of a file: a new secret. */
static enum wb_status
derive_chunk_key(struct wb_secret **key, struct wb_vault *v,
    const struct wb_attachment *a, struct wb_error *e)
{
    uint8_t context[WB_VAULT_ID_BYTES + 8];
    enum wb_status st = wb_secret_new(key, WB_KEY_BYTES, e);

    if (st != WB_OK)
        return st;
    memcpy(context, wb_header_vault_id(&v->header), WB_VAULT_ID_BYTES);
    wb_set_u64(context + WB_VAULT_ID_BYTES, a->number);
    wb_kdf_derive(*key, a->key, "chunk", context, sizeof context);
    return WB_OK;
}

void
wb_chunk_nonce(uint8_t nonce[static WB_BOX_NONCE_BYTES], uint64_t number, bool last)
{
    memset(nonce, 0, WB_BOX_NONCE_BYTES);
    wb_set_u64(nonce, number);
    nonce[8] = last;
}

sqlite3_int64
wb_chunk_row(const struct wb_attachment *a, uint64_t number)
{
    return (sqlite3_int64)(a->number << WB_CHUNK_NUMBER_BITS | number);
}

void
wb_chunk_seal(void *ring, unsigned slot)
{
    const struct wb_chunk_ring *r = ring;
    const struct wb_chunk_slot *s = &r->slots[slot];
    uint8_t nonce[WB_BOX_NONCE_BYTES];

    wb_chunk_nonce(nonce, s->number, s->last);
    wb_box_seal_at(s->box, s->plain, s->size, nonce, r->key);
}

void
wb_chunk_open(void *ring, unsigned slot)
{
    struct wb_chunk_ring *r = ring;
    struct wb_chunk_slot *s = &r->slots[slot];
    uint8_t nonce[WB_BOX_NONCE_BYTES];

    wb_chunk_nonce(nonce, s->number, s->last);
    if (s->st == WB_OK &&
        !wb_box_open_at(s->plain, s->box, s->size + WB_BOX_TAG_BYTES, nonce, r->key))
        s->st = WB_ERR_INTEGRITY;
}

void
wb_chunk_ring_wipe(struct wb_chunk_ring *r)
{
    wb_worker_free(&r->worker);
    for (int i = 0; i < WB_CHUNK_SLOTS; i++) {
        wb_mem_free(r->slots[i].plain);
        wb_mem_free(r->slots[i].box);
    }
    wb_secret_free(&r->key);
    *r = (struct wb_chunk_ring){0};
}

enum wb_status
wb_chunk_ring_init(struct wb_chunk_ring *r, struct wb_vault *v,
    const struct wb_attachment *a, void (*work)(void *ring, unsigned slot),
    struct wb_error *e)
{
    enum wb_status st;

    *r = (struct wb_chunk_ring){0};
    if ((st = derive_chunk_key(&r->key, v, a, e)) != WB_OK ||
        (st = wb_worker_new(&r->worker, WB_CHUNK_SLOTS, work, r, e)) != WB_OK)
        wb_chunk_ring_wipe(r);
    return st;
}

enum wb_status
wb_chunk_ring_next(
    struct wb_chunk_ring *r, struct wb_chunk_slot **slot, struct wb_error *e)
{
    struct wb_chunk_slot *s = &r->slots[wb_worker_next(r->worker)];

    if (s->plain == NULL)
        s->plain = wb_mem_new(WB_CHUNK_BYTES);
    if (s->box == NULL)
        s->box = wb_mem_new(WB_CHUNK_BYTES + WB_BOX_TAG_BYTES);
    if (s->plain == NULL || s->box == NULL)
        return wb_fail_memory(e);
    *slot = s;
    return WB_OK;
}
