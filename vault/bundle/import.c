/* vault/bundle/import.c - entering a vault: inspected whole, then stored at once. */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/file.h"
#include "handoff.h"
#include "reader.h"
#include "receipt.h"
#include "sender_head.h"
#include "store.h"

/* A bundle being read: the file, which stays open, and what opens it. */
struct entering {
    struct wb_vault *v;
    const struct wb_reading *how;
    struct wb_source file;
    struct wb_envelope_keys keys;
};

/* Ours, today's first; a restart of the log leaves the same in two revisions. */
static enum wb_status
take_keys(struct entering *in, struct wb_error *e)
{
    struct wb_identity_keys own = {0};
    uint8_t last[WB_POINT_BYTES] = {0};
    enum wb_status st = WB_OK;

    for (uint32_t n = 0; st == WB_OK && in->keys.count < WB_ENVELOPE_KEYS_MAX; n++) {
        if ((st = wb_identity_older(in->v, &own, n, e)) != WB_OK)
            break;
        if (n == 0 || memcmp(last, own.age_point, sizeof last) != 0)
            in->keys.identities[in->keys.count++] = wb_secret_take(&own.age);
        memcpy(last, own.age_point, sizeof last);
        wb_identity_wipe(&own);
    }
    return st == WB_ERR_NOT_FOUND && in->keys.count > 0 ? WB_OK : st;
}

static enum wb_status
begin(struct entering *in, const char *path, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_store_need_unlocked(in->v, e)) != WB_OK ||
        (st = wb_source_open(
             &in->file, path, in->how->parts, in->how->part_count, e)) != WB_OK ||
        (st = take_keys(in, e)) != WB_OK)
        return st;
    if (in->how->passphrase == NULL)
        return WB_OK;
    in->keys.passphrase_size = strlen(in->how->passphrase);
    return wb_envelope_passphrase(&in->keys.passphrase, in->how->passphrase, e);
}

static void
end(struct entering *in)
{
    wb_secret_free(&in->keys.file_key);
    wb_secret_free(&in->keys.passphrase);
    for (size_t i = 0; i < in->keys.count; i++)
        wb_secret_free(&in->keys.identities[i]);
    wb_source_close(&in->file);
}

static enum wb_status
read_file(struct entering *in, const char *path, struct wb_bundle_report **report,
    struct wb_error *e)
{
    enum wb_status st = begin(in, path, e);

    if (st != WB_OK)
        return st;
    st = wb_reader_pass(report, in->v, &in->file, &in->keys, in->how, e);
    return wb_within(e, st, "%s", path);
}

static const struct wb_reading as_it_comes;

enum wb_status
wb_inspect(struct wb_vault *v, const char *path, const struct wb_reading *how,
    struct wb_bundle_report **report, struct wb_error *e)
{
    struct entering in = {.v = v, .how = how == NULL ? &as_it_comes : how};
    enum wb_status st = read_file(&in, path, report, e);

    end(&in);
    return st;
}

/* Not forged: the signature holds, but whose key it is nobody here said, or it is not
 * theirs any more. */
static enum wb_status
refuse_unknown(
    struct wb_vault *v, const struct wb_bundle_report *report, struct wb_error *e)
{
    char label[WB_CONTACT_LABEL_MAX + 1];
    enum wb_status st =
        wb_contact_by_former_key(v, label, report->info.sender.point, e);

    if (st != WB_OK)
        return st;
    if (label[0] != '\0')
        return wb_fail(e, WB_ERR_POLICY,
            "signed by a key that the contact %s had before, and has given up: where "
            "it "
            "was made before that, import with --accept; else ask them for a new one",
            label);
    return wb_fail(e, WB_ERR_POLICY,
        "signed by a key that no contact has: add the sender's card with `contact "
        "add`, "
        "compare the key, `contact verify`; or import with --accept");
}

static enum wb_status
check_trust(
    struct wb_vault *v, const struct wb_bundle_report *report, struct wb_error *e)
{
    enum wb_status st;

    if ((report->how->flags & WB_IMPORT_ANSWER) != 0 &&
        (st = wb_receipt_check_sender(report, e)) != WB_OK)
        return st;
    if ((report->how->flags & WB_IMPORT_ACCEPT) != 0)
        return WB_OK;
    if ((st = wb_sender_head_check(report, e)) != WB_OK)
        return st;
    if (report->trust == WB_TRUST_UNKNOWN && wb_info_is_unlinkable(&report->info))
        return wb_fail(e, WB_ERR_POLICY,
            "unlinkable: signed by a key of one use, so that it cannot be known who "
            "sent "
            "it; import with --accept");
    if (report->trust == WB_TRUST_UNKNOWN)
        return refuse_unknown(v, report, e);
    if (report->trust == WB_TRUST_UNVERIFIED)
        return wb_fail(e, WB_ERR_POLICY,
            "signed by the contact %s, whose key was not compared yet: compare it and "
            "`contact verify`; or import with --accept",
            report->contact.label);
    if (!wb_info_is_addressed(&report->info))
        return wb_fail(e, WB_ERR_POLICY,
            "signed by the contact %s, but not addressed: it was meant for whoever was "
            "given the words; import with --accept",
            report->contact.label);
    return WB_OK;
}

static void
handed(const void *report, size_t index, struct wb_handed *out)
{
    const struct wb_report_record *record = wb_report_record_at(report, index);

    *out = (struct wb_handed){.id = record->id};
    memcpy(out->root, record->root, WB_ROOT_BYTES);
}

static enum wb_status
keep_arrival(
    struct wb_change *c, const struct wb_bundle_report *report, struct wb_error *e)
{
    char now[WB_TIME_TEXT_BYTES];
    struct wb_id first;
    const struct wb_handoff h = {.direction = "in",
        .info = &report->info,
        .time = now,
        .contact = report->contact.found ? report->contact.label : NULL,
        .sha256 = report->sha256,
        .tag_manifest = report->tag_manifest,
        .total = wb_report_record_count(report),
        .record = handed,
        .source = report};

    wb_clock_text(now, wb_clock_now());
    return wb_handoff_put(c, &first, &h, e);
}

static bool
is_news(const struct wb_bundle_report *report)
{
    bool news = false;

    for (size_t i = 0; !news && i < wb_report_record_count(report); i++) {
        const struct wb_report_record *line = wb_report_record_at(report, i);

        news = line->completes || (!line->present && !line->refused);
    }
    return news;
}

static enum wb_status
store(struct entering *in, struct wb_bundle_report *report, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st;

    if (!is_news(report))
        return WB_OK; /* so nothing changes */
    if ((st = wb_change_begin(&c, in->v, e)) != WB_OK)
        return st;
    if ((st = wb_store_pass(c, report, &in->file, &in->keys, e)) == WB_OK &&
        (st = keep_arrival(c, report, e)) == WB_OK &&
        (st = wb_sender_head_keep(report, in->v, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_import(struct wb_vault *v, const char *path, const struct wb_reading *how,
    struct wb_bundle_report **report, struct wb_error *e)
{
    struct entering in = {.v = v, .how = how == NULL ? &as_it_comes : how};
    struct wb_bundle_report *read = NULL;
    enum wb_status st = read_file(&in, path, &read, e);

    if (st == WB_OK && (st = check_trust(v, read, e)) == WB_OK)
        st = store(&in, read, e);
    if (st == WB_OK) {
        *report = read;
        read = NULL; /* handed over */
    }
    wb_report_free(&read);
    end(&in);
    return st;
}
