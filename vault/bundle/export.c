/* vault/bundle/export.c - leaving a vault: planned, written, recorded, named. */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "../base/progress.h"
#include "../base/text.h"
#include "allow.h"
#include "handoff.h"
#include "look.h"
#include "tag_files.h"
#include "unlink.h"
#include "writer.h"

struct leaving {
    struct wb_vault *v;
    struct wb_address address;
    struct wb_audience audience;
    struct wb_plan plan;
    struct wb_tag_files tags;
    struct wb_parts out;
    struct wb_writer writer;
    uint8_t file_hash[WB_HASH_BYTES];
    struct wb_id handoff; /* the first of its records */
};

/* ---- writing ---- */

static enum wb_status
write_line(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    return wb_writer_add(cookie, bytes, size, e);
}

static enum wb_status
write_tags(struct leaving *l, struct wb_error *e)
{
    struct wb_writer *w = &l->writer;
    enum wb_status st = WB_OK;

    for (enum wb_tag tag = 0; tag < WB_TAGS && st == WB_OK; tag++) {
        const char *name = wb_tag_name(tag);

        if (tag != WB_TAG_MANIFEST)
            st = wb_writer_member(
                w, name, l->tags.bytes[tag].data, l->tags.bytes[tag].size, e);
        else if ((st = wb_writer_begin(w, name, l->tags.manifest_size, e)) == WB_OK &&
            (st = wb_plan_manifest(&l->plan, write_line, w, e)) == WB_OK)
            st = wb_writer_pad(w, l->tags.manifest_size, e);
    }
    return st;
}

/* A file on its way: which piece of it, and what is left of that. */
struct flow {
    struct leaving *l;
    const struct wb_plan_file *file;
    size_t piece;
    uint64_t left;
    struct wb_sha256 hash;
};

static enum wb_status
begin_piece(struct flow *f, struct wb_error *e)
{
    struct wb_payload payload = {.kind = WB_PAYLOAD_FILE,
        .part = f->file->count == 1 ? WB_PART_NONE : (int)f->piece};
    char name[WB_USTAR_NAME_MAX + 1];

    memcpy(payload.hash, f->file->sha256, sizeof payload.hash);
    wb_payload_name(name, &payload);
    f->left = wb_plan_piece(&f->l->plan, f->file->first + f->piece)->size;
    return wb_writer_begin(&f->l->writer, name, f->left, e);
}

static enum wb_status
end_piece(struct flow *f, struct wb_error *e)
{
    const struct wb_plan_piece *piece =
        wb_plan_piece(&f->l->plan, f->file->first + f->piece);

    f->piece++;
    return wb_writer_pad(&f->l->writer, piece->size, e);
}

static enum wb_status
write_piece(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct flow *f = cookie;
    enum wb_status st = WB_OK;

    wb_sha256_add(&f->hash, bytes, size);
    while (size > 0 && st == WB_OK) {
        size_t n = size < f->left ? size : (size_t)f->left;

        st = wb_writer_add(&f->l->writer, bytes, n, e);
        bytes += n;
        size -= n;
        f->left -= n;
        if (st != WB_OK || f->left > 0)
            continue;
        if ((st = end_piece(f, e)) == WB_OK && f->piece < f->file->count)
            st = begin_piece(f, e);
    }
    return st;
}

static enum wb_status
write_file(struct leaving *l, const struct wb_plan_file *file, struct wb_error *e)
{
    struct flow f = {.l = l, .file = file};
    struct wb_outgoing_file from;
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    wb_sha256_init(&f.hash);
    if ((st = wb_outgoing_find(&from, l->v, &l->plan, &file->from, e)) == WB_OK &&
        (st = begin_piece(&f, e)) == WB_OK)
        st = wb_chunks_read(l->v, &from.attachment, write_piece, &f, e);
    wb_attachment_wipe(&from.attachment);
    if (st != WB_OK)
        return st;
    wb_sha256_end(&f.hash, hash);
    if (memcmp(hash, file->sha256, sizeof hash) != 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "an attachment is not what its evidence record says; `verify --deep`");
    return WB_OK;
}

static enum wb_status
write_record(struct leaving *l, const struct wb_plan_record *record,
    struct wb_buf *json, struct wb_error *e)
{
    struct wb_payload payload = {.kind = WB_PAYLOAD_RECORD};
    char name[WB_USTAR_NAME_MAX + 1];
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    memcpy(payload.hash, record->root, sizeof payload.hash);
    wb_payload_name(name, &payload);
    wb_buf_clear(json);
    if ((st = wb_outgoing_json(json, l->v, &l->plan, record, e)) != WB_OK)
        return st;
    wb_sha256_of(hash, json->data, json->size);
    if (memcmp(hash, record->json_hash, sizeof hash) != 0)
        return wb_fail(e, WB_ERR_INTERNAL, "a record was written in two ways");
    return wb_writer_member(&l->writer, name, json->data, json->size, e);
}

static enum wb_status
write_page(struct leaving *l, struct wb_error *e)
{
    const struct wb_payload payload = {.kind = WB_PAYLOAD_PAGE};
    char name[WB_USTAR_NAME_MAX + 1];

    wb_payload_name(name, &payload);
    return wb_writer_member(&l->writer, name, l->plan.page.data, l->plan.page.size, e);
}

static enum wb_status
write_payload(struct leaving *l, struct wb_error *e)
{
    struct wb_buf json;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_plan_file_count(&l->plan) && st == WB_OK; i++)
        st = write_file(l, wb_plan_file(&l->plan, i), e);
    wb_buf_init(&json, WB_RECORD_BYTES_MAX);
    for (size_t i = 0; i < wb_plan_record_count(&l->plan) && st == WB_OK; i++)
        st = write_record(l, wb_plan_record(&l->plan, i), &json, e);
    wb_buf_wipe(&json);
    if (st == WB_OK && l->plan.page.size > 0)
        st = write_page(l, e);
    return st;
}

static uint64_t
weigh_member(uint64_t size)
{
    return WB_USTAR_BLOCK_BYTES + size + wb_ustar_padding(size);
}

/* The archive that would be written; age adds a header and 16 bytes to each 64 KiB. */
static uint64_t
weigh_archive(const struct leaving *l)
{
    uint64_t content = l->plan.page.size > 0 ? weigh_member(l->plan.page.size) : 0;

    for (int i = 0; i < WB_TAGS; i++)
        content += weigh_member(
            i == WB_TAG_MANIFEST ? l->tags.manifest_size : l->tags.bytes[i].size);
    for (size_t i = 0; i < l->plan.pieces.size / sizeof(struct wb_plan_piece); i++)
        content += weigh_member(wb_plan_piece(&l->plan, i)->size);
    for (size_t i = 0; i < wb_plan_record_count(&l->plan); i++)
        content += weigh_member(wb_plan_record(&l->plan, i)->json_size);
    return wb_ustar_total(content);
}

static enum wb_status
write_bundle(
    struct leaving *l, const struct wb_export_request *request, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_parts_open(&l->out, request->path, request->split, e)) != WB_OK)
        return st;
    wb_progress_begin(weigh_archive(l));
    if ((st = wb_writer_open(&l->writer, &l->out, &l->address, e)) == WB_OK &&
        (st = write_tags(l, e)) == WB_OK && (st = write_payload(l, e)) == WB_OK &&
        (st = wb_writer_end(&l->writer, l->file_hash, e)) == WB_OK)
        st = wb_parts_sync(&l->out, e);
    return st;
}

/* ---- the whole ---- */

static enum wb_status
prepare(struct leaving *l, const struct wb_export_request *request, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_verify_log(l->v, e)) != WB_OK ||
        (st = wb_address_resolve(&l->address, l->v, request, e)) != WB_OK ||
        (st = wb_plan_choose(&l->plan, l->v, request, e)) != WB_OK ||
        (st = wb_audience_find(&l->audience, l->v, &l->address, e)) != WB_OK ||
        (st = wb_allow_plan(&l->plan, l->v, &l->audience, e)) != WB_OK ||
        (st = wb_look_plan(&l->plan, l->v, e)) != WB_OK ||
        (l->plan.unlinked && (st = wb_unlink_plan(&l->plan, l->v, e)) != WB_OK) ||
        (st = wb_plan_weigh(&l->plan, l->v, e)) != WB_OK)
        return st;
    return wb_tag_files_make(&l->tags, l->v, &l->plan, &l->address, e);
}

static void
handed(const void *plan, size_t index, struct wb_handed *out)
{
    const struct wb_plan_record *record = wb_plan_record(plan, index);

    *out = (struct wb_handed){.copied = record->from.copy != NULL};
    wb_unlink_original(record, &out->id, out->root);
    out->copy_id = record->id;
    memcpy(out->copy_root, record->root, WB_ROOT_BYTES);
}

static enum wb_status
keep_handoff(struct leaving *l, struct wb_error *e)
{
    const struct wb_buf *list = &l->tags.bytes[WB_TAG_LIST];
    char sha256[2 * WB_HASH_BYTES + 1], now[WB_TIME_TEXT_BYTES];
    uint8_t tag_manifest[WB_HASH_BYTES];
    const struct wb_handoff h = {.direction = "out",
        .info = &l->tags.info,
        .time = now,
        .contact = l->address.names,
        .sha256 = sha256,
        .tag_manifest = tag_manifest,
        .withheld = l->plan.redaction.items,
        .withheld_count = l->plan.redaction.count,
        .answered = l->plan.request,
        .out = &l->out,
        .total = wb_plan_record_count(&l->plan),
        .record = handed,
        .source = &l->plan};
    struct wb_change *c = NULL;
    enum wb_status st;

    wb_clock_text(now, wb_clock_now()); /* the bundle itself may say less */
    wb_hex_encode(sha256, l->file_hash, sizeof l->file_hash);
    wb_sha256_of(tag_manifest, list->data, list->size);
    if ((st = wb_change_begin(&c, l->v, e)) == WB_OK &&
        (st = wb_handoff_put(c, &l->handoff, &h, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

/* What the vault says has left is not removed again: a name that cannot be given now
 * can be given later. */
static enum wb_status
publish(struct leaving *l, struct wb_error *e)
{
    enum wb_status st;

    wb_parts_keep(&l->out);
    if ((st = wb_parts_publish(&l->out, e)) == WB_OK)
        st = wb_handoff_named(l->v, &l->handoff, e);
    return wb_within(e, st, "the bundle is complete, see `handoffs`");
}

static void
tell(struct wb_exported *exported, const struct leaving *l)
{
    wb_id_text(exported->bundle, &l->tags.info.bundle);
    wb_hex_encode(exported->sha256, l->file_hash, sizeof l->file_hash);
    exported->records = l->tags.info.records;
    exported->files = l->tags.info.files;
    exported->bytes =
        l->writer.bytes > 0 ? l->writer.bytes : weigh_archive(l); /* a plan */
}

/* The file is complete and durable under a temporary name before the vault says that it
 * left, and gets its name only afterwards: no bundle without its entry. */
enum wb_status
wb_export(struct wb_vault *v, const struct wb_export_request *request,
    struct wb_exported *exported, struct wb_error *e)
{
    struct leaving *l = wb_mem_new(sizeof *l);
    enum wb_status st;

    if (l == NULL)
        return wb_fail_memory(e);
    l->v = v;
    wb_plan_init(&l->plan);
    if ((st = prepare(l, request, e)) == WB_OK && request->plan_only)
        tell(exported, l);
    else if (st == WB_OK && (st = write_bundle(l, request, e)) == WB_OK &&
        (st = keep_handoff(l, e)) == WB_OK && (st = publish(l, e)) == WB_OK)
        tell(exported, l);
    wb_parts_close(&l->out);
    wb_writer_free(&l->writer);
    wb_tag_files_wipe(&l->tags);
    wb_plan_wipe(&l->plan);
    wb_address_wipe(&l->address);
    wb_audience_wipe(&l->audience);
    wb_mem_free(l);
    return st;
}
