/* vault/bundle/store.c - pass 2 over a bundle: what is new is stored. */
#include "store.h"

#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "claim.h"
#include "merge.h"
#include "reader.h"
#include "receipt.h"
#include "rules.h"

enum {
    STAGED_TAG_BYTES = 4 + WB_HASH_BYTES,   /* "file" and the hash */
    STAGED_BYTES = WB_ATTACHMENT_BYTES + 1, /* and 1 once a record has it */
};

struct storing {
    struct wb_change *c;
    struct wb_vault *v;
    struct wb_bundle_report *report;
    struct wb_untar untar;
    struct wb_payload payload;
    bool is_payload;
    size_t records; /* that came so far */
    uint64_t now;
    /* the file that comes: its writer, NULL while it is not wanted */
    struct wb_chunk_writer *writer;
    struct wb_attachment attachment;
    uint8_t file[WB_HASH_BYTES];
    struct wb_secret *staged; /* STAGED_BYTES, a place for what is put and got */
    struct wb_buf json;
};

static void
staged_tag(uint8_t tag[static STAGED_TAG_BYTES], const uint8_t *sha256)
{
    memcpy(tag, "file", 4);
    memcpy(tag + 4, sha256, WB_HASH_BYTES);
}

/* ---- files: each wanted one becomes an attachment that waits for its record ---- */

static enum wb_status
end_file(struct storing *s, struct wb_error *e)
{
    uint8_t tag[STAGED_TAG_BYTES], *place = wb_secret_room(s->staged);
    enum wb_status st;

    if (s->writer == NULL)
        return WB_OK;
    st = wb_chunk_writer_end(s->writer, e);
    wb_chunk_writer_free(&s->writer);
    if (st != WB_OK)
        return st;
    wb_attachment_encode(&s->attachment, place);
    place[WB_ATTACHMENT_BYTES] = 0;
    staged_tag(tag, s->file);
    return wb_staging_put(s->v, tag, sizeof tag, place, STAGED_BYTES, e);
}

static enum wb_status
begin_file(struct storing *s, struct wb_error *e)
{
    const struct wb_report_file *line = wb_report_file_find(s->report, s->payload.hash);

    memcpy(s->file, s->payload.hash, sizeof s->file);
    if (line == NULL || !line->wanted)
        return WB_OK;
    return wb_chunk_writer_new(&s->writer, s->v, &s->attachment, e);
}

/* ---- records ---- */

/* A second evidence record of the same file gets a copy of its own: shredding one must
 * not touch the other. */
struct copying {
    struct wb_chunk_writer *writer;
};

static enum wb_status
copy_bytes(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct copying *c = cookie;

    return wb_chunk_writer_add(c->writer, bytes, size, e);
}

static enum wb_status
copy_attachment(struct storing *s, struct wb_attachment *copy, struct wb_error *e)
{
    struct copying c = {NULL};
    enum wb_status st = wb_chunk_writer_new(&c.writer, s->v, copy, e);

    if (st == WB_OK &&
        (st = wb_chunks_read(s->v, &s->attachment, copy_bytes, &c, e)) == WB_OK)
        st = wb_chunk_writer_end(c.writer, e);
    wb_chunk_writer_free(&c.writer);
    return st;
}

/* Puts what is staged for this hash into s->attachment; *taken: a record has it. */
static enum wb_status
get_staged(struct storing *s, bool *taken, const uint8_t *sha256, struct wb_error *e)
{
    uint8_t tag[STAGED_TAG_BYTES], *place = wb_secret_room(s->staged);
    struct wb_buf found;
    enum wb_status st;

    staged_tag(tag, sha256);
    wb_buf_init(&found, STAGED_BYTES);
    st = wb_staging_get(s->v, tag, sizeof tag, &found, e);
    if (st == WB_ERR_NOT_FOUND || (st == WB_OK && found.size != STAGED_BYTES))
        st = wb_rule_refuse(e, WB_RULE_CHANGED);
    if (st == WB_OK) {
        memcpy(place, found.data, STAGED_BYTES);
        *taken = place[WB_ATTACHMENT_BYTES] != 0;
        st = wb_attachment_decode(&s->attachment, place, WB_ATTACHMENT_BYTES, e);
    }
    wb_buf_wipe(&found);
    if (st == WB_OK && !*taken) {
        place[WB_ATTACHMENT_BYTES] = 1;
        st = wb_staging_replace(s->v, tag, sizeof tag, place, STAGED_BYTES, e);
    }
    return st;
}

/* The private part of an evidence record: where its file lies. */
static enum wb_status
claim_file(struct storing *s, struct wb_record *r, struct wb_error *e)
{
    struct wb_attachment copy = {0};
    struct wb_claim claim;
    uint8_t *private_part;
    bool taken;
    enum wb_status st = wb_claim_read(&claim, r, e);

    if (st != WB_OK || !claim.has)
        return st;
    private_part = wb_arena_new(&r->arena, WB_ATTACHMENT_BYTES);
    if (private_part == NULL)
        return wb_fail_memory(e);
    if ((st = wb_attachment_new(&copy, e)) != WB_OK ||
        (st = get_staged(s, &taken, claim.sha256, e)) != WB_OK)
        goto out;
    if (taken && (st = copy_attachment(s, &copy, e)) != WB_OK)
        goto out;
    wb_attachment_encode(taken ? &copy : &s->attachment, private_part);
    r->private_part = private_part;
    r->private_size = WB_ATTACHMENT_BYTES;
out:
    wb_attachment_wipe(&copy);
    return st;
}

/* What the log says of a record of this bundle. */
static struct wb_detail
detail_of(const struct wb_bundle_report *report, const char *reason)
{
    const char *label = report->contact.label;

    return (struct wb_detail){.reason = reason,
        .counterpart = label[0] == '\0' ? NULL : label,
        .purpose = report->info.purpose,
        .bundle = report->bundle,
        .sha256 = report->sha256};
}

/* That it came in this bundle. */
static void
mark(const struct storing *s, struct wb_record *r, int latest)
{
    const struct wb_bundle_report *report = s->report;

    r->foreign = true;
    r->latest_said = latest == 1;
    r->provenance = (struct wb_provenance){
        .present = true, .trust = (uint8_t)report->trust, .received = s->now};
    memcpy(
        r->provenance.sender, report->info.sender.point, sizeof r->provenance.sender);
    memcpy(
        r->provenance.bundle, report->info.bundle.bytes, sizeof r->provenance.bundle);
}

static enum wb_status
store_record(struct storing *s, struct wb_record *r, int latest, const char *reason,
    struct wb_error *e)
{
    const struct wb_detail detail = detail_of(s->report, reason);
    enum wb_status st;

    mark(s, r, latest);
    if ((st = claim_file(s, r, e)) != WB_OK)
        return st;
    if ((st = wb_change_store(s->c, WB_ACTION_IMPORT, r, &detail, e)) != WB_OK)
        return st;
    s->report->added++;
    return wb_receipt_mark(s->c, r, s->report->bundle, e);
}

/* What was here stays what it was, with more of it open. Where it came from is said of
 * the better known sender; the log names this bundle in any case. */
static enum wb_status
complete_record(
    struct storing *s, const struct wb_record *r, int latest, struct wb_error *e)
{
    struct wb_detail detail = detail_of(s->report, NULL);
    char bundle[WB_ID_TEXT_BYTES];
    struct wb_record *here = NULL;
    struct wb_gain gain;
    struct wb_id from;
    uint64_t row;
    bool has;
    enum wb_status st;

    if ((st = wb_custody_has(s->v, &has, &row, &r->id, r->root, e)) != WB_OK ||
        (st = wb_custody_open_row(s->v, &here, row, e)) != WB_OK ||
        (st = wb_merge(&gain, here, r, (uint8_t)s->report->trust, e)) != WB_OK)
        goto out;
    if (gain.known)
        mark(s, here, latest);
    memcpy(from.bytes, here->provenance.bundle, sizeof from.bytes);
    wb_id_text(bundle, &from);
    if (!gain.known) {
        detail.about = s->report->bundle;
        detail.bundle = bundle;
    }
    if (gain.filed && (st = claim_file(s, here, e)) != WB_OK)
        goto out;
    st = wb_change_replace(s->c, WB_ACTION_COMPLETE, here, row, &detail, e);
    s->report->completed += st == WB_OK;
out:
    wb_record_free(&here);
    return st;
}

/* The records come in the order of pass 1, or it is not the same file. */
static enum wb_status
end_record(struct storing *s, struct wb_error *e)
{
    const struct wb_report_record *line;
    struct wb_record *r = NULL;
    int latest;
    enum wb_status st;

    if (s->records >= wb_report_record_count(s->report))
        return wb_rule_refuse(e, WB_RULE_CHANGED);
    line = wb_report_record_at(s->report, s->records++);
    if (memcmp(line->root, s->payload.hash, WB_ROOT_PREFIX_BYTES) != 0)
        return wb_rule_refuse(e, WB_RULE_CHANGED);
    if ((line->present && !line->completes) || line->refused)
        return WB_OK;
    if ((st = wb_incoming_read(&r, &latest, &s->payload, &s->json, e)) != WB_OK)
        return st;
    if (memcmp(line->root, r->root, WB_ROOT_BYTES) != 0)
        st = wb_rule_refuse(e, WB_RULE_CHANGED);
    else if (line->completes)
        st = complete_record(s, r, latest, e);
    else
        st = store_record(s, r, latest, line->readmitted, e);
    wb_record_free(&r);
    return st;
}

/* ---- members ---- */

static enum wb_status
begin(void *context, const struct wb_ustar_member *m, struct wb_error *e)
{
    struct storing *s = context;
    enum wb_status st;

    s->is_payload = wb_payload_parse(&s->payload, m->name);
    if (!s->is_payload || s->payload.part > 0)
        return WB_OK; /* or the next part of the same file: pass 1 saw to that */
    if ((st = end_file(s, e)) != WB_OK)
        return st;
    if (s->payload.kind == WB_PAYLOAD_FILE)
        return begin_file(s, e);
    wb_buf_clear(&s->json);
    return WB_OK;
}

static enum wb_status
take(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct storing *s = context;

    if (!s->is_payload)
        return WB_OK;
    if (s->payload.kind == WB_PAYLOAD_FILE)
        return s->writer == NULL ? WB_OK
                                 : wb_chunk_writer_add(s->writer, bytes, size, e);
    if (s->payload.kind == WB_PAYLOAD_PAGE)
        return WB_OK; /* it is the sender's word; ours is made from the records */
    wb_buf_add(&s->json, bytes, size);
    return wb_buf_check(&s->json, e);
}

static enum wb_status
end(void *context, struct wb_error *e)
{
    struct storing *s = context;

    return s->is_payload && s->payload.kind == WB_PAYLOAD_RECORD ? end_record(s, e)
                                                                 : WB_OK;
}

static enum wb_status
push(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct storing *s = context;

    return wb_untar_push(&s->untar, bytes, size, e);
}

/* ---- the whole ---- */

static enum wb_status
read_again(struct storing *s, const struct wb_source *from,
    struct wb_envelope_keys *keys, struct wb_error *e)
{
    struct wb_untar_sink members = {begin, take, end, s};
    struct wb_age_sink plain = {push, s};
    struct wb_envelope seen;
    enum wb_status st;

    wb_untar_init(&s->untar, members);
    if ((st = wb_envelope_read(&seen, from, keys, plain, e)) != WB_OK)
        return st;
    if (memcmp(seen.file_hash, s->report->envelope.file_hash, sizeof seen.file_hash) !=
        0)
        return wb_rule_refuse(e, WB_RULE_CHANGED);
    return wb_staging_clear(s->v, e);
}

enum wb_status
wb_store_pass(struct wb_change *c, struct wb_bundle_report *report,
    const struct wb_source *from, struct wb_envelope_keys *keys, struct wb_error *e)
{
    struct storing *s = wb_mem_new(sizeof *s);
    int64_t now = wb_clock_now();
    enum wb_status st;

    if (s == NULL)
        return wb_fail_memory(e);
    s->c = c;
    s->v = wb_change_vault(c);
    s->report = report;
    s->now = now < 0 ? 0 : (uint64_t)now;
    wb_buf_init(&s->json, WB_RECORD_BYTES_MAX);
    if ((st = wb_secret_new(&s->staged, STAGED_BYTES, e)) == WB_OK &&
        (st = wb_attachment_new(&s->attachment, e)) == WB_OK)
        st = read_again(s, from, keys, e);
    wb_chunk_writer_free(&s->writer);
    wb_attachment_wipe(&s->attachment);
    wb_secret_free(&s->staged);
    wb_buf_wipe(&s->json);
    wb_mem_free(s);
    return st;
}
