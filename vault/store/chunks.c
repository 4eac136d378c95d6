/* vault/store/chunks.c - attachments in sealed chunks (FORMAT.md section 8). */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/wire.h"
#include "../crypto/random.h"
#include "session.h"

enum {
    FILE_FLOOR_BYTES = 16384,
    CHUNK_NUMBER_BITS = 24, /* row = file number x 2^24 + chunk number */
    ATTACHMENT_VERSION = 1,
};
#define CHUNKS_MAX (UINT64_C(1) << CHUNK_NUMBER_BITS)

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
    uint8_t version;
    enum wb_status st;

    wb_cursor_init(&c, bytes, size);
    version = wb_get_u8(&c);
    a->number = wb_get_u64(&c);
    key = wb_get_bytes(&c, WB_KEY_BYTES);
    a->size = wb_get_u64(&c);
    if ((st = wb_cursor_end(&c, e)) != WB_OK || key == NULL)
        return wb_within(e, st, "attachment");
    if (version != ATTACHMENT_VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW, "attachment: version %u", version);
    memcpy(wb_secret_room(a->key), key, WB_KEY_BYTES);
    return WB_OK;
}

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

static void
chunk_nonce(uint8_t nonce[static WB_BOX_NONCE_BYTES], uint64_t number, bool last)
{
    memset(nonce, 0, WB_BOX_NONCE_BYTES);
    wb_set_u64(nonce, number);
    nonce[8] = last;
}

static sqlite3_int64
chunk_row(const struct wb_attachment *a, uint64_t number)
{
    return (sqlite3_int64)(a->number << CHUNK_NUMBER_BITS | number);
}

struct wb_chunk_writer {
    struct wb_vault *v;
    struct wb_attachment *a;
    struct wb_secret *key;
    uint8_t *plain, *box;
    size_t filled;
    uint64_t number; /* of the chunk being filled */
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
    made->plain = wb_mem_new(WB_CHUNK_BYTES);
    made->box = wb_mem_new(WB_CHUNK_BYTES + WB_BOX_TAG_BYTES);
    a->number = v->state.next_file;
    a->size = 0;
    wb_random_secret(a->key);
    if (made->plain == NULL || made->box == NULL)
        st = wb_fail_memory(e);
    else
        st = derive_chunk_key(&made->key, v, a, e);
    if (st != WB_OK) {
        wb_chunk_writer_free(&made);
        return st;
    }
    v->state.next_file++;
    v->state.files++;
    *w = made;
    return WB_OK;
}

static enum wb_status
write_chunk(struct wb_chunk_writer *w, size_t size, bool last, struct wb_error *e)
{
    uint8_t nonce[WB_BOX_NONCE_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    if (w->number >= CHUNKS_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "attachment: limit is 4 TiB");
    chunk_nonce(nonce, w->number, last);
    wb_box_seal_at(w->box, w->plain, size, nonce, w->key);
    if ((st = wb_session_statement(w->v, &s, WB_SQL_CHUNK_PUT, e)) != WB_OK)
        return st;
    if (sqlite3_bind_int64(s, 1, chunk_row(w->a, w->number)) != SQLITE_OK ||
        sqlite3_bind_blob64(s, 2, w->box, size + WB_BOX_TAG_BYTES, SQLITE_STATIC) !=
            SQLITE_OK)
        return wb_fail_memory(e);
    w->number++;
    w->filled = 0;
    return wb_session_run(w->v, s, "attachment", e);
}

/* A full chunk is written when more bytes come: only then is it not the last. */
static enum wb_status
fill(struct wb_chunk_writer *w, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    enum wb_status st;

    while (size > 0) {
        size_t part = WB_CHUNK_BYTES - w->filled;

        if (part == 0) {
            if ((st = write_chunk(w, WB_CHUNK_BYTES, false, e)) != WB_OK)
                return st;
            continue;
        }
        part = part < size ? part : size;
        if (bytes == NULL)
            memset(w->plain + w->filled, 0, part);
        else {
            memcpy(w->plain + w->filled, bytes, part);
            bytes += part;
        }
        w->filled += part;
        size -= part;
    }
    return WB_OK;
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
    uint64_t padding = wb_pad_length(w->a->size, FILE_FLOOR_BYTES) - w->a->size;
    enum wb_status st;

    if ((st = fill(w, NULL, padding, e)) != WB_OK)
        return st;
    return write_chunk(w, w->filled, true, e);
}

void
wb_chunk_writer_free(struct wb_chunk_writer **w)
{
    if (*w == NULL)
        return;
    wb_secret_free(&(*w)->key);
    wb_mem_free((*w)->plain);
    wb_mem_free((*w)->box);
    wb_mem_free(*w);
    *w = NULL;
}

/* Opens chunk `number` of a file whose padded length is `padded` into `plain`. */
static enum wb_status
read_chunk(struct wb_vault *v, const struct wb_attachment *a,
    const struct wb_secret *key, uint64_t number, uint64_t padded, uint8_t *plain,
    size_t *size, struct wb_error *e)
{
    const uint64_t at = number * WB_CHUNK_BYTES;
    const bool last = padded - at <= WB_CHUNK_BYTES;
    uint8_t nonce[WB_BOX_NONCE_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    *size = last ? (size_t)(padded - at) : WB_CHUNK_BYTES;
    if ((st = wb_session_statement(v, &s, WB_SQL_CHUNK_GET, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, chunk_row(a, number));
    if ((st = wb_session_row(v, s, "chunk", e)) == WB_OK) {
        chunk_nonce(nonce, number, last);
        if ((size_t)sqlite3_column_bytes(s, 0) != *size + WB_BOX_TAG_BYTES ||
            !wb_box_open_at(
                plain, sqlite3_column_blob(s, 0), *size + WB_BOX_TAG_BYTES, nonce, key))
            st = wb_fail(e, WB_ERR_INTEGRITY, "altered, moved or foreign");
    } else if (st == WB_ERR_NOT_FOUND)
        st = wb_fail(e, WB_ERR_INTEGRITY, "missing");
    (void)sqlite3_reset(s);
    return wb_within(e, st, "attachment %llu: chunk %llu",
        (unsigned long long)a->number, (unsigned long long)number);
}

enum wb_status
wb_chunks_read(struct wb_vault *v, const struct wb_attachment *a,
    enum wb_status (*each)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    uint64_t padded = wb_pad_length(a->size, FILE_FLOOR_BYTES);
    struct wb_secret *key = NULL;
    uint8_t *plain = wb_mem_new(WB_CHUNK_BYTES);
    size_t size;
    enum wb_status st;

    if (plain == NULL)
        return wb_fail_memory(e);
    st = derive_chunk_key(&key, v, a, e);
    for (uint64_t n = 0; st == WB_OK && n * WB_CHUNK_BYTES < padded; n++) {
        uint64_t at = n * WB_CHUNK_BYTES;

        st = read_chunk(v, a, key, n, padded, plain, &size, e);
        if (at + size > a->size) /* the padding is not the file's */
            size = at < a->size ? (size_t)(a->size - at) : 0;
        if (st == WB_OK && size > 0)
            st = each(cookie, plain, size, e);
    }
    wb_secret_free(&key);
    wb_mem_free(plain);
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
    (void)sqlite3_bind_int64(s, 1, chunk_row(a, number));
    (void)sqlite3_bind_int64(s, 2, chunk_row(a, 0) + (sqlite3_int64)CHUNKS_MAX);
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
    (void)sqlite3_bind_int64(s, 1, chunk_row(a, number));
    if (wb_session_row(v, s, "chunk", NULL) == WB_OK) {
        const uint8_t *box = sqlite3_column_blob(s, 0);
        const size_t size = (size_t)sqlite3_column_bytes(s, 0);

        for (uint64_t n = 0; !moved && n < chunks; n++) {
            chunk_nonce(nonce, n, n + 1 == chunks);
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

enum wb_status
wb_chunks_examine(struct wb_vault *v, const struct wb_attachment *a,
    const struct wb_chunk_watch *watch, struct wb_error *e)
{
    const uint64_t padded = wb_pad_length(a->size, FILE_FLOOR_BYTES);
    const uint64_t chunks = (padded + WB_CHUNK_BYTES - 1) / WB_CHUNK_BYTES;
    struct wb_secret *key = NULL;
    uint8_t *plain = wb_mem_new(WB_CHUNK_BYTES);
    enum wb_chunk_fault fault = WB_CHUNK_EXTRA;
    uint64_t extra = 0;
    size_t size;
    enum wb_status st;

    if (plain == NULL)
        return wb_fail_memory(e);
    st = derive_chunk_key(&key, v, a, e);
    for (uint64_t n = 0; st == WB_OK && n < chunks; n++) {
        const uint64_t at = n * WB_CHUNK_BYTES;

        st = read_chunk(v, a, key, n, padded, plain, &size, e);
        if (st == WB_OK) {
            if (at + size > a->size) /* the padding is not the file's */
                size = at < a->size ? (size_t)(a->size - at) : 0;
            st = size == 0 ? WB_OK : watch->each(watch->cookie, plain, size, e);
        } else if (st == WB_ERR_INTEGRITY &&
            (st = diagnose(v, a, key, n, chunks, plain, &fault, e)) == WB_OK)
            watch->fault(watch->cookie, n, fault);
    }
    if (st == WB_OK && (st = count_from(v, a, chunks, &extra, e)) == WB_OK && extra > 0)
        watch->fault(watch->cookie, chunks, WB_CHUNK_EXTRA);
    wb_secret_free(&key);
    wb_mem_free(plain);
    return st;
}

enum wb_status
wb_chunks_remove(struct wb_vault *v, const struct wb_attachment *a, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_CHUNK_REMOVE, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, chunk_row(a, 0));
    (void)sqlite3_bind_int64(s, 2, chunk_row(a, 0) + (sqlite3_int64)CHUNKS_MAX);
    if ((st = wb_session_run(v, s, "attachment", e)) == WB_OK)
        v->state.files--;
    return st;
}
