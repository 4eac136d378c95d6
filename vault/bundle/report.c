/* vault/bundle/report.c - what is known of a bundle once all of it was checked. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"

#define REPORT_BYTES_MAX ((size_t)1 << 36)

enum wb_status
wb_report_new(struct wb_bundle_report **r, struct wb_error *e)
{
    struct wb_bundle_report *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    wb_buf_init(&made->records, REPORT_BYTES_MAX);
    wb_buf_init(&made->files, REPORT_BYTES_MAX);
    *r = made;
    return WB_OK;
}

void
wb_report_free(struct wb_bundle_report **report)
{
    if (*report == NULL)
        return;
    wb_buf_wipe(&(*report)->records);
    wb_buf_wipe(&(*report)->files);
    wb_arena_free(&(*report)->arena);
    wb_tombs_wipe(&(*report)->tombs);
    wb_info_wipe(&(*report)->info);
    wb_mem_free(*report);
    *report = NULL;
}

struct wb_report_record *
wb_report_record_at(const struct wb_bundle_report *r, size_t index)
{
    return (struct wb_report_record *)(void *)r->records.data + index;
}

size_t
wb_report_file_count(const struct wb_bundle_report *r)
{
    return r->files.size / sizeof(struct wb_report_file);
}

struct wb_report_file *
wb_report_file_at(const struct wb_bundle_report *r, size_t index)
{
    return (struct wb_report_file *)(void *)r->files.data + index;
}

static int
compare(const void *a, const void *b)
{
    return memcmp(a, b, WB_HASH_BYTES);
}

struct wb_report_file *
wb_report_file_find(
    const struct wb_bundle_report *r, const uint8_t sha256[static WB_HASH_BYTES])
{
    if (r->files.size == 0)
        return NULL;
    return bsearch(sha256, r->files.data, wb_report_file_count(r),
        sizeof(struct wb_report_file), compare);
}

/* ---- the public side ---- */

const char *
wb_report_bundle(const struct wb_bundle_report *r)
{
    return r->bundle;
}

const char *
wb_report_sha256(const struct wb_bundle_report *r)
{
    return r->sha256;
}

const char *
wb_report_signer(const struct wb_bundle_report *r)
{
    return r->signer;
}

const char *
wb_report_signer_name(const struct wb_bundle_report *r)
{
    return r->contact.label;
}

enum wb_trust
wb_report_trust(const struct wb_bundle_report *r)
{
    return r->trust;
}

const char *
wb_report_card(const struct wb_bundle_report *r)
{
    return r->card_text;
}

const char *
wb_report_purpose(const struct wb_bundle_report *r)
{
    return r->info.purpose;
}

const char *
wb_report_time(const struct wb_bundle_report *r)
{
    return r->info.time;
}

bool
wb_report_is_addressed(const struct wb_bundle_report *r)
{
    return wb_info_is_addressed(&r->info);
}

bool
wb_report_is_unlinkable(const struct wb_bundle_report *r)
{
    return wb_info_is_unlinkable(&r->info);
}

bool
wb_report_sender_log(const struct wb_bundle_report *r, struct wb_sender_log *log)
{
    *log = (struct wb_sender_log){.size = r->head.size,
        .newest = r->head.newest,
        .is_older = r->head.size < r->head.newest,
        .fork = r->head.fork};
    return r->head.is_known;
}

bool
wb_report_override(
    const struct wb_bundle_report *r, size_t index, struct wb_exception *override)
{
    const struct wb_info_override *one;

    if (index >= wb_info_override_count(&r->info))
        return false;
    one = wb_info_override(&r->info, index);
    *override = (struct wb_exception){one->id, one->reason};
    return true;
}

size_t
wb_report_recipient_count(const struct wb_bundle_report *r)
{
    return r->info.recipient_count;
}

const char *
wb_report_recipient(const struct wb_bundle_report *r, size_t index)
{
    return r->info.recipients[index];
}

size_t
wb_report_record_count(const struct wb_bundle_report *r)
{
    return r->records.size / sizeof(struct wb_report_record);
}

void
wb_report_record(
    const struct wb_bundle_report *r, size_t index, struct wb_bundle_record *record)
{
    const struct wb_report_record *from = wb_report_record_at(r, index);

    *record = (struct wb_bundle_record){
        .id = from->id,
        .kind = from->kind,
        .title = from->title,
        .revision = from->revision,
        .root = from->root,
        .withheld = from->withheld,
        .present = from->present,
        .completes = from->completes,
        .refused = from->refused,
        .fork = from->fork,
        .sha256 = from->has_file ? from->sha256 : NULL,
    };
}

uint64_t
wb_report_added(const struct wb_bundle_report *r)
{
    return r->added;
}

uint64_t
wb_report_completed(const struct wb_bundle_report *r)
{
    return r->completed;
}

uint64_t
wb_report_present(const struct wb_bundle_report *r)
{
    return r->present;
}

uint64_t
wb_report_refused(const struct wb_bundle_report *r)
{
    return r->refused;
}

uint64_t
wb_report_forks(const struct wb_bundle_report *r)
{
    return r->forks;
}

uint64_t
wb_report_page_bytes(const struct wb_bundle_report *r)
{
    return r->page_bytes;
}

uint64_t
wb_report_files(const struct wb_bundle_report *r)
{
    return wb_report_file_count(r);
}
