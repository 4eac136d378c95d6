/* vault/store/chunks.c - attachments written in sealed chunks (FORMAT.md section 8). */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/wire.h"
#include "../crypto/random.h"
#include "chunk_ring.h"

enum { ATTACHMENT_VERSION = 1 };
#define FILE_NUMBER_MAX ((UINT64_C(1) << (63 - WB_CHUNK_NUMBER_BITS)) - 1)

enum wb_status
wb_attachment_new(struct wb_attachment *a, struct wb_error *e)
{
    *a = (struct wb_attachment){0};
    return wb_secret_new(&a->key, WB_KEY_BYTES, e);
}

void
wb_attachment_wipe(struct wb_attachment *a)
{
    wb_secret_free(&a->key);
}

void
wb_attachment_encode(
    const struct wb_attachment *a, uint8_t out[static WB_ATTACHMENT_BYTES])
{
    out[0] = ATTACHMENT_VERSION;
    wb_set_u64(out + 1, a->number);
    memcpy(out + 9, wb_secret_bytes(a->key), WB_KEY_BYTES);
    wb_set_u64(out + 9 + WB_KEY_BYTES, a->size);
}

enum wb_status
wb_attachment_decode(
    struct wb_attachment *a, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct wb_cursor c;
    const uint8_t *key;
    uint64_t number, length;
    uint8_t version;
    enum wb_status st;

    wb_cursor_init(&c, bytes, size);
    version = wb_get_u8(&c);
    number = wb_get_u64(&c);
    key = wb_get_bytes(&c, WB_KEY_BYTES);
    length = wb_get_u64(&c);
    if ((st = wb_cursor_end(&c, e)) != WB_OK)
        return wb_within(e, st, "attachment");
    if (version != ATTACHMENT_VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW, "attachment: version %u", version);
    /* in a field vault somebody else wrote it: its rows must be its own, and counted */
    if (number == 0 || number > FILE_NUMBER_MAX ||
        length > WB_CHUNKS_MAX * WB_CHUNK_BYTES)
        return wb_fail(
            e, WB_ERR_FORMAT, "attachment: a number or size that no file has");
    a->number = number;
    a->size = length;
    memcpy(wb_secret_room(a->key), key, WB_KEY_BYTES);
    return WB_OK;
}

struct wb_chunk_writer {
    struct wb_vault *v;
    struct wb_attachment *a;
    struct wb_chunk_ring ring;
    struct wb_chunk_slot *filling; /* NULL: none is begun */
    uint64_t number;               /* of the chunk that is given next */
};

enum wb_status
wb_chunk_writer_new(struct wb_chunk_writer **w, struct wb_vault *v,
    struct wb_attachment *a, struct wb_error *e)
{
    struct wb_chunk_writer *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    *made = (struct wb_chunk_writer){.v = v, .a = a};
    a->number = v->state.next_file;
    a->size = 0;
    wb_random_secret(a->key);
    if ((st = wb_chunk_ring_init(&made->ring, v, a, wb_chunk_seal, e)) != WB_OK) {
        wb_mem_free(made);
        return st;
    }
    v->state.next_file++;
    v->state.files++;
    *w = made;
    return WB_OK;
}

/* Writes the oldest chunk that was given to be sealed. */
static enum wb_status
write_oldest(struct wb_chunk_writer *w, struct wb_error *e)
{
    const struct wb_chunk_slot *slot = &w->ring.slots[wb_worker_take(w->ring.worker)];
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(w->v, &s, WB_SQL_CHUNK_PUT, e)) != WB_OK)
        return st;
    if (sqlite3_bind_int64(s, 1, wb_chunk_row(w->a, slot->number)) != SQLITE_OK ||
        sqlite3_bind_blob64(
            s, 2, slot->box, slot->size + WB_BOX_TAG_BYTES, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(w->v, s, "attachment", e);
}

/* Has the chunk that was filled sealed, and makes room for the next. */
static enum wb_status
give(struct wb_chunk_writer *w, bool last, struct wb_error *e)
{
    if (w->number >= WB_CHUNKS_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "attachment: limit is 4 TiB");
    w->filling->number = w->number++;
    w->filling->last = last;
    w->filling = NULL;
    wb_worker_give(w->ring.worker);
    return wb_worker_is_full(w->ring.worker) ? write_oldest(w, e) : WB_OK;
}

static enum wb_status
begin_chunk(struct wb_chunk_writer *w, struct wb_error *e)
{
    enum wb_status st = wb_chunk_ring_next(&w->ring, &w->filling, e);

    if (st == WB_OK)
        w->filling->size = 0;
    return st;
}

/* Puts as much into the chunk as there is room for; zeros where `bytes` is NULL. */
static size_t
put_part(struct wb_chunk_slot *slot, const uint8_t *bytes, size_t size)
{
    size_t part = WB_CHUNK_BYTES - slot->size;

    part = part < size ? part : size;
    if (bytes == NULL)
        memset(slot->plain + slot->size, 0, part);
    else
        memcpy(slot->plain + slot->size, bytes, part);
    slot->size += part;
    return part;
}

/* A full chunk is given when more bytes come: only then is it not the last. */
static enum wb_status
fill(struct wb_chunk_writer *w, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    while (size > 0 && st == WB_OK) {
        size_t part = 0;

        if (w->filling == NULL)
            st = begin_chunk(w, e);
        else if (w->filling->size == WB_CHUNK_BYTES)
            st = give(w, false, e);
        else
            part = put_part(w->filling, bytes, size);
        bytes = bytes == NULL ? NULL : bytes + part;
        size -= part;
    }
    return st;
}

enum wb_status
wb_chunk_writer_add(
    struct wb_chunk_writer *w, const void *bytes, size_t size, struct wb_error *e)
{
    enum wb_status st = size == 0 ? WB_OK : fill(w, bytes, size, e);

    if (st == WB_OK)
        w->a->size += size;
    return st;
}

enum wb_status
wb_chunk_writer_end(struct wb_chunk_writer *w, struct wb_error *e)
{
    uint64_t padding = wb_pad_length(w->a->size, WB_FILE_FLOOR_BYTES) - w->a->size;
    enum wb_status st;

    /* then a chunk is begun: an empty file is padded too, a full chunk waits for more
     */
    if ((st = fill(w, NULL, padding, e)) == WB_OK)
        st = give(w, true, e);
    while (st == WB_OK && !wb_worker_is_empty(w->ring.worker))
        st = write_oldest(w, e);
    return st;
}

void
wb_chunk_writer_free(struct wb_chunk_writer **w)
{
    if (*w == NULL)
        return;
    wb_chunk_ring_wipe(&(*w)->ring);
    wb_mem_free(*w);
    *w = NULL;
}
