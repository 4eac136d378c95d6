/* vault/bundle/weigh.c - sizes and hashes of what goes, before anything is written. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../formats/bagit.h"
#include "plan.h"

/* ---- records ---- */

static enum wb_status
weigh_record(struct wb_plan *p, struct wb_plan_record *record, struct wb_vault *v,
    struct wb_buf *json, struct wb_error *e)
{
    struct wb_outgoing_file f = {0};
    struct wb_plan_file file = {.from = record->from};
    struct wb_record *r = NULL;
    enum wb_status st;

    wb_buf_clear(json);
    if ((st = wb_outgoing_open(&r, v, p, &record->from, e)) != WB_OK ||
        (st = wb_outgoing_file(&f, r, e)) != WB_OK ||
        (st = wb_outgoing_write(json, p, record, r, e)) != WB_OK)
        goto out;
    wb_sha256_of(record->json_hash, json->data, json->size);
    record->json_size = json->size;
    p->octets += json->size;
    p->members++;
    if (f.has) {
        memcpy(file.sha256, f.sha256, sizeof file.sha256);
        file.size = f.attachment.size;
        wb_buf_add(&p->files, &file, sizeof file);
    }
    st = wb_buf_check(&p->files, e);
out:
    wb_attachment_wipe(&f.attachment);
    wb_record_free(&r);
    return st;
}

static enum wb_status
weigh_records(struct wb_plan *p, struct wb_vault *v, struct wb_error *e)
{
    struct wb_buf json;
    enum wb_status st = WB_OK;

    wb_buf_init(&json, WB_RECORD_BYTES_MAX);
    for (size_t i = 0; i < wb_plan_record_count(p) && st == WB_OK; i++)
        st = weigh_record(p, wb_plan_record(p, i), v, &json, e);
    wb_buf_wipe(&json);
    return st;
}

/* ---- files ---- */

static int
compare_files(const void *a, const void *b)
{
    return memcmp(a, b, WB_HASH_BYTES);
}

/* Sorted by hash, each once. */
static void
settle(struct wb_plan *p)
{
    size_t count = wb_plan_file_count(p), kept = 0;

    if (count > 1)
        qsort(p->files.data, count, sizeof(struct wb_plan_file), compare_files);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare_files(wb_plan_file(p, i), wb_plan_file(p, kept - 1)) != 0)
            *wb_plan_file(p, kept++) = *wb_plan_file(p, i);
    p->files.size = kept * sizeof(struct wb_plan_file);
}

/* A file cut into parts, hashed one after the other. */
struct cutting {
    struct wb_buf *pieces;
    struct wb_plan_piece piece;
    struct wb_sha256 hash;
};

static void
end_piece(struct cutting *c)
{
    wb_sha256_end(&c->hash, c->piece.hash);
    wb_buf_add(c->pieces, &c->piece, sizeof c->piece);
    wb_sha256_init(&c->hash);
    c->piece.size = 0;
}

static enum wb_status
cut(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct cutting *c = cookie;

    (void)e;
    while (size > 0) {
        uint64_t room = wb_part_bytes - c->piece.size;
        size_t n = size < room ? size : (size_t)room;

        wb_sha256_add(&c->hash, bytes, n);
        c->piece.size += n;
        bytes += n;
        size -= n;
        if (c->piece.size == wb_part_bytes)
            end_piece(c);
    }
    return WB_OK;
}

/* The hash of a file in one piece is the record's word, held against the bytes when
 * they are written; parts have hashes of their own, so those bytes are read here too.
 */
static enum wb_status
weigh_file(struct wb_plan *p, struct wb_plan_file *file, struct wb_vault *v,
    struct wb_error *e)
{
    struct cutting c = {.pieces = &p->pieces};
    struct wb_outgoing_file f;
    enum wb_status st;

    file->first = p->pieces.size / sizeof c.piece;
    if (file->size <= wb_part_bytes) {
        memcpy(c.piece.hash, file->sha256, sizeof c.piece.hash);
        c.piece.size = file->size;
        wb_buf_add(&p->pieces, &c.piece, sizeof c.piece);
        file->count = 1;
        return wb_buf_check(&p->pieces, e);
    }
    if (file->size / wb_part_bytes >= WB_PARTS_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "a file of more than %d parts", WB_PARTS_MAX);
    if ((st = wb_outgoing_find(&f, v, p, &file->from, e)) != WB_OK)
        return st;
    wb_sha256_init(&c.hash);
    st = wb_chunks_read(v, &f.attachment, cut, &c, e);
    wb_attachment_wipe(&f.attachment);
    if (st != WB_OK)
        return st;
    if (c.piece.size > 0)
        end_piece(&c);
    file->count = p->pieces.size / sizeof c.piece - file->first;
    return wb_buf_check(&p->pieces, e);
}

/* After the gate, the redactions and the copies: of what goes, as it goes. */
static enum wb_status
make_page(struct wb_plan *p, struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st;

    if (p->request->page == NULL)
        return WB_OK;
    if ((st = p->request->page(&p->page, v, p, e)) == WB_OK)
        st = wb_buf_check(&p->page, e);
    if (st != WB_OK)
        return wb_within(e, st, "report");
    wb_sha256_of(p->page_hash, p->page.data, p->page.size);
    p->octets += p->page.size;
    p->members++;
    return WB_OK;
}

enum wb_status
wb_plan_weigh(struct wb_plan *p, struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st;

    if ((st = weigh_records(p, v, e)) != WB_OK)
        return st;
    for (size_t i = 0; i < p->redaction.count; i++)
        if (!p->used[i])
            return wb_fail(e, WB_ERR_USAGE,
                "redact: %s: no record that goes and is named by its id has this field",
                p->redaction.items[i]);
    settle(p);
    for (size_t i = 0; i < wb_plan_file_count(p); i++) {
        struct wb_plan_file *file = wb_plan_file(p, i);

        if ((st = weigh_file(p, file, v, e)) != WB_OK)
            return st;
        p->octets += file->size;
        p->members += file->count;
    }
    return make_page(p, v, e);
}

/* ---- manifest ---- */

struct listing {
    enum wb_status (*take)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e);
    void *cookie;
    struct wb_buf line;
};

static enum wb_status
list(struct listing *l, const struct wb_payload *payload, const uint8_t *hash,
    struct wb_error *e)
{
    char name[WB_USTAR_NAME_MAX + 1];
    enum wb_status st;

    wb_payload_name(name, payload);
    wb_buf_clear(&l->line);
    wb_bagit_manifest_put(&l->line, hash, name + sizeof WB_USTAR_ROOT - 1);
    if ((st = wb_buf_check(&l->line, e)) != WB_OK)
        return st;
    return l->take(l->cookie, l->line.data, l->line.size, e);
}

static enum wb_status
list_file(struct listing *l, const struct wb_plan *p, const struct wb_plan_file *file,
    struct wb_error *e)
{
    struct wb_payload payload = {.kind = WB_PAYLOAD_FILE};
    enum wb_status st = WB_OK;

    memcpy(payload.hash, file->sha256, sizeof payload.hash);
    for (size_t i = 0; i < file->count && st == WB_OK; i++) {
        payload.part = file->count == 1 ? WB_PART_NONE : (int)i;
        st = list(l, &payload, wb_plan_piece(p, file->first + i)->hash, e);
    }
    return st;
}

enum wb_status
wb_plan_manifest(const struct wb_plan *p,
    enum wb_status (*take)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    struct listing l = {.take = take, .cookie = cookie};
    struct wb_payload payload = {.kind = WB_PAYLOAD_RECORD};
    enum wb_status st = WB_OK;

    wb_buf_init(&l.line, WB_BAGIT_LINE_MAX + 1);
    for (size_t i = 0; i < wb_plan_file_count(p) && st == WB_OK; i++)
        st = list_file(&l, p, wb_plan_file(p, i), e);
    for (size_t i = 0; i < wb_plan_record_count(p) && st == WB_OK; i++) {
        const struct wb_plan_record *record = wb_plan_record(p, i);

        memcpy(payload.hash, record->root, sizeof payload.hash);
        st = list(&l, &payload, record->json_hash, e);
    }
    payload.kind = WB_PAYLOAD_PAGE;
    if (st == WB_OK && p->page.size > 0)
        st = list(&l, &payload, p->page_hash, e);
    wb_buf_wipe(&l.line);
    return st;
}
