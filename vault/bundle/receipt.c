/* vault/bundle/receipt.c - receipts: word that a bundle was taken in. */
#include "receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "report.h"
#include "rules.h"

enum { MARKED_MAX = 64, LINE_BYTES = 256, HAD_BYTES_MAX = 1024 * 1024 };

static bool
is_receipt(const struct wb_record *r)
{
    return strcmp(r->kind, "receipt") == 0;
}

/* ---- checked ---- */

/* What the handoffs of the bundle say to it; of a big bundle there are several, each
 * with a share of the records. */
struct holding {
    const struct wb_record *receipt;
    const char *signer;   /* age1..., by the card */
    const char *key;      /* RW..., that signed */
    struct wb_id contact; /* whose keys these are, if anybody's */
    struct wb_buf had;    /* the signer, and each age1... of that contact before it */
    const char **lines;   /* of the receipt, sorted */
    size_t count, known;
    bool left, same, addressed, borrowed, is_contact;
};

static int
compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
hold_against(void *cookie, const struct wb_record *handoff)
{
    struct holding *h = cookie;
    struct wb_value_view value;

    h->left = true;
    h->same |= strcmp(wb_record_text(handoff, "tag-manifest"),
                   wb_record_text(h->receipt, "tag-manifest")) == 0;
    for (size_t i = 0; wb_record_value(handoff, "recipient", i, &value); i++)
        h->addressed |= strstr(wb_buf_text(&h->had), value.text) != NULL ||
            strcmp(value.text, WB_INFO_PASSPHRASE) == 0;
    for (size_t i = 0; wb_record_value(handoff, "records", i, &value); i++)
        h->known +=
            bsearch(&value.text, h->lines, h->count, sizeof *h->lines, compare) != NULL;
    return true;
}

/* The card says whose age key it is; whose it is is known of contacts. */
static bool
is_borrowed(void *cookie, const struct wb_record *contact)
{
    struct holding *h = cookie;
    const bool signer = strcmp(wb_record_text(contact, "recipient"), h->signer) == 0;
    const bool key = strcmp(wb_record_text(contact, "minisign"), h->key) == 0;

    h->borrowed |= signer != key;
    if (signer && key && !contact->foreign) {
        h->is_contact = true;
        h->contact = contact->id;
    }
    return !h->borrowed;
}

static bool
add_recipient(void *cookie, const struct wb_record *contact)
{
    struct holding *h = cookie;

    wb_buf_print(&h->had, "%s\n", wb_record_text(contact, "recipient"));
    return h->had.failed == WB_OK;
}

/* To whom a bundle may have been addressed that this signer took in. */
static enum wb_status
find_recipients(struct wb_vault *v, struct holding *h, struct wb_error *e)
{
    enum wb_status st = wb_contact_records(v, is_borrowed, h, e);

    wb_buf_print(&h->had, "%s\n", h->signer);
    if (st == WB_OK && h->is_contact)
        st = wb_contact_revisions(v, &h->contact, add_recipient, h, e);
    return st == WB_OK ? wb_buf_check(&h->had, e) : st;
}

static enum wb_status
judge(const struct holding *h, struct wb_error *e)
{
    if (!h->left)
        return wb_rule_refuse(e, WB_RULE_RECEIPT_BUNDLE);
    if (!h->same || h->known < h->count)
        return wb_rule_refuse(e, WB_RULE_RECEIPT_CONTENT);
    if (!h->addressed || h->borrowed ||
        strcmp(wb_record_text(h->receipt, "recipient"), h->signer) != 0)
        return wb_rule_refuse(e, WB_RULE_RECEIPT_SENDER);
    return WB_OK;
}

enum wb_status
wb_receipt_check(struct wb_vault *v, const struct wb_record *r,
    const struct wb_bundle_report *report, struct wb_error *e)
{
    struct holding h = {
        .receipt = r, .signer = report->card.recipient, .key = report->signer};
    struct wb_value_view value;
    enum wb_status st;

    if (!is_receipt(r))
        return WB_OK;
    while (wb_record_value(r, "records", h.count, &value))
        h.count++;
    if ((h.lines = wb_mem_new_array(h.count, sizeof *h.lines)) == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; wb_record_value(r, "records", i, &value); i++)
        h.lines[i] = value.text;
    qsort(h.lines, h.count, sizeof *h.lines, compare);
    wb_buf_init(&h.had, HAD_BYTES_MAX);
    if ((st = find_recipients(v, &h, e)) == WB_OK)
        st =
            wb_handoff_each(v, "out", wb_record_text(r, "bundle"), hold_against, &h, e);
    wb_buf_wipe(&h.had);
    wb_mem_free(h.lines);
    return st == WB_OK ? judge(&h, e) : st;
}

/* ---- marked ---- */

struct marking {
    struct wb_id ids[MARKED_MAX];
    size_t count;
    const char *recipient;
};

/* A second receipt of the same recipient says nothing new. */
static bool
collect(void *cookie, const struct wb_record *handoff)
{
    struct marking *m = cookie;
    const size_t size = strlen(m->recipient);
    struct wb_value_view value;

    for (size_t i = 0; wb_record_value(handoff, "received", i, &value); i++)
        if (strncmp(value.text, m->recipient, size) == 0 && value.text[size] == ' ')
            return true;
    m->ids[m->count++] = handoff->id;
    return m->count < MARKED_MAX;
}

static enum wb_status
mark(struct wb_change *c, const struct wb_id *id, const char *line, struct wb_error *e)
{
    static const struct wb_amendment why = {.reason = "other"};
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_change_draft(c, &d, id, e)) == WB_OK &&
        (st = wb_draft_put(d, "received", WB_STATE_TEXT, line, strlen(line), e)) ==
            WB_OK)
        st = wb_change_amend(c, id, d, &why, &saved, e);
    wb_draft_free(&d);
    return wb_within(e, st, "handoff");
}

enum wb_status
wb_receipt_mark(struct wb_change *c, const struct wb_record *r, const char *bundle,
    struct wb_error *e)
{
    struct marking m = {.recipient = wb_record_text(r, "recipient")};
    char line[LINE_BYTES];
    enum wb_status st;

    if (!is_receipt(r))
        return WB_OK;
    (void)snprintf(
        line, sizeof line, "%s %s %s", m.recipient, wb_record_text(r, "time"), bundle);
    st = wb_handoff_each(
        wb_change_vault(c), "out", wb_record_text(r, "bundle"), collect, &m, e);
    for (size_t i = 0; i < m.count && st == WB_OK; i++)
        st = mark(c, &m.ids[i], line, e);
    return st;
}

/* ---- written ---- */

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

/* The records from *at on that were not left out, as many as one receipt takes. */
static enum wb_status
put_records(struct wb_draft *d, const struct wb_bundle_report *report, size_t *at,
    struct wb_error *e)
{
    char line[WB_ID_TEXT_BYTES + WB_ROOT_TEXT_BYTES];
    size_t count = 0;
    enum wb_status st = WB_OK;

    for (; *at < wb_report_record_count(report) && count < wb_handoff_records &&
         st == WB_OK;
         ++*at) {
        const struct wb_report_record *record = wb_report_record_at(report, *at);

        if (record->refused)
            continue;
        wb_id_text(line, &record->id);
        line[WB_ID_TEXT_BYTES - 1] = '@';
        wb_hex_encode(line + WB_ID_TEXT_BYTES, record->root, sizeof record->root);
        st = put(d, "records", line, e);
        count++;
    }
    return st;
}

static enum wb_status
add_one(struct wb_change *c, struct wb_id *id, const struct wb_bundle_report *report,
    size_t *at, struct wb_error *e)
{
    char tag_manifest[2 * WB_HASH_BYTES + 1], now[WB_TIME_TEXT_BYTES];
    struct wb_draft *d = NULL;
    struct wb_card own;
    struct wb_saved saved;
    enum wb_status st;

    wb_hex_encode(tag_manifest, report->tag_manifest, WB_HASH_BYTES);
    wb_clock_text(now, wb_clock_now());
    if ((st = wb_identity(wb_change_vault(c), &own, e)) == WB_OK &&
        (st = wb_draft_new_any(&d, wb_kind_find("receipt"), e)) == WB_OK &&
        (st = put(d, "bundle", report->bundle, e)) == WB_OK &&
        (st = put(d, "tag-manifest", tag_manifest, e)) == WB_OK &&
        (st = put(d, "recipient", own.recipient, e)) == WB_OK &&
        (st = put(d, "time", now, e)) == WB_OK &&
        (st = put_records(d, report, at, e)) == WB_OK &&
        (st = wb_change_add(c, d, &saved, e)) == WB_OK)
        *id = saved.id;
    wb_draft_free(&d);
    return wb_within(e, st, "receipt");
}

/* The receipts for a bundle, made now; a bundle of many records needs several. */
static enum wb_status
add_all(struct wb_vault *v, struct wb_buf *ids, const struct wb_bundle_report *report,
    struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_id id;
    size_t at = 0;
    enum wb_status st = wb_change_begin(&c, v, e);

    while (st == WB_OK && at < wb_report_record_count(report)) {
        if ((st = add_one(c, &id, report, &at, e)) == WB_OK) {
            wb_buf_add(ids, &id, sizeof id);
            st = wb_buf_check(ids, e);
        }
    }
    if (st == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_receipt_check_sender(const struct wb_bundle_report *report, struct wb_error *e)
{
    if (wb_info_is_unlinkable(&report->info))
        return wb_fail(e, WB_ERR_POLICY,
            "receipt: unlinkable, the sender's keys were of one use and nobody can "
            "open an answer to them; import without a receipt");
    return WB_OK;
}

enum wb_status
wb_receipt(struct wb_vault *v, const struct wb_bundle_report *report, const char *path,
    struct wb_exported *exported, struct wb_error *e)
{
    const char *to =
        report->contact.found ? report->contact.label : report->card.recipient;
    struct wb_export_request request = {.to = &to, .to_count = 1, .path = path};
    struct wb_buf ids;
    enum wb_status st;

    if ((st = wb_receipt_check_sender(report, e)) != WB_OK)
        return st;
    wb_buf_init(&ids, MARKED_MAX * sizeof(struct wb_id));
    if ((st = add_all(v, &ids, report, e)) == WB_OK) {
        request.ids = (const struct wb_id *)(const void *)ids.data;
        request.id_count = ids.size / sizeof(struct wb_id);
        st = wb_export(v, &request, exported, e);
    }
    wb_buf_wipe(&ids);
    return st;
}
