/* vault/store/chunks_read.c - attachments read back, examined and removed. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../crypto/box.h"
#include "chunk_ring.h"

struct reader {
    struct wb_vault *v;
    const struct wb_attachment *a;
    struct wb_chunk_ring ring;
    uint64_t padded; /* length of the file */
    uint64_t number; /* of the chunk that is read next */
};

static enum wb_status
begin_reading(struct reader *r, struct wb_vault *v, const struct wb_attachment *a,
    struct wb_error *e)
{
    *r = (struct reader){
        .v = v, .a = a, .padded = wb_pad_length(a->size, WB_FILE_FLOOR_BYTES)};
    return wb_chunk_ring_init(&r->ring, v, a, wb_chunk_open, e);
}

/* The box of a chunk, into its slot. */
static enum wb_status
read_box(const struct reader *r, struct wb_chunk_slot *slot, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(r->v, &s, WB_SQL_CHUNK_GET, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, wb_chunk_row(r->a, slot->number));
    if ((st = wb_session_row(r->v, s, "chunk", e)) == WB_OK) {
        if ((size_t)sqlite3_column_bytes(s, 0) == slot->size + WB_BOX_TAG_BYTES)
            memcpy(slot->box, sqlite3_column_blob(s, 0), slot->size + WB_BOX_TAG_BYTES);
        else
            st = WB_ERR_INTEGRITY;
    }
    (void)sqlite3_reset(s);
    return st;
}

/* Gives as many chunks to be opened as there is room for. */
static enum wb_status
read_ahead(struct reader *r, struct wb_error *e)
{
    while (
        !wb_worker_is_full(r->ring.worker) && r->number * WB_CHUNK_BYTES < r->padded) {
        uint64_t left = r->padded - r->number * WB_CHUNK_BYTES;
        struct wb_chunk_slot *slot;
        enum wb_status st = wb_chunk_ring_next(&r->ring, &slot, e);

        if (st != WB_OK)
            return st;
        slot->number = r->number;
        slot->last = left <= WB_CHUNK_BYTES;
        slot->size = slot->last ? (size_t)left : WB_CHUNK_BYTES;
        slot->st = st = read_box(r, slot, e);
        if (st != WB_OK && st != WB_ERR_INTEGRITY && st != WB_ERR_NOT_FOUND)
            return st;
        r->number++;
        wb_worker_give(r->ring.worker);
    }
    return WB_OK;
}

/* The next chunk; NULL behind the last. Its `st` says whether it opened, its size what
 * of it is the file's and not padding. */
static enum wb_status
next_chunk(struct reader *r, struct wb_chunk_slot **chunk, struct wb_error *e)
{
    struct wb_chunk_slot *slot;
    uint64_t at;
    enum wb_status st = read_ahead(r, e);

    *chunk = NULL;
    if (st != WB_OK || wb_worker_is_empty(r->ring.worker))
        return st;
    slot = &r->ring.slots[wb_worker_take(r->ring.worker)];
    at = slot->number * WB_CHUNK_BYTES;
    if (at + slot->size > r->a->size)
        slot->size = at < r->a->size ? (size_t)(r->a->size - at) : 0;
    *chunk = slot;
    return WB_OK;
}

static enum wb_status
refuse(const struct reader *r, const struct wb_chunk_slot *slot, struct wb_error *e)
{
    bool missing = slot->st == WB_ERR_NOT_FOUND;

    return wb_fail(e, WB_ERR_INTEGRITY, "attachment %llu: chunk %llu: %s",
        (unsigned long long)r->a->number, (unsigned long long)slot->number,
        missing ? wb_word("missing") : wb_word("altered, moved or foreign"));
}

enum wb_status
wb_chunks_read(struct wb_vault *v, const struct wb_attachment *a,
    enum wb_status (*each)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    struct wb_chunk_slot *slot = NULL;
    struct reader r;
    enum wb_status st;

    if ((st = begin_reading(&r, v, a, e)) != WB_OK)
        return st;
    while (st == WB_OK && (st = next_chunk(&r, &slot, e)) == WB_OK && slot != NULL) {
        if (slot->st != WB_OK)
            st = refuse(&r, slot, e);
        else if (slot->size > 0)
            st = each(cookie, slot->plain, slot->size, e);
    }
    wb_chunk_ring_wipe(&r.ring);
    return st;
}

/* How many rows there are for this attachment from a chunk on. */
static enum wb_status
count_from(struct wb_vault *v, const struct wb_attachment *a, uint64_t number,
    uint64_t *count, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_CHUNK_COUNT, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, wb_chunk_row(a, number));
    (void)sqlite3_bind_int64(s, 2, wb_chunk_row(a, 0) + (sqlite3_int64)WB_CHUNKS_MAX);
    if ((st = wb_session_row(v, s, "chunk", e)) == WB_OK)
        *count = (uint64_t)sqlite3_column_int64(s, 0);
    (void)sqlite3_reset(s);
    return st;
}

/* Whether the box that lies at `number` is that of another place. */
static bool
is_moved(struct wb_vault *v, const struct wb_attachment *a, const struct wb_secret *key,
    uint64_t number, uint64_t chunks, uint8_t *plain)
{
    uint8_t nonce[WB_BOX_NONCE_BYTES];
    sqlite3_stmt *s;
    bool moved = false;

    if (wb_session_statement(v, &s, WB_SQL_CHUNK_GET, NULL) != WB_OK)
        return false;
    (void)sqlite3_bind_int64(s, 1, wb_chunk_row(a, number));
    if (wb_session_row(v, s, "chunk", NULL) == WB_OK) {
        const uint8_t *box = sqlite3_column_blob(s, 0);
        const size_t size = (size_t)sqlite3_column_bytes(s, 0);

        for (uint64_t n = 0; !moved && n < chunks; n++) {
            wb_chunk_nonce(nonce, n, n + 1 == chunks);
            moved = n != number && size > WB_BOX_TAG_BYTES &&
                size <= WB_CHUNK_BYTES + WB_BOX_TAG_BYTES &&
                wb_box_open_at(plain, box, size, nonce, key);
        }
    }
    (void)sqlite3_reset(s);
    return moved;
}

/* Why a chunk did not open. */
static enum wb_status
diagnose(struct wb_vault *v, const struct wb_attachment *a, const struct wb_secret *key,
    uint64_t number, uint64_t chunks, uint8_t *plain, enum wb_chunk_fault *fault,
    struct wb_error *e)
{
    uint64_t from = 0, behind = 0;
    enum wb_status st;

    if ((st = count_from(v, a, number, &from, e)) != WB_OK ||
        (st = count_from(v, a, number + 1, &behind, e)) != WB_OK)
        return st;
    if (from == 0)
        *fault = WB_CHUNK_TRUNCATED;
    else if (from == behind)
        *fault = WB_CHUNK_MISSING;
    else
        *fault = is_moved(v, a, key, number, chunks, plain) ? WB_CHUNK_MOVED
                                                            : WB_CHUNK_ALTERED;
    return WB_OK;
}

/* Tells what is wrong with a chunk that did not open. */
static enum wb_status
tell(const struct reader *r, const struct wb_chunk_slot *slot,
    const struct wb_chunk_watch *watch, struct wb_error *e)
{
    const uint64_t chunks = (r->padded + WB_CHUNK_BYTES - 1) / WB_CHUNK_BYTES;
    enum wb_chunk_fault fault = WB_CHUNK_EXTRA;
    uint8_t *plain;
    enum wb_status st;

    if ((plain = wb_mem_new(WB_CHUNK_BYTES)) == NULL)
        return wb_fail_memory(e);
    st = diagnose(r->v, r->a, r->ring.key, slot->number, chunks, plain, &fault, e);
    if (st == WB_OK)
        watch->fault(watch->cookie, slot->number, fault);
    wb_mem_free(plain);
    return st;
}

enum wb_status
wb_chunks_examine(struct wb_vault *v, const struct wb_attachment *a,
    const struct wb_chunk_watch *watch, struct wb_error *e)
{
    struct wb_chunk_slot *slot = NULL;
    struct reader r;
    uint64_t extra = 0;
    enum wb_status st;

    if ((st = begin_reading(&r, v, a, e)) != WB_OK)
        return st;
    while (st == WB_OK && (st = next_chunk(&r, &slot, e)) == WB_OK && slot != NULL) {
        if (slot->st != WB_OK)
            st = tell(&r, slot, watch, e);
        else if (slot->size > 0)
            st = watch->each(watch->cookie, slot->plain, slot->size, e);
    }
    if (st == WB_OK && (st = count_from(v, a, r.number, &extra, e)) == WB_OK &&
        extra > 0)
        watch->fault(watch->cookie, r.number, WB_CHUNK_EXTRA);
    wb_chunk_ring_wipe(&r.ring);
    return st;
}

enum wb_status
wb_chunks_remove(struct wb_vault *v, const struct wb_attachment *a, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_CHUNK_REMOVE, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, wb_chunk_row(a, 0));
    (void)sqlite3_bind_int64(s, 2, wb_chunk_row(a, 0) + (sqlite3_int64)WB_CHUNKS_MAX);
    if ((st = wb_session_run(v, s, "attachment", e)) == WB_OK)
        v->state.files--;
    return st;
}
