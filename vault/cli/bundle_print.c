/* vault/cli/bundle_print.c - one bundle, as `inspect` and `import` tell it. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

enum { KIND_COLUMNS = 12, LABEL_COLUMNS = 9 };

static const char *
trust_word(enum wb_trust trust)
{
    switch (trust) {
    case WB_TRUST_VERIFIED:
        return "verified";
    case WB_TRUST_UNVERIFIED:
        return "unverified";
    case WB_TRUST_UNKNOWN:
        return "unknown";
    }
    return "unknown";
}

/* Other evidence here of the file that a record of the bundle is evidence of. */
static bool
is_here_as(struct cli *c, char same[static WB_ID_TEXT_BYTES],
    const struct wb_bundle_record *record)
{
    char sha256[WB_ROOT_TEXT_BYTES];

    if (record->sha256 == NULL)
        return false;
    cli_hex(sha256, record->sha256);
    return cli_same_bytes(c, same, sha256, &record->id);
}

static void
json_record(struct cli *c, const struct wb_bundle_record *record)
{
    char same[WB_ID_TEXT_BYTES];

    cli_json_open(c, '{');
    cli_json_id(c, "id", &record->id);
    cli_json_count(c, "revision", record->revision);
    cli_json_pair(c, "kind", record->kind);
    cli_json_pair(c, "title", record->title);
    cli_json_root(c, "root", record->root);
    cli_json_count(c, "withheld", record->withheld);
    cli_json_key(c, "present");
    cli_json_bool(c, record->present);
    cli_json_key(c, "completes");
    cli_json_bool(c, record->completes);
    cli_json_key(c, "refused");
    cli_json_bool(c, record->refused);
    cli_json_key(c, "fork");
    cli_json_bool(c, record->fork);
    if (is_here_as(c, same, record))
        cli_json_pair(c, "same_bytes", same);
    cli_json_close(c, '}');
}

static void
json_overrides(struct cli *c, const struct wb_bundle_report *r)
{
    struct wb_exception one;

    cli_json_key(c, "overrides");
    cli_json_open(c, '[');
    for (size_t i = 0; wb_report_override(r, i, &one); i++) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", &one.id);
        cli_json_pair(c, "reason", one.reason);
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
}

static void
json_log(struct cli *c, const struct wb_bundle_report *r)
{
    struct wb_sender_log log;

    if (!wb_report_sender_log(r, &log))
        return;
    cli_json_key(c, "log");
    cli_json_open(c, '{');
    cli_json_count(c, "size", log.size);
    cli_json_count(c, "newest", log.newest);
    cli_json_pair(c, "fork", log.fork);
    cli_json_close(c, '}');
}

static void
print_json(struct cli *c, const struct wb_bundle_report *r, bool imported)
{
    struct wb_bundle_record record;

    cli_json_open(c, '{');
    cli_json_pair(c, "bundle", wb_report_bundle(r));
    cli_json_pair(c, "sha256", wb_report_sha256(r));
    cli_json_pair(c, "signer", wb_report_signer(r));
    cli_json_pair(c, "trust", trust_word(wb_report_trust(r)));
    cli_json_key(c, "recipients");
    cli_json_open(c, '[');
    for (size_t i = 0; i < wb_report_recipient_count(r); i++) {
        const char *recipient = wb_report_recipient(r, i);

        cli_json_text(c, recipient, strlen(recipient));
    }
    cli_json_close(c, ']');
    cli_json_key(c, "addressed");
    cli_json_bool(c, wb_report_is_addressed(r));
    cli_json_key(c, "unlinkable");
    cli_json_bool(c, wb_report_is_unlinkable(r));
    cli_json_pair(c, "purpose", wb_report_purpose(r));
    json_log(c, r);
    cli_json_key(c, "records");
    cli_json_open(c, '[');
    for (size_t i = 0; i < wb_report_record_count(r); i++) {
        wb_report_record(r, i, &record);
        json_record(c, &record);
    }
    cli_json_close(c, ']');
    json_overrides(c, r);
    cli_json_count(c, "added", wb_report_added(r));
    cli_json_count(c, "completed", wb_report_completed(r));
    cli_json_count(c, "present", wb_report_present(r));
    cli_json_count(c, "forks", wb_report_forks(r));
    cli_json_count(c, "refused", wb_report_refused(r));
    cli_json_count(c, "page", wb_report_page_bytes(r));
    if (imported)
        cli_notices_print(c, r);
    cli_json_close(c, '}');
}

/* The label is ours; so are words in place of data, in the language already. */
static void
print_line(const char *label, const char *text)
{
    cli_print_label(label, LABEL_COLUMNS);
    cli_print_safe(text, strlen(text));
    cli_print("\n");
}

static void
print_signer(const struct wb_bundle_report *r)
{
    const char *name = wb_report_signer_name(r);

    print_line("signer", wb_report_signer(r));
    cli_print_label("trust", LABEL_COLUMNS);
    switch (wb_report_trust(r)) {
    case WB_TRUST_VERIFIED:
        cli_print("verified: ");
        cli_print_safe(name, strlen(name));
        break;
    case WB_TRUST_UNVERIFIED:
        cli_print("not verified: the contact ");
        cli_print_safe(name, strlen(name));
        cli_print(", whose key was never compared");
        break;
    case WB_TRUST_UNKNOWN:
        cli_print("%s",
            wb_report_is_unlinkable(r)
                ? cli_word("unknown: copies under a key of one use, that nothing ties "
                           "to anybody")
                : cli_word("unknown: no contact has this key"));
        break;
    }
    cli_print("\n");
}

static void
print_record(struct cli *c, const struct wb_bundle_record *record)
{
    char id[WB_ID_TEXT_BYTES], same[WB_ID_TEXT_BYTES];

    wb_id_text(id, &record->id);
    cli_print("%s  ", id);
    cli_print_column(record->kind, strlen(record->kind), KIND_COLUMNS);
    cli_print_safe(record->title, strlen(record->title));
    if (record->revision > 1)
        cli_print("  (revision %" PRIu32 ")", record->revision);
    if (record->withheld > 0)
        cli_print("  (%" PRIu64 " withheld)", record->withheld);
    if (is_here_as(c, same, record))
        cli_print("  (same bytes as evidence %s)", same);
    if (record->completes)
        cli_print("  (already here: more of it, or of a better known sender)");
    else if (record->present)
        cli_print("  (already here)");
    if (record->refused)
        cli_print("  (shredded here: left out)");
    if (record->fork)
        cli_print("  (differs from a revision here: both are kept)");
    cli_print("\n");
}

static void
print_overrides(const struct wb_bundle_report *r)
{
    struct wb_exception one;
    char id[WB_ID_TEXT_BYTES];

    for (size_t i = 0; wb_report_override(r, i, &one); i++) {
        wb_id_text(id, &one.id);
        cli_print("%s  sent without consent: ", id);
        cli_print_safe(one.reason, strlen(one.reason));
        cli_print("\n");
    }
}

static void
print_log(const struct wb_bundle_report *r)
{
    struct wb_sender_log log;

    if (!wb_report_sender_log(r, &log))
        return;
    if (log.is_older) {
        cli_print_label("log", LABEL_COLUMNS);
        cli_print("older: made when the sender's log had %" PRIu64
                  " entries, and %" PRIu64 " are known; what came since is not in it\n",
            log.size, log.newest);
    }
    if (log.fork[0] != '\0')
        print_line("log", log.fork);
}

static void
print_text(struct cli *c, const struct wb_bundle_report *r, bool imported)
{
    struct wb_bundle_record record;

    print_line("bundle", wb_report_bundle(r));
    print_line("sha256", wb_report_sha256(r));
    print_signer(r);
    if (!wb_report_is_addressed(r))
        print_line(
            "to", cli_word("not addressed: whoever has the words may have been meant"));
    for (size_t i = 0; wb_report_is_addressed(r) && i < wb_report_recipient_count(r);
         i++)
        print_line(i == 0 ? "to" : "", wb_report_recipient(r, i));
    print_line("purpose", wb_report_purpose(r));
    print_line("time", wb_report_time(r));
    if (wb_report_page_bytes(r) > 0)
        print_line("page",
            cli_word("the sender's own, for a browser: not taken in; `report` "
                     "makes one of the records"));
    print_log(r);
    cli_print("\n");
    for (size_t i = 0; i < wb_report_record_count(r); i++) {
        wb_report_record(r, i, &record);
        print_record(c, &record);
    }
    print_overrides(r);
    cli_print("\n");
    cli_print_count(wb_report_record_count(r), "record", "records");
    cli_print(", ");
    cli_print_count(wb_report_files(r), "file", "files");
    cli_print("; ");
    if (imported)
        cli_print("%" PRIu64 " added, ", wb_report_added(r));
    if (wb_report_completed(r) > 0)
        cli_print("%" PRIu64 " completed, ", wb_report_completed(r));
    cli_print("%" PRIu64 " already here, ", wb_report_present(r));
    cli_print_count(wb_report_forks(r), "fork", "forks");
    if (wb_report_refused(r) > 0)
        cli_print(", %" PRIu64 " left out: shredded here (--restore ID=REASON)",
            wb_report_refused(r));
    cli_print("\n");
    if (imported)
        cli_notices_print(c, r);
}

void
cli_bundle_print(struct cli *c, const struct wb_bundle_report *r, bool imported)
{
    if (c->global.json)
        print_json(c, r, imported);
    else
        print_text(c, r, imported);
}
