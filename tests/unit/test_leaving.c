/* tests/unit/test_leaving.c - what goes into a bundle, what stays, and what is refused
 * before anything is written. */
#include "room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/file.h"
#include "base/mem.h"
#include "bundle/handoff.h"
#include "bundle/names.h"
#include "bundle/redact.h"
#include "crypto/random.h"
#include "custody/change.h"
#include "formats/bech32.h"
#include "sample.h"

enum { FILE_BYTES = 20000, CROWD = 70, LINES_MAX = 256 };

/* A filled room whose people agreed, in it a notice of ours and a record of a kind that
 * is not known here; `self` is its own age key, and `key` somebody's. */
static struct room room;
static struct wb_id notice, rumour;
static char self[WB_AGE_RECIPIENT_CHARS + 1], key[WB_AGE_RECIPIENT_CHARS + 1];
static char path[ROOM_PATH_BYTES];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

/* ---- what only the program adds ---- */

static struct wb_id
add_own(struct wb_vault *v, const char *kind, const char *const *fields)
{
    struct wb_draft *d = sample_draft(kind);
    struct wb_change *c = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    for (; *fields != NULL; fields += 2)
        sample_put(d, fields[0], fields[1]);
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_change_add(c, d, &saved, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_draft_free(&d);
    return saved.id;
}

/* As a newer version would write it. */
static struct wb_id
add_unknown(struct wb_vault *v)
{
    const struct wb_detail detail = {0};
    struct wb_lineage lineage = {.revision = 1, .origin = wb_store_state(v)->origin};
    struct wb_draft *d = sample_draft("source");
    struct wb_record *r = NULL;
    struct wb_change *c = NULL;
    struct wb_error e = {0};

    sample_put(d, "title", "Heard on the market");
    wb_random(lineage.id.bytes, sizeof lineage.id.bytes);
    ok(wb_record_from_draft(&r, d, &lineage, &e), &e);
    wb_draft_free(&d);
    r->kind = "rumour";
    ok(wb_record_settle(r, &e), &e);
    assert_null(r->table);
    wb_record_commit(r);
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_change_store(c, WB_ACTION_ADD, r, &detail, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_record_free(&r);
    return lineage.id;
}

static void
add_contact(
    struct wb_vault *v, const char *label, const char *recipient, const char *verified)
{
    const char *const fields[] = {"label", label, "name", label, "recipient", recipient,
        "log", "none", "verified", verified, "organisation", "own", NULL};

    (void)add_own(v, "contact", fields);
}

static int
setup(void **state)
{
    static const char *const notices[] = {"type", "correction", "records",
        "00000000000000000000000004@00", "time", "2026-11-23", NULL};
    const uint8_t point[WB_POINT_BYTES] = {9};
    struct wb_vault *v;
    struct wb_card card;
    struct wb_error e = {0};

    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, FILE_BYTES);
    room_agree(&room);
    room_path(path, &room, "out.age");
    wb_age_recipient_encode(key, point);
    v = room_open(room.vault);
    ok(wb_identity(v, &card, &e), &e);
    memcpy(self, card.recipient, sizeof self);
    notice = add_own(v, "notice", notices);
    rumour = add_unknown(v);
    add_contact(v, "odd", "age1", "yes");
    wb_vault_close(&v);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    wb_part_bytes = WB_USTAR_MEMBER_MAX;
    room_sweep(&room);
    return 0;
}

/* ---- asked for ---- */

/* For `key`, to `path`; a plan where it is not to be written. */
static struct wb_export_request
asked(bool plan)
{
    static const char *const to[] = {key};

    return (struct wb_export_request){
        .to = to, .to_count = 1, .path = path, .plan_only = plan};
}

static struct wb_exported
exported(const struct wb_export_request *request)
{
    struct wb_vault *v = room_open(room.vault);
    struct wb_exported done;
    struct wb_error e = {0};
    enum wb_status st = wb_export(v, request, &done, &e);

    wb_vault_close(&v);
    ok(st, &e);
    return done;
}

static void
assert_refused(
    const struct wb_export_request *request, enum wb_status status, const char *said)
{
    struct wb_vault *v = room_open(room.vault);
    struct wb_exported done = {.records = 77};
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_error e = {0};
    enum wb_status st;

    room_print(room.folder, before);
    st = wb_export(v, request, &done, &e);
    wb_vault_close(&v);
    if (st != status)
        fail_msg("%s: status %d: %s", said, e.status, e.message);
    if (strstr(e.message, said) == NULL)
        fail_msg("not '%s': %s", said, e.message);
    room_assert_line(&e);
    assert_int_equal(done.records, 77);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof after);
}

/* What was told of each record and name. */
static struct {
    struct told {
        enum wb_plan_state state;
        struct wb_id id, person;
        char reason[80], name[80];
    } lines[LINES_MAX];
    size_t count;
} told;

static void
keep_line(void *cookie, const struct wb_plan_line *line)
{
    struct told *t = &told.lines[told.count++];

    (void)cookie;
    assert_true(told.count < LINES_MAX);
    t->state = line->state;
    t->id = *line->id;
    room_text(t->reason, sizeof t->reason, "%s", line->reason);
    if (line->state != WB_PLAN_NAME)
        return;
    t->person = *line->person;
    room_text(t->name, sizeof t->name, "%s", line->name);
}

static size_t
count_told(const struct wb_id *id, enum wb_plan_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < told.count; i++)
        count += told.lines[i].state == state && wb_id_equal(&told.lines[i].id, id);
    return count;
}

static void
plan(struct wb_export_request *request)
{
    told.count = 0;
    request->plan_only = true;
    request->tell = keep_line;
    (void)exported(request);
}

static struct wb_id
say(const char *text)
{
    const char *const fields[] = {"title", "What is told", "description", text, NULL};
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    struct wb_id id;

    ok(room_add(v, &id, &e, "incident", fields), &e);
    wb_vault_close(&v);
    return id;
}

/* ---- to whom ---- */

static void
words_or_keys_and_each_of_its_kind(void **state)
{
    static const char *const odd[] = {"odd"}, *const unknown[] = {key, "nobody"};
    char words[1026];
    struct wb_export_request rows[5];
    static const struct {
        enum wb_status status;
        const char *said;
    } answers[] = {
        {WB_ERR_USAGE, "passphrase: 0 bytes, from 1 to 1024"},
        {WB_ERR_USAGE, "passphrase: 1025 bytes, from 1 to 1024"},
        {WB_ERR_USAGE, "to: keys or a passphrase, age has no file for both"},
        {WB_ERR_VALUE, "key: 4 characters, must be 62"},
        {WB_ERR_NOT_FOUND, "nobody: neither a contact nor an age1 key"},
    };

    (void)state;
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    for (size_t i = 0; i < 5; i++) {
        rows[i] = asked(false);
        rows[i].all = true;
    }
    rows[0].to_count = rows[1].to_count = 0;
    rows[0].passphrase = "";
    rows[1].passphrase = words;
    rows[2].passphrase = "words";
    rows[3].to = odd;
    rows[4].to = unknown;
    rows[4].to_count = 2;
    for (size_t i = 0; i < 5; i++)
        assert_refused(&rows[i], answers[i].status, answers[i].said);
}

static bool
keep_contact(void *cookie, const struct wb_record *r)
{
    room_text(cookie, 80, "%s", wb_record_text(r, "contact"));
    return true;
}

static void
names_that_fit_no_line_are_counted(void **state)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_export_request request = asked(false);
    const char *to[20];
    char contact[80];
    struct wb_vault *v;
    struct wb_error e = {0};
    uint64_t damaged;
    size_t keys = 0;

    (void)state;
    for (size_t i = 0; i < 20; i++)
        to[i] = key; /* the same again */
    request.to = to;
    request.to_count = 20;
    request.ids = &room.person;
    request.id_count = 1;
    (void)exported(&request);
    v = room_open(room.vault);
    ok(wb_list(v, &handoffs, keep_contact, contact, &damaged, &e), &e);
    assert_string_equal(contact, "20 recipients");
    ok(wb_export_check_recipients(v, to, 20, &keys, &e), &e);
    assert_int_equal(keys, 1);
    ok(wb_export_check_recipients(v, to, 20, NULL, &e), &e);
    assert_int_equal(wb_export_check_recipients(v, to, 0, &keys, &e), WB_ERR_USAGE);
    assert_int_equal(keys, 1);
    wb_vault_close(&v);
    ok(wb_vault_open(&v, room.vault, 0, &e), &e);
    assert_int_equal(wb_export_check_recipients(v, to, 20, &keys, &e), WB_ERR_LOCKED);
    wb_vault_close(&v);
    assert_int_equal(remove(path), 0);
}

/* Marked as ours by somebody who compared the key; of two contacts with the same key
 * the newer one counts. */
static void
inside_is_who_was_compared_and_marked(void **state)
{
    static const char *const labels[] = {"ours", "ours too", "ours again"};
    const uint8_t point[WB_POINT_BYTES] = {10};
    struct wb_export_request request = asked(false);
    char other[WB_AGE_RECIPIENT_CHARS + 1];
    const char *to[] = {other};

    (void)state;
    wb_age_recipient_encode(other, point);
    request.to = to;
    request.purpose = "internal";
    request.ids = &notice;
    request.id_count = 1;
    for (int i = 0; i < 3; i++) {
        struct wb_vault *v = room_open(room.vault);

        add_contact(v, labels[i], other, i == 1 ? "yes" : "no");
        wb_vault_close(&v);
        if (i == 1) {
            (void)exported(&request);
            assert_int_equal(remove(path), 0);
        } else
            assert_refused(&request, WB_ERR_POLICY,
                i == 0 ? "purpose internal: ours is not marked as of our own"
                       : "purpose internal: ours again is not marked");
    }
}

/* ---- which records ---- */

static void
a_vault_without_records_has_nothing_to_give(void **state)
{
    struct room filled = room;
    struct wb_export_request request = asked(false);

    (void)state;
    room_path(room.vault, &room, "empty");
    room_vault(&room);
    request.all = true;
    assert_refused(
        &request, WB_ERR_USAGE, "there is no record to export yet; `add` makes one");
    assert_int_equal(remove(room.vault), 0);
    room = filled;
}

static void
what_is_asked_for_twice_goes_once(void **state)
{
    struct wb_export_request request = asked(true);
    const struct wb_id ids[] = {room.person, room.statement, room.person};

    (void)state;
    request.ids = ids;
    request.id_count = 3;
    plan(&request);
    assert_int_equal(told.count, 2);
    assert_int_equal(count_told(&room.person, WB_PLAN_GOES), 1);
    request.all = true;
    plan(&request);
    assert_int_equal(count_told(&room.person, WB_PLAN_GOES), 1);
    assert_int_equal(count_told(&room.other, WB_PLAN_GOES), 1);
}

/* What we tell of other bundles goes to those whom we name it to, and to nobody whom
 * nothing is to be tied to. */
static void
a_notice_goes_only_by_its_id(void **state)
{
    struct wb_export_request request = asked(true);

    (void)state;
    request.all = true;
    plan(&request);
    assert_int_equal(count_told(&notice, WB_PLAN_GOES), 0);
    assert_int_equal(count_told(&rumour, WB_PLAN_REFUSED), 1); /* who knows */
    request.all = false;
    request.ids = &notice;
    request.id_count = 1;
    plan(&request);
    assert_int_equal(count_told(&notice, WB_PLAN_GOES), 1);
    request.level = "anonymous";
    request.tell = NULL;
    assert_refused(&request, WB_ERR_POLICY, "a notice ties this bundle to another");
    request.level = "nameless";
    assert_refused(&request, WB_ERR_USAGE, "level: named, pseudonym or anonymous");
}

static void
the_first_id_that_is_not_here_ends_it(void **state)
{
    struct wb_export_request request = asked(false);
    const struct wb_id ids[] = {{{1, 2, 3}}, room.person};

    (void)state;
    request.ids = ids;
    request.id_count = 2;
    assert_refused(&request, WB_ERR_NOT_FOUND, "");
}

/* One record for publication, answered for: a copy, as who gets it sees it. */
static struct wb_bundle_report *
published(struct wb_bundle_record *record, const struct wb_exception *answer)
{
    static const char *const to[] = {self};
    struct wb_export_request request = asked(false);
    struct wb_bundle_report *report = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};

    request.to = to;
    request.ids = &answer->id;
    request.id_count = 1;
    request.purpose = "publication";
    request.overrides = answer;
    request.override_count = 1;
    (void)exported(&request);
    v = room_open(room.vault);
    ok(wb_inspect(v, path, NULL, &report, &e), &e);
    wb_vault_close(&v);
    assert_int_equal(remove(path), 0);
    assert_int_equal(wb_report_record_count(report), 1);
    wb_report_record(report, 0, record);
    assert_false(wb_id_equal(&record->id, &answer->id));
    return report;
}

/* Of a kind that nobody here knows every value may be a tie: all of it is withheld. */
static void
a_record_of_an_unknown_kind_goes_closed_where_nothing_may_be_tied(void **state)
{
    const struct wb_exception answer = {rumour, "read by hand"};
    struct wb_bundle_record record;
    struct wb_bundle_report *report = published(&record, &answer);

    (void)state;
    assert_string_equal(record.kind, "rumour");
    assert_true(record.withheld > 2);
    wb_report_free(&report);
}

static void
an_incident_is_asked_for_beside_what_nobody_knows(void **state)
{
    static const char *const raid[] = {"title", "Raid", NULL};
    struct wb_export_request request = asked(true);
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    struct wb_id incident;

    (void)state;
    ok(room_add(v, &incident, &e, "incident", raid), &e);
    wb_vault_close(&v);
    request.incident = &incident;
    plan(&request);
    assert_int_equal(told.count, 1);
    assert_int_equal(count_told(&incident, WB_PLAN_GOES), 1);
}

/* ---- consent and answers ---- */

static void
a_plan_of_nothing_is_no_refusal(void **state)
{
    struct wb_export_request request = asked(true);
    struct wb_exported done;

    (void)state;
    request.ids = &room.statement;
    request.id_count = 1;
    request.purpose = "archive"; /* for which nobody was asked */
    plan(&request);
    assert_int_equal(told.count, 1);
    assert_int_equal(count_told(&room.statement, WB_PLAN_REFUSED), 1);
    done = exported(&request);
    assert_int_equal(done.records, 0);
    request.plan_only = false;
    assert_refused(&request, WB_ERR_POLICY, "1 of 1 records may not go");
    request.leave_out_refused = true;
    assert_refused(&request, WB_ERR_POLICY, "nothing of it may go; --plan says why");
}

static void
at_level_anonymous_a_person_stays_and_it_is_said(void **state)
{
    static const char *const official[] = {
        "name", "The Minister", "public", "yes", NULL};
    struct wb_export_request request = asked(true);
    struct wb_id ids[] = {{{0}}, say("Nobody by name."), room.person};
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};

    (void)state;
    ok(room_add(v, &ids[0], &e, "person", official), &e);
    wb_vault_close(&v);
    request.ids = ids;
    request.id_count = 3;
    request.level = "anonymous";
    plan(&request);
    assert_int_equal(told.count, 3);
    assert_int_equal(count_told(&ids[0], WB_PLAN_STAYS), 1); /* nobody was asked */
    assert_int_equal(count_told(&ids[1], WB_PLAN_GOES), 1);
    assert_int_equal(count_told(&ids[2], WB_PLAN_STAYS), 1); /* agreed, to be named */
    for (size_t i = 0; i < told.count; i++)
        assert_string_equal(told.lines[i].reason,
            told.lines[i].state == WB_PLAN_STAYS ? "stays: the level is anonymous"
                                                 : "");
}

static void
a_reason_that_is_no_line_is_refused(void **state)
{
    struct wb_export_request request = asked(false);
    const struct wb_id ids[] = {room.statement, room.other};
    const struct wb_exception bent[] = {
        {room.statement, "two\nlines"}, {room.other, "two\nlines"}};

    (void)state;
    request.ids = ids;
    request.id_count = 2;
    request.purpose = "archive";
    request.overrides = bent;
    request.override_count = 2;
    assert_refused(&request, WB_ERR_USAGE, "override: reason: one line of 1 to 900");
    request.purpose = "partner"; /* agreed to: then it is only kept here */
    assert_refused(&request, WB_ERR_VALUE, "override: ");
    request.override_count = 0;
    request.keep_names = bent;
    request.keep_name_count = 2;
    assert_refused(&request, WB_ERR_VALUE, "keep-name: ");
}

/* The receiver learns that it was answered for, and not of which record of ours. */
static void
an_override_of_a_copy_names_the_copy(void **state)
{
    const struct wb_exception answer = {room.statement, "The family asked for it."};
    struct wb_bundle_record record;
    struct wb_bundle_report *report = published(&record, &answer);
    struct wb_exception sent;

    (void)state;
    assert_true(wb_report_override(report, 0, &sent));
    assert_string_equal(sent.reason, answer.reason);
    assert_true(wb_id_equal(&sent.id, &record.id));
    wb_report_free(&report);
}

/* ---- names and ids in texts ---- */

static void
a_name_in_a_text_is_answered_for_by_record_or_person(void **state)
{
    const struct wb_id said = say("\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82 was there.");
    const struct wb_exception by_record = {said, "known to all"},
                              by_person = {room.person, "known to all"},
                              by_other = {room.other, "known to all"};
    struct wb_export_request request = asked(false);

    (void)state;
    request.ids = &said;
    request.id_count = 1;
    request.level = "pseudonym";
    assert_refused(&request, WB_ERR_POLICY, "1 name of those who stay unnamed");
    request.keep_names = &by_other;
    request.keep_name_count = 1;
    assert_refused(&request, WB_ERR_POLICY, "1 name of those who stay unnamed");
    request.keep_names = &by_record;
    (void)exported(&request);
    assert_int_equal(remove(path), 0);
    request.keep_names = &by_person;
    (void)exported(&request);
    assert_int_equal(remove(path), 0);
}

/* Only what is the id of something here ties a copy to its original. */
static void
an_id_in_the_text_of_a_copy_is_in_the_way(void **state)
{
    char id[WB_ID_TEXT_BYTES], text[400];
    struct wb_export_request request = asked(true);
    struct wb_id said;

    (void)state;
    wb_id_text(id, &room.other);
    room_text(text, sizeof text,
        "See %s, not 00000000000000000000000004, {%.25s}, uuuuuuuuuuuuuuuuuuuuuuuuuu~ "
        "\xd0\x90, X%sx, (%s)",
        id, id, id, id);
    said = say(text);
    request.ids = &said;
    request.id_count = 1;
    request.level = "anonymous";
    plan(&request);
    assert_int_equal(count_told(&said, WB_PLAN_NAME), 2);
    for (size_t i = 0; i < told.count; i++)
        if (told.lines[i].state == WB_PLAN_NAME) {
            assert_true(wb_id_equal(&told.lines[i].person, &room.other));
            assert_string_equal(told.lines[i].name, id);
        }
    request.plan_only = false;
    request.tell = NULL;
    assert_refused(&request, WB_ERR_POLICY, "2 names or ids that lead back");
}

/* Each once, up to the number that is remembered. */
static void
a_crowd_in_one_text_is_told_by_name(void **state)
{
    static const char *const first[] = {
        "Bor", "Dul", "Kem", "Pis", "Ravn", "Tog", "Zhu"};
    static const char *const last[] = {"abek", "chor", "dzhan", "eldi", "finek",
        "gushti", "hovat", "ikram", "lomin", "zhepko"};
    static char text[CROWD * 24 + 64];
    struct wb_export_request request = asked(true);
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    struct wb_id said;
    size_t size = 0, once = 0, twice = 0;

    (void)state;
    for (int i = 0; i < CROWD; i++) {
        char name[24];
        const char *const fields[] = {"name", name, "pseudonym", "W", NULL};

        room_text(name, sizeof name, "%s%s", first[i / 10], last[i % 10]);
        ok(room_add(v, NULL, &e, "person", fields), &e);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s, ", name);
    }
    wb_vault_close(&v);
    (void)snprintf(text + size, sizeof text - size, "Borabek and Zhuzhepko again.");
    said = say(text);
    request.ids = &said;
    request.id_count = 1;
    request.level = "pseudonym";
    plan(&request);
    assert_true(count_told(&said, WB_PLAN_NAME) > CROWD);
    for (size_t i = 0; i < told.count; i++) {
        once += strcmp(told.lines[i].name, "Borabek") == 0;
        twice += strcmp(told.lines[i].name, "Zhuzhepko") == 0;
    }
    assert_int_equal(once, 1);
    assert_true(twice >= 2);
}

/* ---- redacted ---- */

static void
what_is_redacted_is_named_by_record_or_for_those_named(void **state)
{
    char one[64], other[64], id[WB_ID_TEXT_BYTES];
    const char *const redact[] = {one, other, "date"};
    const char *const nonsense[] = {"no-id:text"}, *const unnamed[] = {"date"};
    struct wb_export_request request = asked(false);

    (void)state;
    wb_id_text(id, &room.statement);
    room_text(one, sizeof one, "%s:text.2", id);
    wb_id_text(id, &room.other);
    room_text(other, sizeof other, "%s:text", id);
    request.all = request.leave_out_refused = true;
    request.ids = &room.statement;
    request.id_count = 1;
    request.redact = redact;
    request.redact_count = 3;
    (void)exported(&request);
    assert_int_equal(remove(path), 0);
    request.redact = nonsense;
    request.redact_count = 1;
    assert_refused(&request, WB_ERR_USAGE, "redact: no-id:text: no record that goes");
    request.ids = NULL;
    request.id_count = 0;
    request.redact = unnamed;
    assert_refused(&request, WB_ERR_USAGE, "redact: date: no record that goes");
}

/* Refused where it says nothing that the field has; passed over where it is closed. */
static void
of_a_field_only_what_it_has_can_be_redacted(void **state)
{
    static const struct {
        const char *item;
        enum wb_status status;
        const char *said;
        bool used;
    } rows[] = {
        {"text.9", WB_ERR_VALUE, "redact: text.9: values in the field: 1", true},
        {"place.1", WB_ERR_VALUE, "redact: place.1: the field is no list", true},
        {"text.0", WB_ERR_USAGE, "redact: text.0: must be FIELD or FIELD.N", false},
        {"text.one", WB_ERR_USAGE, "redact: text.one: must be FIELD or FIELD.N", false},
        {"colour", WB_OK, "", false}, /* it may be another record's */
    };
    struct wb_draft *d = sample_draft("statement");
    struct wb_error e = {0};
    struct wb_record *r;

    (void)state;
    sample_put(d, "text", "They came at night.");
    sample_put(d, "place", "Ashgabat");
    r = sample_record(d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wb_redaction how = {&rows[i].item, 1};
        bool used = false;

        e = (struct wb_error){0};
        assert_int_equal(wb_redact(r, &how, true, &used, &e), rows[i].status);
        assert_string_equal(e.message, rows[i].said);
        assert_int_equal(used, rows[i].used);
        assert_int_equal(wb_record_withheld(r), 0);
    }
    sample_close(r, "text");
    for (size_t i = 0; i < 2; i++) {
        static const char *const closed[] = {"text", "text.7"};
        const struct wb_redaction how = {&closed[i], 1};
        bool used = false;

        ok(wb_redact(r, &how, true, &used, &e), &e);
        assert_true(used);
    }
    wb_record_free(&r);
}

/* ---- files and the place where it goes ---- */

static void
a_file_of_too_many_parts_is_refused(void **state)
{
    struct wb_export_request request = asked(false);

    (void)state;
    request.ids = &room.evidence;
    request.id_count = 1;
    wb_part_bytes = 2;
    assert_refused(&request, WB_ERR_LIMIT, "a file of more than 10000 parts");
    wb_part_bytes = FILE_BYTES / 4; /* whole parts, and none behind them */
    (void)exported(&request);
    wb_part_bytes = WB_USTAR_MEMBER_MAX;
    assert_int_equal(remove(path), 0);
}

static bool
count_files(void *cookie, const struct wb_record *r)
{
    struct wb_value_view value;

    *(unsigned *)cookie += wb_record_value(r, "file", 0, &value);
    return true;
}

/* What would be offered after a crash is a line of text, or nothing is. */
static void
a_path_that_is_no_line_is_written_all_the_same(void **state)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_export_request request = asked(false);
    char odd[ROOM_PATH_BYTES], part[ROOM_PATH_BYTES];
    struct wb_vault *v;
    struct wb_error e = {0};
    uint64_t damaged;
    unsigned files = 0;

    (void)state;
    room_path(odd, &room, "two\nlines");
    request.all = request.leave_out_refused = true;
    request.path = odd;
    request.split = 128 * 1024;
    (void)exported(&request);
    for (int i = 1; i <= 3; i++) {
        char name[40];

        room_text(name, sizeof name, "two\nlines.%02d-of-03", i);
        room_path(part, &room, name);
        assert_true(room_exists(part));
        assert_int_equal(remove(part), 0);
    }
    v = room_open(room.vault);
    ok(wb_list(v, &handoffs, count_files, &files, &damaged, &e), &e);
    assert_int_equal(files, 0);
    wb_vault_close(&v);
}

/* ---- refused on the way ---- */

static long calls, refused_call; /* so far; which one is refused, 0: none */

static bool
refuse_memory(size_t size)
{
    (void)size;
    return ++calls == refused_call;
}

static bool
refuse_room(void)
{
    return ++calls == refused_call;
}

static int
refuse_file(enum wb_file_op op)
{
    (void)op;
    return ++calls == refused_call ? EIO : 0;
}

static void
arm(int kind, long at)
{
    calls = 0;
    refused_call = at;
    wb_mem_fault = kind == 0 ? refuse_memory : NULL;
    wb_mem_room_fault = kind == 1 ? refuse_room : NULL;
    wb_file_fault = kind == 2 ? refuse_file : NULL;
}

static bool
count_record(void *cookie, const struct wb_record *r)
{
    (void)r;
    ++*(unsigned *)cookie;
    return true;
}

static unsigned
count_handoffs(void)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    uint64_t damaged;
    unsigned count = 0;

    ok(wb_list(v, &handoffs, count_record, &count, &damaged, &e), &e);
    wb_vault_close(&v);
    return count;
}

static void
remove_file(void *cookie, const char *name, const char *at)
{
    if (strstr(name, "out.age") == NULL)
        return;
    ++*(unsigned *)cookie;
    assert_int_equal(remove(at), 0);
}

/* One export in which a call is refused: done, or refused in a line, and then nothing
 * has left, or the vault says what has. */
static enum wb_status
export_refused(
    const struct wb_export_request *request, int kind, long at, bool *reached)
{
    const unsigned before = count_handoffs();
    struct wb_vault *v = room_open(room.vault);
    struct wb_exported done;
    struct wb_error e = {0};
    unsigned files = 0;
    enum wb_status st;

    arm(kind, at);
    st = wb_export(v, request, &done, &e);
    wb_vault_close(&v);
    *reached = calls >= at;
    arm(-1, 0);
    if (st != WB_OK) {
        assert_true(st == WB_ERR_IO || st == WB_ERR_MEMORY);
        room_assert_line(&e);
    }
    room_each_file(room.folder, remove_file, &files);
    if (count_handoffs() == before)
        assert_int_equal(files, 0);
    else
        assert_true(files > 0);
    return st;
}

/* With all that an export can have: files and bundle in parts, answers, redactions, and
 * more than one handoff. */
static void
a_refusal_on_the_way_leaves_nothing_or_what_the_vault_says(void **state)
{
    static const long steps[] = {29, 97, 3};
    static const char *const redact[] = {"date", "text.1"};
    const struct wb_id ids[] = {room.statement, room.evidence, room.other};
    const struct wb_exception answers[] = {
        {room.statement, "for a test"}, {room.other, "for a test"}};
    struct wb_export_request request = asked(false);
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    unsigned refused = 0;
    bool reached;

    (void)state;
    request.ids = ids;
    request.id_count = 3;
    request.purpose = "archive";
    request.redact = redact;
    request.redact_count = 2;
    request.overrides = request.keep_names = answers;
    request.override_count = request.keep_name_count = 2;
    request.split = 128 * 1024;
    wb_part_bytes = FILE_BYTES / 3;
    wb_handoff_records = 1;
    for (int kind = 0; kind < 3; kind++) {
        reached = true;
        for (long at = 1; reached; at += steps[kind] * (long)every(1)) {
            room_write(room.vault, bytes, size);
            if (export_refused(&request, kind, at, &reached) != WB_OK)
                refused++; /* else of a journal after its commit, or for the index */
        }
    }
    wb_part_bytes = WB_USTAR_MEMBER_MAX;
    wb_handoff_records = 50000;
    room_write(room.vault, bytes, size);
    room_assert_sound(room.vault);
    counted(refused, "exports refused on the way");
    assert_true(refused > 400 / every(1));
    free(bytes);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_or_keys_and_each_of_its_kind),
        cmocka_unit_test(names_that_fit_no_line_are_counted),
        cmocka_unit_test(a_vault_without_records_has_nothing_to_give),
        cmocka_unit_test(what_is_asked_for_twice_goes_once),
        cmocka_unit_test(a_notice_goes_only_by_its_id),
        cmocka_unit_test(the_first_id_that_is_not_here_ends_it),
        cmocka_unit_test(
            a_record_of_an_unknown_kind_goes_closed_where_nothing_may_be_tied),
        cmocka_unit_test(an_incident_is_asked_for_beside_what_nobody_knows),
        cmocka_unit_test(a_plan_of_nothing_is_no_refusal),
        cmocka_unit_test(at_level_anonymous_a_person_stays_and_it_is_said),
        cmocka_unit_test(a_reason_that_is_no_line_is_refused),
        cmocka_unit_test(an_override_of_a_copy_names_the_copy),
        cmocka_unit_test(what_is_redacted_is_named_by_record_or_for_those_named),
        cmocka_unit_test(of_a_field_only_what_it_has_can_be_redacted),
        cmocka_unit_test(a_file_of_too_many_parts_is_refused),
        cmocka_unit_test(a_path_that_is_no_line_is_written_all_the_same),
        cmocka_unit_test(a_refusal_on_the_way_leaves_nothing_or_what_the_vault_says),
        cmocka_unit_test(inside_is_who_was_compared_and_marked),
        cmocka_unit_test(a_name_in_a_text_is_answered_for_by_record_or_person),
        cmocka_unit_test(an_id_in_the_text_of_a_copy_is_in_the_way),
        cmocka_unit_test(a_crowd_in_one_text_is_told_by_name),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
