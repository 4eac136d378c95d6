/* tests/unit/vectors_tar.c - of tests/vectors/bag.json the member headers and the
 * archive. */
#include "vectors_tar.h"

#include <string.h>

#include "bundle/unpack.h"

enum { ARCHIVE_BYTES_MAX = 1024 * 1024, PIECE_BYTES = 1000 };

void
vectors_ustar(const struct vector *c)
{
    uint8_t block[WB_USTAR_BLOCK_BYTES], given[WB_USTAR_BLOCK_BYTES];
    struct wb_ustar_member m;
    struct wb_error e = {0};

    vector_ok(c,
        wb_ustar_encode(block, vector_text(c, "name"), vector_number(c, "size"), &e),
        &e);
    vector_same(c, "header", block, sizeof block);
    vector_copy(c, "header", given, sizeof given);
    vector_ok(c, wb_ustar_decode(&m, given, &e), &e);
    vector_same_text(c, "name", m.name);
    vector_same_number(c, "size", m.size);
}

/* Headers of the case have no zeros at their end. */
static void
put_header(const struct vector *c, size_t index, struct wb_buf *out)
{
    struct vector_bytes given = vector_bytes_at(c, "headers", index);
    uint8_t block[WB_USTAR_BLOCK_BYTES];
    size_t size = sizeof block;
    struct wb_error e = {0};

    vector_ok(c,
        wb_ustar_encode(block, vector_text_at(c, "names", index),
            vector_bytes_at(c, "data", index).size, &e),
        &e);
    while (size > given.size && block[size - 1] == 0)
        size--;
    vector_same_at(c, "headers", index, block, size);
    wb_buf_add(out, block, sizeof block);
}

static void
put_archive(const struct vector *c, struct wb_buf *out)
{
    uint8_t hash[WB_HASH_BYTES];
    struct wb_error e = {0};

    vector_same_count(c, "data", vector_count(c, "names"));
    vector_same_count(c, "headers", vector_count(c, "names"));
    for (size_t i = 0; i < vector_count(c, "names"); i++) {
        struct vector_bytes data = vector_bytes_at(c, "data", i);

        put_header(c, i, out);
        wb_buf_add(out, data.data, data.size);
        wb_buf_add_zeros(out, wb_ustar_padding(data.size));
    }
    wb_buf_add_zeros(out, (size_t)wb_ustar_total(out->size) - out->size);
    vector_ok(c, wb_buf_check(out, &e), &e);
    vector_same_number(c, "size", out->size);
    wb_sha256_of(hash, out->data, out->size);
    vector_same(c, "sha256", hash, sizeof hash);
}

/* What comes out of the archive, compared member by member. */
struct unpacked {
    const struct vector *c;
    size_t members;
    struct wb_buf data;
};

static enum wb_status
begin_member(void *context, const struct wb_ustar_member *m, struct wb_error *e)
{
    struct unpacked *u = context;

    (void)e;
    vector_true(
        u->c, strcmp(vector_text_at(u->c, "names", u->members), m->name) == 0, m->name);
    wb_buf_clear(&u->data);
    return WB_OK;
}

static enum wb_status
take_member(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct unpacked *u = context;

    (void)e;
    wb_buf_add(&u->data, bytes, size);
    return WB_OK;
}

static enum wb_status
end_member(void *context, struct wb_error *e)
{
    struct unpacked *u = context;

    (void)e;
    vector_same_at(u->c, "data", u->members++, u->data.data, u->data.size);
    return WB_OK;
}

void
vectors_archive(const struct vector *c)
{
    struct unpacked u = {.c = c};
    struct wb_buf archive;
    struct wb_untar untar;
    struct wb_error e = {0};

    wb_buf_init(&archive, ARCHIVE_BYTES_MAX);
    wb_buf_init(&u.data, ARCHIVE_BYTES_MAX);
    put_archive(c, &archive);
    wb_untar_init(
        &untar, (struct wb_untar_sink){begin_member, take_member, end_member, &u});
    for (size_t at = 0; at < archive.size; at += PIECE_BYTES) {
        size_t left = archive.size - at;

        vector_ok(c,
            wb_untar_push(
                &untar, archive.data + at, left < PIECE_BYTES ? left : PIECE_BYTES, &e),
            &e);
    }
    vector_ok(c, wb_untar_end(&untar, &e), &e);
    vector_same_count(c, "names", u.members);
    wb_buf_wipe(&u.data);
    wb_buf_wipe(&archive);
}
