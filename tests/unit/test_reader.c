/* tests/unit/test_reader.c - bundles from one vault into another: what arrives, what is
 * refused, and what is left unchanged. Hostile bundles are in tests/evil. */
#include "room.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/file.h"
#include "bundle/handoff.h"
#include "bundle/names.h"
#include "bundle/rules.h"
#include "formats/bech32.h"
#include "formats/ustar.h"

enum { FILE_BYTES = 300001, STRIDE = 997 };

/* Ours writes, theirs reads; each has the other as a contact, ours is verified there.
 */
static struct room ours, theirs;
static struct wb_id incident;
static char bundle[ROOM_PATH_BYTES];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

static void
introduce(const struct room *who, const struct room *to, const char *label)
{
    struct wb_vault *from = room_open(who->vault), *at = room_open(to->vault);
    struct wb_error e = {0};
    char *card = NULL;

    ok(wb_identity_export(from, &card, &e), &e);
    ok(wb_contact_add(at, card, strlen(card), label, NULL, &e), &e);
    wb_text_free(card);
    wb_vault_close(&from);
    wb_vault_close(&at);
}

static void
write_bundle(const struct room *from, const char *path, struct wb_exported *exported)
{
    static const char *const to[] = {"them"};
    struct wb_exception overrides[ROOM_OVERRIDES];
    const struct wb_export_request request = {.to = to,
        .to_count = 1,
        .all = true,
        .path = path,
        .overrides = overrides,
        .override_count = ROOM_OVERRIDES};
    struct wb_vault *v = room_open(from->vault);
    struct wb_error e = {0};

    (void)remove(path);
    room_override(from, overrides);
    ok(wb_export(v, &request, exported, &e), &e);
    wb_vault_close(&v);
}

static int
setup(void **state)
{
    static const char *const raid[] = {"title", "Raid", NULL};
    struct wb_vault *v;
    struct wb_error e = {0};
    struct wb_exported exported;
    uint8_t *bytes = malloc(FILE_BYTES);
    char file[ROOM_PATH_BYTES];

    (void)state;
    room_quick_keys();
    room_make(&ours);
    room_make(&theirs);
    room_vault(&ours);
    room_vault(&theirs);
    room_fill(&ours, FILE_BYTES);
    v = room_open(ours.vault);
    ok(room_add(v, &incident, &e, "incident", raid), &e);
    /* the same file a second time, about another record */
    assert_non_null(bytes);
    room_noise(bytes, FILE_BYTES, 1);
    room_path(file, &ours, "photo");
    room_write(file, bytes, FILE_BYTES);
    ok(room_attach(v, NULL, &incident, file, &e), &e);
    assert_int_equal(remove(file), 0);
    free(bytes);
    wb_vault_close(&v);
    introduce(&theirs, &ours, "them");
    introduce(&ours, &theirs, "us");
    v = room_open(theirs.vault);
    ok(wb_contact_verify(v, "us", "face to face", NULL, &e), &e);
    wb_vault_close(&v);
    room_path(bundle, &ours, "bundle");
    write_bundle(&ours, bundle, &exported);
    assert_int_equal(exported.records, 6);
    assert_int_equal(exported.files, 1);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&ours);
    room_sweep(&theirs);
    return 0;
}

/* A copy of their vault as it was, to be closed and removed by end_copy. */
static struct wb_vault *
copy_theirs(char path[static ROOM_PATH_BYTES])
{
    room_path(path, &theirs, "copy");
    room_copy(theirs.vault, path);
    return room_open(path);
}

static void
end_copy(struct wb_vault **v, const char *path)
{
    wb_vault_close(v);
    assert_int_equal(remove(path), 0);
}

/* ---- what arrives ---- */

static void
the_report_says_what_was_sent(void **state)
{
    struct wb_vault *v = room_open(theirs.vault);
    struct wb_bundle_report *report = NULL;
    struct wb_bundle_record record;
    struct wb_error e = {0};
    struct wb_card card;
    unsigned statements = 0, evidence = 0;

    (void)state;
    ok(wb_inspect(v, bundle, NULL, &report, &e), &e);
    ok(wb_identity(v, &card, &e), &e);
    assert_int_equal(wb_report_trust(report), WB_TRUST_VERIFIED);
    assert_string_equal(wb_report_signer_name(report), "us");
    assert_string_equal(wb_report_purpose(report), "partner");
    assert_int_equal(wb_report_recipient_count(report), 1);
    assert_string_equal(wb_report_recipient(report, 0), card.recipient);
    assert_int_equal(wb_report_record_count(report), 6);
    assert_int_equal(wb_report_files(report), 1);
    assert_int_equal(wb_report_added(report), 0);
    assert_int_equal(wb_report_present(report), 0);
    assert_int_equal(wb_report_forks(report), 0);
    for (size_t i = 0; i < 6; i++) {
        wb_report_record(report, i, &record);
        statements += strcmp(record.kind, "statement") == 0;
        evidence += strcmp(record.kind, "evidence") == 0;
        assert_false(record.present || record.fork);
        assert_int_equal(record.withheld, 0);
        if (wb_id_equal(&record.id, &ours.other))
            assert_int_equal(record.revision, 2); /* the newest only */
    }
    assert_int_equal(statements, 2);
    assert_int_equal(evidence, 2);
    wb_report_free(&report);
    wb_vault_close(&v);
}

/* Takes the attachment of a record out and compares it with what was sent. */
static bool
compare_file(void *cookie, const struct wb_record *r)
{
    struct wb_vault *v = *(struct wb_vault **)cookie;
    uint8_t *sent = malloc(FILE_BYTES), *got;
    char path[ROOM_PATH_BYTES];
    struct wb_error e = {0};
    size_t size;
    int fd;

    room_path(path, &theirs, "extracted");
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    ok(wb_extract(v, r, fd, &e), &e);
    close(fd);
    got = room_read(path, &size);
    assert_int_equal(size, FILE_BYTES);
    assert_non_null(sent);
    room_noise(sent, FILE_BYTES, 1);
    assert_memory_equal(got, sent, FILE_BYTES);
    assert_int_equal(remove(path), 0);
    free(sent);
    free(got);
    return true;
}

struct ids {
    struct wb_id ids[8];
    size_t count;
};

static bool
keep_id(void *cookie, const struct wb_record *r)
{
    struct ids *found = cookie;

    assert_true(found->count < 8);
    found->ids[found->count++] = *wb_record_id(r);
    return true;
}

/* Both evidence records have the file, and the vault verifies to the last chunk. */
static void
assert_arrived(struct wb_vault *v)
{
    const struct wb_list_filter evidence = {.kind = "evidence"};
    struct ids found = {.count = 0};
    struct wb_vault_info info;
    struct wb_verified verified;
    struct wb_error e = {0};
    uint64_t damaged;

    ok(wb_list(v, &evidence, keep_id, &found, &damaged, &e), &e);
    assert_int_equal(found.count, 2);
    for (size_t i = 0; i < found.count; i++) {
        struct wb_record *r = NULL;

        ok(wb_record_load(v, &r, &found.ids[i], &e), &e);
        assert_true(wb_record_is_foreign(r));
        (void)compare_file(&v, r);
        wb_record_free(&r);
    }
    ok(wb_vault_info(v, &info, &e), &e);
    assert_int_equal(info.files, 2); /* a copy each */
    ok(wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, &e), &e);
    assert_int_equal(verified.problems, 0);
    assert_int_equal(verified.files, 2);
}

static void
records_and_files_arrive_whole(void **state)
{
    char path[ROOM_PATH_BYTES];
    struct wb_vault *v = copy_theirs(path);
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};

    (void)state;
    ok(wb_import(v, bundle, NULL, &report, &e), &e);
    assert_int_equal(wb_report_added(report), 6);
    wb_report_free(&report);
    assert_arrived(v);
    end_copy(&v, path);
}

static void
importing_twice_changes_not_one_byte(void **state)
{
    char path[ROOM_PATH_BYTES];
    struct wb_vault *v = copy_theirs(path);
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};
    uint8_t *before, *after;
    size_t size, again;

    (void)state;
    ok(wb_import(v, bundle, NULL, &report, &e), &e);
    wb_report_free(&report);
    before = room_read(path, &size);
    ok(wb_import(v, bundle, NULL, &report, &e), &e);
    assert_int_equal(wb_report_added(report), 0);
    assert_int_equal(wb_report_present(report), 6);
    after = room_read(path, &again);
    assert_int_equal(size, again);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
    wb_report_free(&report);
    end_copy(&v, path);
}

/* Sizes around those where a last part is full, or where there is one part no more. */
static void
a_large_file_travels_in_parts(void **state)
{
    static const uint64_t sizes[] = {
        FILE_BYTES - 1, FILE_BYTES, FILE_BYTES / 3, FILE_BYTES / 3 + 1, 1000};
    struct wb_exported exported;
    struct wb_error e = {0};
    char parts[ROOM_PATH_BYTES], path[ROOM_PATH_BYTES];

    (void)state;
    assert_int_equal(FILE_BYTES % 1000, 1);
    room_path(parts, &ours, "parts");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct wb_vault *v = copy_theirs(path);
        struct wb_bundle_report *report = NULL;

        wb_part_bytes = sizes[i];
        write_bundle(&ours, parts, &exported);
        assert_int_equal(exported.files, 1);
        ok(wb_import(v, parts, NULL, &report, &e), &e);
        assert_int_equal(wb_report_files(report), 1);
        wb_report_free(&report);
        assert_arrived(v);
        /* who has parts of another size has another format */
        wb_part_bytes = WB_USTAR_MEMBER_MAX;
        if (sizes[i] < FILE_BYTES) {
            assert_int_equal(wb_inspect(v, parts, NULL, &report, &e), WB_ERR_FORMAT);
            assert_non_null(strstr(e.message, wb_rule_at(WB_RULE_FILE_PART)->message));
            assert_null(report);
        }
        end_copy(&v, path);
    }
    assert_int_equal(remove(parts), 0);
}

static void
two_lines_of_one_record_are_a_fork(void **state)
{
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    char path[ROOM_PATH_BYTES], other[ROOM_PATH_BYTES], sent[ROOM_PATH_BYTES];
    struct wb_vault *v = copy_theirs(path), *twin;
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_error e = {0};
    struct room copy = ours;

    (void)state;
    room_path(other, &ours, "twin");
    room_path(sent, &ours, "sent");
    room_copy(ours.vault, other);
    memcpy(copy.vault, other, sizeof copy.vault);
    for (int i = 0; i < 2; i++) {
        const char *const said[] = {"One way.", "The other way."};

        room_copy(ours.vault, other);
        twin = room_open(other);
        ok(room_amend(twin, &ours.statement, said[i], &e), &e);
        wb_vault_close(&twin);
        write_bundle(&copy, sent, &exported);
        if (i == 1) { /* the log of two copies that both went on is a fork too */
            assert_int_equal(wb_import(v, sent, NULL, &report, &e), WB_ERR_INTEGRITY);
            assert_non_null(strstr(e.message, "the sender's log has two histories"));
            assert_null(report);
        }
        ok(wb_import(v, sent, i == 0 ? NULL : &accepting, &report, &e), &e);
        assert_int_equal(wb_report_forks(report), i);
        assert_int_equal(wb_report_added(report), i == 0 ? 6 : 1);
        wb_report_free(&report);
    }
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(other), 0);
    end_copy(&v, path);
}

/* ---- what is refused ---- */

static void
without_a_verified_key_it_must_be_accepted(void **state)
{
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    struct room stranger;
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_error e = {0};
    char path[ROOM_PATH_BYTES], sent[ROOM_PATH_BYTES];
    struct wb_vault *v;

    (void)state;
    room_make(&stranger);
    room_vault(&stranger);
    room_fill(&stranger, 1000);
    introduce(&theirs, &stranger, "them");
    room_path(sent, &stranger, "sent");
    write_bundle(&stranger, sent, &exported);
    v = copy_theirs(path);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(wb_import(v, sent, NULL, &report, &e), WB_ERR_POLICY);
        assert_non_null(strstr(e.message, "contact verify"));
        assert_non_null(strstr(e.message, "--accept"));
        assert_null(report);
        ok(wb_inspect(v, sent, NULL, &report, &e), &e);
        assert_int_equal(
            wb_report_trust(report), i == 0 ? WB_TRUST_UNKNOWN : WB_TRUST_UNVERIFIED);
        assert_string_equal(wb_report_signer_name(report), i == 0 ? "" : "stranger");
        wb_report_free(&report);
        if (i == 0) {
            struct wb_vault *from = room_open(stranger.vault);
            char *card = NULL;

            ok(wb_identity_export(from, &card, &e), &e);
            ok(wb_contact_add(v, card, strlen(card), "stranger", NULL, &e), &e);
            wb_text_free(card);
            wb_vault_close(&from);
        }
    }
    ok(wb_import(v, sent, &accepting, &report, &e), &e);
    assert_int_equal(wb_report_added(report), wb_report_record_count(report));
    wb_report_free(&report);
    end_copy(&v, path);
    room_sweep(&stranger);
}

/* One byte of every region is altered, one after the other: in the header each, in the
 * payload a stride apart; then the file is cut. */
static void
every_altered_byte_is_refused(void **state)
{
    struct wb_vault *v = room_open(theirs.vault);
    struct wb_bundle_report *report = NULL;
    char path[ROOM_PATH_BYTES];
    size_t size, tried = 0;
    uint8_t *bytes = room_read(bundle, &size);

    (void)state;
    room_path(path, &theirs, "altered");
    for (size_t i = 0; i < size; i += i < 600 ? 1 : STRIDE * 3, tried++) {
        struct wb_error e = {0};

        bytes[i] ^= 0x20;
        room_write(path, bytes, size);
        bytes[i] ^= 0x20;
        assert_int_not_equal(wb_inspect(v, path, NULL, &report, &e), WB_OK);
        assert_true(wb_status_exit(e.status) >= 4);
        assert_null(report);
    }
    for (size_t i = 0; i < size; i += i < 600 ? 7 : STRIDE * 5, tried++) {
        struct wb_error e = {0};

        room_write(path, bytes, i);
        assert_int_not_equal(wb_inspect(v, path, NULL, &report, &e), WB_OK);
        assert_true(wb_status_exit(e.status) >= 4);
        assert_null(report);
    }
    assert_true(tried > 800);
    assert_int_equal(remove(path), 0);
    free(bytes);
    wb_vault_close(&v);
}

/* ---- changed while it is read ---- */

static struct {
    unsigned reads, at;
    const char *path;
    const uint8_t *bytes;
    size_t size;
} swap;

static int
swap_file(enum wb_file_op op)
{
    int fd;

    if (op != WB_FILE_READ || ++swap.reads != swap.at)
        return 0;
    fd = open(swap.path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, swap.bytes, swap.size, 0), swap.size);
    assert_int_equal(ftruncate(fd, (off_t)swap.size), 0);
    close(fd);
    return 0;
}

/* Between two reads, whichever they are, an honest bundle is replaced by another one of
 * the same sender for the same vault: it is taken as one of both or refused. */
static void
a_file_that_changes_under_the_reader_is_refused(void **state)
{
    static const char *const more[] = {"title", "Another", NULL};
    char path[ROOM_PATH_BYTES], one[ROOM_PATH_BYTES], twin[ROOM_PATH_BYTES];
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct room copy = ours;
    struct wb_vault *v;
    struct wb_error e = {0};
    uint8_t *first, *second;
    size_t size;
    unsigned refused = 0, changed = 0, taken = 0;

    (void)state;
    room_path(twin, &ours, "twin");
    room_copy(ours.vault, twin);
    memcpy(copy.vault, twin, sizeof copy.vault);
    v = room_open(twin);
    ok(room_add(v, NULL, &e, "incident", more), &e);
    wb_vault_close(&v);
    room_path(one, &ours, "one");
    write_bundle(&copy, one, &exported);
    first = room_read(bundle, &size);
    second = room_read(one, &swap.size);
    swap.bytes = second;
    swap.path = one;
    for (swap.at = 1; taken < 2; swap.at++) {
        enum wb_status st;

        room_write(one, first, size);
        v = copy_theirs(path);
        swap.reads = 0;
        wb_file_fault = swap_file;
        st = wb_import(v, one, NULL, &report, &e);
        wb_file_fault = NULL;
        if (st == WB_OK) {
            taken += swap.reads < swap.at || wb_report_added(report) == 6;
            assert_true(wb_report_added(report) == 6 || wb_report_added(report) == 7);
        } else {
            assert_true(wb_status_exit(st) == 4 || wb_status_exit(st) == 5);
            assert_null(report);
            refused++;
            changed += strstr(e.message, wb_rule_at(WB_RULE_CHANGED)->message) != NULL;
        }
        wb_report_free(&report);
        end_copy(&v, path);
    }
    assert_true(refused >= 2);
    assert_true(changed >= 1);
    assert_int_equal(remove(one), 0);
    assert_int_equal(remove(twin), 0);
    free(first);
    free(second);
}

/* ---- what leaves ---- */

static unsigned
count_stanzas(const char *path)
{
    size_t size;
    uint8_t *bytes = room_read(path, &size);
    unsigned count = 0;

    bytes[size] = 0;
    for (const char *at = (const char *)bytes; (at = strstr(at, "-> X25519 ")) != NULL;
         at++)
        count++;
    free(bytes);
    return count;
}

/* Nobody sees from outside how many there are to read it. */
static void
the_number_of_recipients_is_padded(void **state)
{
    static const struct {
        size_t count;
        unsigned stanzas;
    } rows[] = {{1, 4}, {4, 4}, {5, 8}, {8, 8}, {9, 16}, {16, 16}};
    char keys[16][WB_AGE_RECIPIENT_CHARS + 1], path[ROOM_PATH_BYTES];
    const char *to[17];
    struct wb_vault *v = room_open(ours.vault);
    struct wb_exported exported;
    struct wb_error e = {0};

    (void)state;
    room_path(path, &ours, "many");
    for (size_t i = 0; i < 16; i++) {
        uint8_t point[WB_POINT_BYTES] = {9, (uint8_t)i};

        wb_age_recipient_encode(keys[i], point);
        to[i] = keys[i];
    }
    to[16] = "them";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wb_export_request request = {.to = to,
            .to_count = rows[i].count,
            .ids = &incident,
            .id_count = 1,
            .path = path};

        ok(wb_export(v, &request, &exported, &e), &e);
        assert_int_equal(exported.records, 1);
        assert_int_equal(count_stanzas(path), rows[i].stanzas);
        assert_int_equal(remove(path), 0);
    }
    wb_vault_close(&v);
}

static void
what_cannot_leave_is_refused_and_nothing_written(void **state)
{
    static const char *const them[] = {"them"}, *const nobody[] = {"nobody"};
    static char keys[17][WB_AGE_RECIPIENT_CHARS + 1];
    static const char *many[17];
    struct wb_vault *v = room_open(ours.vault);
    const struct wb_list_filter contacts = {.kind = "contact"};
    struct wb_id absent = {{1, 2, 3}};
    struct ids contact = {.count = 0};
    struct wb_error e = {0};
    char path[ROOM_PATH_BYTES];
    uint64_t damaged;
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_exception overrides[ROOM_OVERRIDES];

    (void)state;
    room_override(&ours, overrides);
    room_path(path, &ours, "none");
    ok(wb_list(v, &contacts, keep_id, &contact, &damaged, &e), &e);
    for (size_t i = 0; i < 17; i++) {
        const uint8_t point[WB_POINT_BYTES] = {(uint8_t)(i + 9)};

        wb_age_recipient_encode(keys[i], point);
        many[i] = keys[i];
    }
    {
        const struct {
            struct wb_export_request request;
            enum wb_status status;
            const char *said;
        } rows[] = {
            {{.to = them, .to_count = 1, .path = path}, WB_ERR_USAGE, "which records"},
            {{.to = them, .to_count = 0, .all = true, .path = path}, WB_ERR_USAGE,
                "to whom"},
            {{.to = many, .to_count = 17, .all = true, .path = path}, WB_ERR_USAGE,
                "more than 16 recipients"},
            {{.to = nobody, .to_count = 1, .all = true, .path = path}, WB_ERR_NOT_FOUND,
                "neither a contact nor an age1 key"},
            {{.to = them, .to_count = 1, .all = true, .purpose = "fun", .path = path},
                WB_ERR_USAGE, "purpose"},
            {{.to = them, .to_count = 1, .ids = &absent, .id_count = 1, .path = path},
                WB_ERR_NOT_FOUND, ""},
            {{.to = them, .to_count = 1, .incident = &absent, .path = path},
                WB_ERR_NOT_FOUND, ""},
            {{.to = them,
                 .to_count = 1,
                 .ids = contact.ids,
                 .id_count = 1,
                 .path = path},
                WB_ERR_POLICY, "contact never leave"},
            {{.to = them, .to_count = 1, .all = true, .path = bundle}, WB_ERR_USAGE,
                "exists already"},
        };

        room_print(ours.folder, before);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct wb_exported exported = {.records = 77};
            struct wb_export_request request = rows[i].request;

            request.overrides = overrides;
            request.override_count = ROOM_OVERRIDES;
            assert_int_equal(wb_export(v, &request, &exported, &e), rows[i].status);
            assert_non_null(strstr(e.message, rows[i].said));
            assert_int_equal(exported.records, 77);
            room_print(ours.folder, after);
            assert_memory_equal(before, after, sizeof before);
        }
    }
    wb_vault_close(&v);
}

static bool
count_handoffs(void *cookie, const struct wb_record *r)
{
    struct wb_value_view value;
    uint64_t *totals = cookie;

    totals[0]++;
    for (size_t i = 0; wb_record_value(r, "records", i, &value); i++)
        totals[1]++;
    return true;
}

static void
every_record_that_left_is_in_a_handoff(void **state)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    char path[ROOM_PATH_BYTES];
    uint64_t before[2] = {0}, after[2] = {0}, damaged;
    struct wb_exported exported;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(ours.vault);

    (void)state;
    room_path(path, &ours, "slices");
    ok(wb_list(v, &handoffs, count_handoffs, before, &damaged, &e), &e);
    wb_vault_close(&v);
    wb_handoff_records = 4; /* so that six records are told in two */
    write_bundle(&ours, path, &exported);
    wb_handoff_records = 50000;
    v = room_open(ours.vault);
    ok(wb_list(v, &handoffs, count_handoffs, after, &damaged, &e), &e);
    assert_int_equal(after[0] - before[0], 2);
    assert_int_equal(after[1] - before[1], 6);
    assert_int_equal(remove(path), 0);
    wb_vault_close(&v);
}

static void
every_rule_has_a_name_a_message_and_a_status(void **state)
{
    (void)state;
    for (unsigned i = 0; i < WB_RULE_END; i++) {
        const struct wb_rule_row *row = wb_rule_at(i);
        struct wb_error e = {0};

        assert_int_equal(row->rule, i);
        assert_true(strlen(row->id) > 2 && strlen(row->message) > 10);
        assert_in_range(wb_status_exit(row->status), 3, 5);
        assert_int_equal(wb_rule_refuse(&e, row->rule), row->status);
        assert_string_equal(e.message, row->message);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(row->id, wb_rule_at(k)->id);
            assert_null(strstr(row->message, wb_rule_at(k)->message));
        }
    }
    assert_null(wb_rule_at(WB_RULE_END));
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_says_what_was_sent),
        cmocka_unit_test(records_and_files_arrive_whole),
        cmocka_unit_test(importing_twice_changes_not_one_byte),
        cmocka_unit_test(a_large_file_travels_in_parts),
        cmocka_unit_test(two_lines_of_one_record_are_a_fork),
        cmocka_unit_test(without_a_verified_key_it_must_be_accepted),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(a_file_that_changes_under_the_reader_is_refused),
        cmocka_unit_test(the_number_of_recipients_is_padded),
        cmocka_unit_test(what_cannot_leave_is_refused_and_nothing_written),
        cmocka_unit_test(every_record_that_left_is_in_a_handoff),
        cmocka_unit_test(every_rule_has_a_name_a_message_and_a_status),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
