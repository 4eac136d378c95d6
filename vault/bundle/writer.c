/* vault/bundle/writer.c - a bundle being written: tar inside age, into a file. */
#include "writer.h"

#include "../base/fail.h"
#include "../base/progress.h"
#include "../crypto/random.h"
#include "../formats/age_header.h"
#include "../formats/ustar.h"

enum { ZEROS_BYTES = 64 * 1024, HEADER_BYTES_MAX = 16 * 1024 };
static const uint8_t zeros[ZEROS_BYTES];

/* Everything that reaches the file passes here. */
static enum wb_status
put(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct wb_writer *w = context;

    wb_sha256_add(&w->hash, bytes, size);
    w->bytes += size;
    wb_progress_add(size);
    return wb_within(e, wb_parts_write(w->out, bytes, size, e), "the bundle");
}

/* How many stanzas a stranger sees: whether there are two recipients or four is not his
 * business. */
static size_t
padded(size_t count)
{
    return count <= 4 ? 4 : count <= 8 ? 8 : 16;
}

static enum wb_status
make_header(struct wb_buf *header, const struct wb_address *to,
    const struct wb_secret *file_key, struct wb_error *e)
{
    if (to->passphrase != NULL)
        return wb_age_header_write_scrypt(
            header, to->passphrase, to->passphrase_size, WB_AGE_LOG_N, file_key, e);
    return wb_age_header_write(
        header, to->points[0], to->count, padded(to->count) - to->count, file_key, e);
}

enum wb_status
wb_writer_open(struct wb_writer *w, struct wb_parts *out, const struct wb_address *to,
    struct wb_error *e)
{
    struct wb_age_sink sink = {put, w};
    struct wb_secret *file_key = NULL;
    struct wb_buf header;
    enum wb_status st;

    *w = (struct wb_writer){.out = out};
    wb_sha256_init(&w->hash);
    wb_buf_init(&header, HEADER_BYTES_MAX);
    if ((st = wb_secret_new(&file_key, WB_AGE_FILE_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(file_key);
    if ((st = make_header(&header, to, file_key, e)) == WB_OK &&
        (st = put(w, header.data, header.size, e)) == WB_OK)
        st = wb_age_encoder_new(&w->age, file_key, sink, e);
    wb_buf_wipe(&header);
    wb_secret_free(&file_key);
    return st;
}

void
wb_writer_free(struct wb_writer *w)
{
    wb_age_encoder_free(&w->age);
}

enum wb_status
wb_writer_begin(
    struct wb_writer *w, const char *name, uint64_t size, struct wb_error *e)
{
    uint8_t block[WB_USTAR_BLOCK_BYTES];
    enum wb_status st = wb_ustar_encode(block, name, size, e);

    if (st != WB_OK)
        return st;
    w->content += sizeof block + size + wb_ustar_padding(size);
    return wb_age_encoder_push(w->age, block, sizeof block, e);
}

enum wb_status
wb_writer_add(
    struct wb_writer *w, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    return wb_age_encoder_push(w->age, bytes, size, e);
}

enum wb_status
wb_writer_pad(struct wb_writer *w, uint64_t size, struct wb_error *e)
{
    return wb_age_encoder_push(w->age, zeros, wb_ustar_padding(size), e);
}

enum wb_status
wb_writer_member(struct wb_writer *w, const char *name, const void *bytes, size_t size,
    struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_writer_begin(w, name, size, e)) != WB_OK ||
        (st = wb_writer_add(w, bytes, size, e)) != WB_OK)
        return st;
    return wb_writer_pad(w, size, e);
}

enum wb_status
wb_writer_end(
    struct wb_writer *w, uint8_t hash[static WB_HASH_BYTES], struct wb_error *e)
{
    uint64_t left = wb_ustar_total(w->content) - w->content;
    enum wb_status st = WB_OK;

    while (left > 0 && st == WB_OK) {
        size_t n = left < ZEROS_BYTES ? (size_t)left : ZEROS_BYTES;

        st = wb_age_encoder_push(w->age, zeros, n, e);
        left -= n;
    }
    if (st == WB_OK && (st = wb_age_encoder_end(w->age, e)) == WB_OK)
        wb_sha256_end(&w->hash, hash);
    return st;
}
