/* vault/custody/attach.c - evidence files: in by chunks, out again checked. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "../base/progress.h"
#include "../base/text.h"
#include "../crypto/random.h"
#include "refs.h"

enum { READ_BYTES = 256 * 1024 };

/* Reads a file to its end into a new attachment, hashing on the way. */
static enum wb_status
take_in(struct wb_vault *v, struct wb_attachment *a, int fd,
    uint8_t sha256[static WB_HASH_BYTES], struct wb_error *e)
{
    struct wb_chunk_writer *w = NULL;
    struct wb_sha256 h;
    uint8_t *bytes = wb_mem_new(READ_BYTES);
    uint64_t size = 0;
    size_t got = READ_BYTES;
    enum wb_status st;

    if (bytes == NULL)
        return wb_fail_memory(e);
    wb_sha256_init(&h);
    if ((st = wb_file_size(fd, &size, e)) == WB_OK) /* of a pipe 0 */
        st = wb_chunk_writer_new(&w, v, a, e);
    wb_progress_begin(size);
    while (st == WB_OK && got == READ_BYTES)
        if ((st = wb_file_read(fd, bytes, READ_BYTES, &got, e)) == WB_OK) {
            wb_sha256_add(&h, bytes, got);
            st = wb_chunk_writer_add(w, bytes, got, e);
            wb_progress_add(got);
        }
    if (st == WB_OK)
        st = wb_chunk_writer_end(w, e);
    wb_sha256_end(&h, sha256);
    wb_chunk_writer_free(&w);
    wb_mem_free(bytes);
    return st;
}

/* A draft of evidence with the values of another, which may be NULL. */
static enum wb_status
copy_draft(struct wb_draft **d, const struct wb_draft *from, struct wb_error *e)
{
    const struct wb_kind *kind = wb_kind_find("evidence");
    enum wb_status st = wb_draft_new_any(d, kind, e);

    if (st == WB_OK && from != NULL && from->kind != kind)
        st = wb_fail(e, WB_ERR_USAGE, "only a record of kind evidence has a file");
    for (size_t i = 0; st == WB_OK && from != NULL && i < kind->count; i++)
        for (const struct wb_draft_value *value = from->fields[i].first;
             st == WB_OK && value != NULL; value = value->next)
            st = wb_draft_put(
                *d, kind->fields[i].name, value->state, value->text, value->size, e);
    return st;
}

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

/* The fields that the program knows better than the user. */
static enum wb_status
fill_draft(struct wb_draft *d, const struct wb_id *about, const char *name,
    uint64_t size, const uint8_t sha256[static WB_HASH_BYTES], struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES], hex[2 * WB_HASH_BYTES + 1], decimal[24];
    enum wb_status st;

    wb_id_text(id, about);
    wb_hex_encode(hex, sha256, WB_HASH_BYTES);
    (void)snprintf(decimal, sizeof decimal, "%llu", (unsigned long long)size);
    if ((st = put(d, "about", id, e)) != WB_OK ||
        (st = put(d, "file-name", name, e)) != WB_OK ||
        (st = put(d, "sha256", hex, e)) != WB_OK)
        return st;
    return put(d, "size", decimal, e);
}

enum wb_status
wb_change_attach(struct wb_change *c, const struct wb_id *about, int fd,
    const char *name, const struct wb_draft *draft, struct wb_saved *saved,
    struct wb_error *e)
{
    uint8_t sha256[WB_HASH_BYTES], private_part[WB_ATTACHMENT_BYTES];
    struct wb_attachment a = {0};
    struct wb_draft *d = NULL;
    struct wb_id id;
    enum wb_status st;

    if ((st = copy_draft(&d, draft, e)) != WB_OK ||
        (st = wb_attachment_new(&a, e)) != WB_OK ||
        (st = take_in(wb_change_vault(c), &a, fd, sha256, e)) != WB_OK ||
        (st = fill_draft(d, about, name, a.size, sha256, e)) != WB_OK)
        goto out;
    wb_attachment_encode(&a, private_part);
    wb_random(id.bytes, sizeof id.bytes);
    st = wb_change_add_as(c, d, &id, private_part, sizeof private_part, saved, e);
    wb_wipe(private_part, sizeof private_part);
out:
    wb_attachment_wipe(&a);
    wb_draft_free(&d);
    return st;
}

struct taking_out {
    int fd;
    struct wb_sha256 hash;
};

static enum wb_status
write_out(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct taking_out *t = cookie;

    wb_sha256_add(&t->hash, bytes, size);
    wb_progress_add(size);
    return wb_within(e, wb_file_write(t->fd, bytes, size, e), "the file taken out");
}

/* The entry comes first: it is there even if the power fails while the plaintext
 * appears. */
static enum wb_status
log_extract(struct wb_vault *v, const struct wb_record *r, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];
    struct wb_detail detail = {.about = id};
    struct wb_change *c = NULL;
    enum wb_status st;

    wb_id_text(id, &r->id);
    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_change_entry(c, WB_ACTION_EXTRACT, &detail, e)) == WB_OK)
        return wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_extract(
    struct wb_vault *v, const struct wb_record *evidence, int fd, struct wb_error *e)
{
    struct taking_out t = {.fd = fd};
    struct wb_attachment a = {0};
    uint8_t sha256[WB_HASH_BYTES];
    char hex[2 * WB_HASH_BYTES + 1];
    enum wb_status st;

    if (evidence->private_size == 0)
        return wb_fail(e, WB_ERR_NOT_FOUND, "no file is attached to this record here");
    if ((st = wb_attachment_new(&a, e)) != WB_OK ||
        (st = wb_attachment_decode(
             &a, evidence->private_part, evidence->private_size, e)) != WB_OK ||
        (st = log_extract(v, evidence, e)) != WB_OK)
        goto out;
    wb_sha256_init(&t.hash);
    wb_progress_begin(a.size);
    if ((st = wb_chunks_read(v, &a, write_out, &t, e)) != WB_OK)
        goto out;
    wb_sha256_end(&t.hash, sha256);
    wb_hex_encode(hex, sha256, WB_HASH_BYTES);
    if (strcmp(hex, wb_record_text(evidence, "sha256")) != 0)
        st = wb_fail(
            e, WB_ERR_INTEGRITY, "attachment: its bytes are not those recorded");
out:
    wb_attachment_wipe(&a);
    return st;
}
