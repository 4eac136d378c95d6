/* vault/bundle/reader.c - pass 1 over a bundle: everything checked, nothing stored. */
#include "reader.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../formats/bagit.h"
#include "card.h"
#include "handoff.h"
#include "rules.h"
#include "sender_head.h"

#define NAMES_BYTES_MAX ((size_t)1 << 36)

/* The file whose bytes are coming, or came last: parts follow one another. */
struct file {
    bool open;
    uint8_t name[WB_HASH_BYTES];
    struct wb_sha256 hash; /* over all parts; else it is the member's */
    uint8_t member[WB_HASH_BYTES];
    uint64_t size;
    int parts; /* WB_PART_NONE: it is not in parts */
    bool last; /* its last part was there: shorter than the others */
};

struct reader {
    struct wb_vault *v;
    struct wb_envelope_keys *keys;
    struct wb_bundle_report *report;
    struct wb_untar untar;
    struct wb_tags tags;
    int tags_done;
    struct wb_logs logs;
    struct wb_ustar_member member;
    struct wb_payload payload;
    char before[WB_USTAR_NAME_MAX + 1]; /* the payload member before this one */
    struct wb_sha256 hash;              /* of the member */
    struct wb_sha256 manifest;          /* built again, line by line */
    struct wb_buf line;
    struct file file;
    struct wb_buf json;
    struct wb_buf names; /* of struct wb_named_file */
    uint64_t octets, members;
};

/* ---- tag files ---- */

static bool
is_tag(const char *name)
{
    for (int i = 0; i < WB_TAGS; i++)
        if (strcmp(name, wb_tag_name((enum wb_tag)i)) == 0)
            return true;
    return false;
}

static enum wb_status
begin_tag(struct reader *r, struct wb_error *e)
{
    const enum wb_tag tag = (enum wb_tag)r->tags_done;
    struct wb_payload payload;

    if (strcmp(r->member.name, wb_tag_name(tag)) != 0) {
        if (is_tag(r->member.name))
            return wb_rule_refuse(e, WB_RULE_TAR_ORDER);
        if (wb_payload_parse(&payload, r->member.name))
            return wb_rule_refuse(e, WB_RULE_TAG_MISSING);
        return wb_rule_refuse(e, WB_RULE_TAG_UNLISTED);
    }
    if (tag != WB_TAG_MANIFEST && r->member.size > WB_TAG_BYTES_MAX)
        return wb_rule_refuse(e, WB_RULE_TAG_SIZE);
    return WB_OK;
}

/* Whose signature it is, by what is known here. */
static enum wb_status
judge(struct reader *r, struct wb_error *e)
{
    struct wb_bundle_report *report = r->report;
    enum wb_status st =
        wb_contact_by_key(r->v, &report->contact, report->info.sender.point, e);

    if (st != WB_OK)
        return st;
    report->trust = !report->contact.found ? WB_TRUST_UNKNOWN
        : report->contact.verified         ? WB_TRUST_VERIFIED
                                           : WB_TRUST_UNVERIFIED;
    wb_id_text(report->bundle, &report->info.bundle);
    wb_minisign_key_encode(report->signer, &report->info.sender);
    report->card_text = wb_arena_copy(&report->arena, r->tags.bytes[WB_TAG_CARD].data,
        r->tags.bytes[WB_TAG_CARD].size);
    if (report->card_text == NULL)
        return wb_fail_memory(e);
    memcpy(report->tag_manifest, r->tags.hashes[WB_TAG_LIST], WB_HASH_BYTES);
    return wb_handoff_check_reused(r->v, &report->info, report->tag_manifest, e);
}

/* After the last one everything they say is checked: a bundle by somebody else, or for
 * somebody else, is refused before its payload is looked at. */
static enum wb_status
end_tag(struct reader *r, struct wb_error *e)
{
    char recipient[WB_AGE_RECIPIENT_CHARS + 1] = WB_INFO_PASSPHRASE;
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st;

    wb_sha256_end(&r->hash, r->tags.hashes[r->tags_done]);
    if (++r->tags_done < WB_TAGS)
        return WB_OK;
    if (!r->keys->by_passphrase) {
        wb_point_of(point, r->keys->identities[r->keys->opened]);
        wb_age_recipient_encode(recipient, point);
    }
    st = wb_tags_check(&r->report->info, &r->report->card, &r->tags, recipient, e);
    if (st != WB_OK || (st = judge(r, e)) != WB_OK ||
        (st = wb_sender_head_judge(r->report, r->v, &r->logs, e)) != WB_OK)
        return st;
    return wb_logs_add(&r->logs, r->report->card.log, e);
}

/* ---- files ---- */

/* The file that came last is complete: its bytes are what its name says. */
static enum wb_status
end_file(struct reader *r, struct wb_error *e)
{
    struct file *f = &r->file;
    struct wb_report_file line = {.size = f->size};
    uint8_t hash[WB_HASH_BYTES];

    if (!f->open)
        return WB_OK;
    f->open = false;
    wb_sha256_end(&f->hash, hash);
    if (f->parts == WB_PART_NONE)
        memcpy(hash, f->member, sizeof hash);
    if (f->parts != WB_PART_NONE && f->size <= wb_part_bytes)
        return wb_rule_refuse(e, WB_RULE_FILE_PART);
    if (memcmp(hash, f->name, sizeof hash) != 0)
        return wb_rule_refuse(e, WB_RULE_FILE_HASH);
    memcpy(line.sha256, f->name, sizeof line.sha256);
    wb_buf_add(&r->report->files, &line, sizeof line);
    return wb_buf_check(&r->report->files, e);
}

/* Parts ascend from 0 without a gap; all are of the one size but the last, which is not
 * empty. A file that needs no parts has none. */
static enum wb_status
begin_file(struct reader *r, struct wb_error *e)
{
    struct file *f = &r->file;
    const struct wb_payload *p = &r->payload;
    bool goes_on = f->open && memcmp(f->name, p->hash, sizeof f->name) == 0;
    enum wb_status st;

    if (goes_on && (f->parts == WB_PART_NONE || p->part != f->parts || f->last))
        return wb_rule_refuse(e, WB_RULE_FILE_PART);
    if (!goes_on && (st = end_file(r, e)) != WB_OK)
        return st;
    if ((!goes_on && p->part > 0) || r->member.size > wb_part_bytes ||
        (p->part != WB_PART_NONE && r->member.size == 0))
        return wb_rule_refuse(e, WB_RULE_FILE_PART);
    if (!goes_on) {
        *f = (struct file){.open = true, .parts = WB_PART_NONE};
        memcpy(f->name, p->hash, sizeof f->name);
        wb_sha256_init(&f->hash);
    }
    f->size += r->member.size;
    f->parts = p->part == WB_PART_NONE ? WB_PART_NONE : p->part + 1;
    f->last = r->member.size < wb_part_bytes;
    return WB_OK;
}

/* ---- payload ---- */

static enum wb_status
begin_payload(struct reader *r, struct wb_error *e)
{
    int order = strcmp(r->before, r->member.name);

    if (is_tag(r->member.name))
        return wb_rule_refuse(e, WB_RULE_TAR_DUPLICATE);
    if (!wb_payload_parse(&r->payload, r->member.name))
        return wb_rule_refuse(e, WB_RULE_TAR_NAME);
    if (order >= 0)
        return wb_rule_refuse(
            e, order == 0 ? WB_RULE_TAR_DUPLICATE : WB_RULE_TAR_SORTED);
    memcpy(r->before, r->member.name, sizeof r->before);
    switch (r->payload.kind) {
    case WB_PAYLOAD_FILE:
        return begin_file(r, e);
    case WB_PAYLOAD_RECORD:
        if (r->member.size > WB_RECORD_BYTES_MAX)
            return wb_rule_refuse(e, WB_RULE_RECORD_SIZE);
        wb_buf_clear(&r->json);
        break;
    case WB_PAYLOAD_PAGE: /* for browsers: nothing is taken from it */
        if (r->member.size == 0 || r->member.size > WB_PAGE_MEMBER_MAX)
            return wb_rule_refuse(e, WB_RULE_PAGE_SIZE);
        r->report->page_bytes = r->member.size;
        break;
    }
    return end_file(r, e);
}

static enum wb_status
end_payload(struct reader *r, struct wb_error *e)
{
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    wb_sha256_end(&r->hash, hash);
    wb_buf_clear(&r->line);
    wb_bagit_manifest_put(&r->line, hash, r->member.name + sizeof WB_USTAR_ROOT - 1);
    if ((st = wb_buf_check(&r->line, e)) != WB_OK)
        return st;
    wb_sha256_add(&r->manifest, r->line.data, r->line.size);
    r->octets += r->member.size;
    r->members++;
    if (r->payload.kind == WB_PAYLOAD_FILE)
        memcpy(r->file.member, hash, sizeof hash);
    if (r->payload.kind != WB_PAYLOAD_RECORD)
        return WB_OK;
    return wb_incoming_check(
        r->report, &r->names, r->v, &r->logs, &r->payload, &r->json, e);
}

/* ---- members ---- */

static enum wb_status
begin(void *context, const struct wb_ustar_member *m, struct wb_error *e)
{
    struct reader *r = context;

    r->member = *m;
    wb_sha256_init(&r->hash);
    return r->tags_done < WB_TAGS ? begin_tag(r, e) : begin_payload(r, e);
}

static enum wb_status
take(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct reader *r = context;
    struct wb_buf *keep = NULL;

    wb_sha256_add(&r->hash, bytes, size);
    if (r->tags_done < WB_TAGS)
        keep = r->tags_done == WB_TAG_MANIFEST ? NULL : &r->tags.bytes[r->tags_done];
    else if (r->payload.kind == WB_PAYLOAD_RECORD)
        keep = &r->json;
    else if (r->payload.kind == WB_PAYLOAD_FILE && r->file.parts != WB_PART_NONE)
        wb_sha256_add(&r->file.hash, bytes, size);
    if (keep == NULL)
        return WB_OK;
    wb_buf_add(keep, bytes, size);
    return wb_buf_check(keep, e);
}

static enum wb_status
end(void *context, struct wb_error *e)
{
    struct reader *r = context;

    return r->tags_done < WB_TAGS ? end_tag(r, e) : end_payload(r, e);
}

static enum wb_status
push(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct reader *r = context;

    return wb_untar_push(&r->untar, bytes, size, e);
}

/* ---- the whole ---- */

/* What only the end can tell. */
static enum wb_status
finish(struct reader *r, struct wb_error *e)
{
    const struct wb_info *info = &r->report->info;
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    if ((st = wb_untar_end(&r->untar, e)) != WB_OK)
        return st;
    if (r->tags_done < WB_TAGS)
        return wb_rule_refuse(e, WB_RULE_TAG_MISSING);
    if ((st = end_file(r, e)) != WB_OK)
        return st;
    wb_sha256_end(&r->manifest, hash);
    if (memcmp(hash, r->tags.hashes[WB_TAG_MANIFEST], sizeof hash) != 0)
        return wb_rule_refuse(e, WB_RULE_BAG_MANIFEST);
    if (info->octets != r->octets || info->members != r->members ||
        info->records != wb_report_record_count(r->report) ||
        info->files != wb_report_file_count(r->report))
        return wb_rule_refuse(e, WB_RULE_INFO_COUNTS);
    return wb_evidence_match(r->report, &r->names, e);
}

static enum wb_status
read_all(struct reader *r, const struct wb_source *from, struct wb_error *e)
{
    struct wb_untar_sink members = {begin, take, end, r};
    struct wb_age_sink plain = {push, r};
    struct wb_card own;
    enum wb_status st;

    if ((st = wb_identity(r->v, &own, e)) != WB_OK ||
        (st = wb_logs_load(&r->logs, r->v, own.log, e)) != WB_OK)
        return st;
    wb_untar_init(&r->untar, members);
    if ((st = wb_envelope_read(&r->report->envelope, from, r->keys, plain, e)) !=
            WB_OK ||
        (st = finish(r, e)) != WB_OK)
        return st;
    wb_hex_encode(r->report->sha256, r->report->envelope.file_hash, WB_HASH_BYTES);
    return WB_OK;
}

enum wb_status
wb_reader_pass(struct wb_bundle_report **report, struct wb_vault *v,
    const struct wb_source *from, struct wb_envelope_keys *keys,
    const struct wb_reading *how, struct wb_error *e)
{
    struct reader *r = wb_mem_new(sizeof *r);
    enum wb_status st;

    if (r == NULL)
        return wb_fail_memory(e);
    r->v = v;
    r->keys = keys;
    wb_sha256_init(&r->manifest);
    wb_buf_init(&r->line, WB_BAGIT_LINE_MAX + 1);
    wb_buf_init(&r->json, WB_RECORD_BYTES_MAX);
    wb_buf_init(&r->names, NAMES_BYTES_MAX);
    for (int i = 0; i < WB_TAGS; i++)
        wb_buf_init(&r->tags.bytes[i], WB_TAG_BYTES_MAX);
    if ((st = wb_report_new(&r->report, e)) == WB_OK) {
        r->report->how = how;
        st = read_all(r, from, e);
    }
    if (st == WB_OK) {
        *report = r->report;
        r->report = NULL; /* handed over */
    }
    wb_report_free(&r->report);
    for (int i = 0; i < WB_TAGS; i++)
        wb_buf_wipe(&r->tags.bytes[i]);
    wb_buf_wipe(&r->names);
    wb_buf_wipe(&r->json);
    wb_buf_wipe(&r->line);
    wb_logs_wipe(&r->logs);
    wb_mem_free(r);
    return st;
}
