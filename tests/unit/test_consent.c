/* tests/unit/test_consent.c - how far a record may go: the decision, case by case. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "crypto/secret.h"
#include "formats/edtf.h"
#include "record/consent.h"

enum { WITNESS = 'w', STATEMENT = 's', OTHER = 'o' };
enum { GIVEN_MAX = 4 };

/* Fields as "name value;name value"; of `about` the letter. */
struct given {
    char about;
    const char *fields;
    int record;         /* revisions of one record share a number; 0: one of its own */
    int previous;       /* 1-based index of the revision it follows; 0 none */
    const char *origin; /* NULL ours */
};

struct expected {
    bool allowed;
    enum wb_level level;
    enum wb_consent_reason reason;
    char subject;
    int by; /* 1-based; 0 silence */
};

struct decision_case {
    const char *says;
    const char *purpose; /* NULL: partner */
    const char *subjects;
    struct given given[GIVEN_MAX];
    struct expected is;
};

#define YES "purpose partner;decision yes;level named;when 2026-01-10"
#define NO "purpose partner;decision no;when 2026-01-10"
#define ALLOWED true
#define REFUSED false

/* clang-format off */
static const struct decision_case cases[] = {
    {"silence is no", NULL, "s", {{0}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 's', 0}},
    {"inside the organisation silence is yes", "internal", "sw", {{0}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_INTERNAL, 's', 0}},
    {"a no counts inside the organisation too", "internal", "s",
        {{'s', "purpose internal;decision no", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a yes is a yes", NULL, "s", {{'s', YES, 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"a yes for another purpose is none", "publication", "s", {{'s', YES, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 's', 0}},
    {"a yes about another record is none", NULL, "s", {{'o', YES, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 's', 0}},
    {"a yes that names no level keeps the name", NULL, "s",
        {{'s', "purpose partner;decision yes", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_PSEUDONYM, WB_REASON_GIVEN, 's', 1}},
    {"every subject must agree", NULL, "sw", {{'s', YES, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 'w', 0}},
    {"the level is the lowest of all subjects", NULL, "sw",
        {{'s', YES, 0, 0, NULL},
         {'w', "purpose partner;decision yes;level anonymous", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_ANONYMOUS, WB_REASON_GIVEN, 'w', 2}},

    {"it holds on its last day", NULL, "s", {{'s', YES ";expiry 2026-06-15", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"not on the day after", NULL, "s", {{'s', YES ";expiry 2026-06-14", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_EXPIRED, 's', 1}},
    {"of an uncertain last day the first counts", NULL, "s", {{'s', YES ";expiry 2026-06", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_EXPIRED, 's', 1}},
    {"of an uncertain last day of a no the last counts", "internal", "s",
        {{'s', "purpose internal;decision no;expiry 2026-06", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a last day that is not known is no last day", NULL, "s", {{'s', YES ";expiry ?unknown", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_EXPIRED, 's', 1}},
    {"what expired uncovers what was said before", NULL, "s",
        {{'s', YES, 0, 0, NULL},
         {'s', "purpose partner;decision no;when 2026-02;expiry 2026-03", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},

    {"for this recipient by label", NULL, "s", {{'s', YES ";recipient archive", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"for this recipient by key", NULL, "s", {{'s', YES ";recipient press;recipient age1key", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"for another recipient", NULL, "s", {{'s', YES ";recipient press", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_OTHERS, 's', 1}},
    {"a no to another recipient does not matter", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2026-05;recipient press", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"a no to this recipient does", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2026-05;recipient archive", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 2}},
    {"a no to somebody who is not known is a no to all", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2026-05;recipient ?unknown", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 2}},

    {"the newest wins", NULL, "s",
        {{'s', "purpose partner;decision no;when 2025-01-10", 0, 0, NULL}, {'s', YES, 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 2}},
    {"whichever was written down first", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2025-01-10", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 1}},
    {"of one day the stricter", NULL, "s", {{'s', NO, 0, 0, NULL}, {'s', YES, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"of one day the lower level", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision yes;level anonymous;when 2026-01-10", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_ANONYMOUS, WB_REASON_GIVEN, 's', 2}},
    {"an uncertain no may be the later", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2026", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 2}},
    {"an uncertain yes may be the earlier", NULL, "s",
        {{'s', NO, 0, 0, NULL}, {'s', "purpose partner;decision yes;when 2026", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a no without a date is the newest", NULL, "s",
        {{'s', "purpose partner;decision no", 0, 0, NULL}, {'s', YES, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a yes without a date is the oldest", NULL, "s",
        {{'s', "purpose partner;decision yes;level named", 0, 0, NULL}, {'s', NO, 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 2}},

    {"asking again is not agreeing", NULL, "s",
        {{'s', "purpose partner;decision ask;level pseudonym", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_PSEUDONYM, WB_REASON_ASK, 's', 1}},
    {"conditions are not for a program to judge", NULL, "s",
        {{'s', YES ";conditions not before the trial", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_CONDITIONS, 's', 1}},
    {"nor is which part of it may go", NULL, "s",
        {{'s', YES ";material text", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_CONDITIONS, 's', 1}},
    {"nor an embargo", NULL, "s",
        {{'s', YES ";embargo 2027", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_CONDITIONS, 's', 1}},
    {"an answer that is not known is a no", "internal", "s",
        {{'s', "purpose internal;decision ?unknown", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a no for a purpose that is not known is for all", "internal", "s",
        {{'s', "purpose ?unknown;decision no", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},

    {"a withdrawal ends it", NULL, "s",
        {{'s', YES, 7, 0, NULL}, {'s', YES ";withdrawn 2026-03-01", 7, 1, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_WITHDRAWN, 's', 2}},
    {"and does not expire", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision yes;when 2026-02;expiry 2026-04;withdrawn 2026-03", 0, 0, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_WITHDRAWN, 's', 2}},
    {"a consent given after it counts", NULL, "s",
        {{'s', YES ";withdrawn 2026-03-01", 0, 0, NULL}, {'s', "purpose partner;decision yes;level named;when 2026-04-01", 0, 0, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 2}},

    {"a foreign yes counts for nothing", NULL, "s", {{'s', YES, 0, 0, "a"}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 's', 0}},
    {"a foreign yes does not lift our no", NULL, "s",
        {{'s', NO, 7, 0, NULL}, {'s', YES ";remarks later", 7, 1, "a"}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"a foreign no counts", NULL, "s",
        {{'s', YES, 0, 0, NULL}, {'s', "purpose partner;decision no;when 2026-03", 0, 0, "a"}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 2}},
    {"a foreign withdrawal of our consent counts", NULL, "s",
        {{'s', YES, 7, 0, NULL}, {'s', YES ";withdrawn 2026-03-01", 7, 1, "a"}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_WITHDRAWN, 's', 2}},
    {"its author takes a foreign no back", "internal", "s",
        {{'s', "purpose internal;decision no", 7, 0, "a"}, {'s', "purpose internal;decision yes", 7, 1, "a"}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_INTERNAL, 's', 0}},
    {"nobody else does", "internal", "s",
        {{'s', "purpose internal;decision no", 7, 0, "a"}, {'s', "purpose internal;decision yes", 7, 1, "b"}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},
    {"where the origin is withheld nobody is its author", "internal", "s",
        {{'s', "purpose internal;decision no", 7, 0, ""}, {'s', "purpose internal;decision yes", 7, 1, ""}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 1}},

    {"an amendment takes the place of what it amends", NULL, "s",
        {{'s', NO, 7, 0, NULL}, {'s', YES, 7, 1, NULL}},
        {ALLOWED, WB_LEVEL_NAMED, WB_REASON_GIVEN, 's', 2}},
    {"of two heads the stricter speaks", NULL, "s",
        {{'s', NO ";remarks first", 7, 0, NULL}, {'s', YES, 7, 1, NULL}, {'s', NO, 7, 1, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 3}},
    {"even where the other is the newer", NULL, "s",
        {{'s', NO ";remarks first", 7, 0, NULL}, {'s', "purpose partner;decision yes;when 2026-05-05", 7, 1, NULL}, {'s', NO, 7, 1, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_NO, 's', 3}},
    {"of two heads one says nothing of this purpose", NULL, "s",
        {{'s', NO, 7, 0, NULL}, {'s', YES, 7, 1, NULL}, {'s', "purpose archive;decision yes", 7, 1, NULL}},
        {REFUSED, WB_LEVEL_NAMED, WB_REASON_SILENT, 's', 0}},
    {"two heads, the lower level", NULL, "s",
        {{'s', NO, 7, 0, NULL}, {'s', YES, 7, 1, NULL}, {'s', "purpose partner;decision yes;level pseudonym;when 2026-05", 7, 1, NULL}},
        {ALLOWED, WB_LEVEL_PSEUDONYM, WB_REASON_GIVEN, 's', 3}},
};
/* clang-format on */

static struct wb_id
id_of(char letter)
{
    struct wb_id id = {{0}};

    id.bytes[5] = (uint8_t)letter;
    return id;
}

/* "name value", and "name ?unknown" for the state. */
static void
put_field(struct wb_draft *d, const char *field, size_t size)
{
    char name[32], value[64];
    bool unknown;
    struct wb_error e = {0};

    assert_true(size < sizeof value);
    assert_int_equal(sscanf(field, "%31[^ ] %63[^;]", name, value), 2);
    unknown = strcmp(value, "?unknown") == 0;
    assert_int_equal(wb_draft_put(d, name, unknown ? WB_STATE_UNKNOWN : WB_STATE_TEXT,
                         unknown ? NULL : value, unknown ? 0 : strlen(value), &e),
        WB_OK);
}

static struct wb_draft *
draft(const struct given *g)
{
    char about[WB_ID_TEXT_BYTES];
    struct wb_id id = id_of(g->about);
    struct wb_draft *d = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_draft_new(&d, "consent", &e), WB_OK);
    wb_id_text(about, &id);
    assert_int_equal(
        wb_draft_put(d, "about", WB_STATE_TEXT, about, strlen(about), &e), WB_OK);
    for (const char *at = g->fields; at != NULL; at = strchr(at, ';')) {
        at += *at == ';';
        put_field(d, at, strcspn(at, ";"));
    }
    return d;
}

/* A revision as a vault would have opened it. */
static struct wb_record *
revision(const struct given *g, int number, const uint8_t (*roots)[WB_ROOT_BYTES])
{
    struct wb_lineage lineage = {
        .id = id_of((char)('A' + (g->record > 0 ? 0 : number))),
        .revision = g->previous > 0 ? 2 : 1,
        .previous = g->previous > 0 ? &roots[g->previous - 1] : NULL,
        .previous_count = g->previous > 0,
        .origin = g->origin == NULL ? "witnessbox/ours" : g->origin};
    struct wb_draft *d = draft(g);
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    lineage.id.bytes[0] = (uint8_t)g->record;
    assert_int_equal(wb_record_from_draft(&r, d, &lineage, &e), WB_OK);
    r->foreign = g->origin != NULL;
    wb_draft_free(&d);
    return r;
}

static int64_t
day(const char *date)
{
    struct wb_edtf d;
    struct wb_error e = {0};

    assert_int_equal(wb_edtf_range(&d, date, strlen(date), &e), WB_OK);
    return d.earliest;
}

static int
index_of(const struct wb_decision *d, const uint8_t (*roots)[WB_ROOT_BYTES])
{
    for (int i = 0; d->by != NULL && i < GIVEN_MAX; i++)
        if (memcmp(d->by->root, roots[i], WB_ROOT_BYTES) == 0)
            return i + 1;
    return 0;
}

static void
check(const struct decision_case *c, bool backwards)
{
    static const char *const names[] = {"archive", "Northern Archive", "age1key"};
    struct wb_consent_question q = {
        .purpose = c->purpose == NULL ? "partner" : c->purpose,
        .names = names,
        .name_count = sizeof names / sizeof *names,
        .today = day("2026-06-15")};
    struct wb_record *records[GIVEN_MAX] = {NULL};
    uint8_t roots[GIVEN_MAX][WB_ROOT_BYTES] = {{0}};
    struct wb_consents all = {0};
    struct wb_id subjects[2] = {id_of(c->subjects[0]), id_of(c->subjects[1])};
    struct wb_decision d;
    struct wb_error e = {0};
    int count = 0;

    for (; count < GIVEN_MAX && c->given[count].about != 0; count++) {
        records[count] =
            revision(&c->given[count], count, (const uint8_t(*)[WB_ROOT_BYTES])roots);
        memcpy(roots[count], records[count]->root, WB_ROOT_BYTES);
    }
    for (int i = 0; i < count; i++)
        assert_int_equal(
            wb_consents_add(&all, records[backwards ? count - 1 - i : i], &e), WB_OK);
    wb_consents_settle(&all);
    wb_consents_decide(&d, &all, &q, subjects, strlen(c->subjects));
    if (d.allowed != c->is.allowed || d.level != c->is.level ||
        d.reason != c->is.reason || d.subject.bytes[5] != (uint8_t)c->is.subject ||
        index_of(&d, (const uint8_t(*)[WB_ROOT_BYTES])roots) != c->is.by)
        fail_msg("%s: %s, level %s, because %s (%c), by %d", c->says,
            d.allowed ? "allowed" : "refused", wb_level_word(d.level),
            wb_reason_words(d.reason), d.subject.bytes[5],
            index_of(&d, (const uint8_t(*)[WB_ROOT_BYTES])roots));
    wb_consents_wipe(&all);
    for (int i = 0; i < count; i++)
        wb_record_free(&records[i]);
}

static void
each_case_is_decided_as_the_rules_say(void **state)
{
    size_t count = sizeof cases / sizeof *cases;

    (void)state;
    for (size_t i = 0; i < count; i++)
        check(&cases[i], false);
    assert_true(count >= 45);
}

static void
the_order_in_which_they_were_stored_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i], true);
}

/* Whatever is left out of a consent of ours by a redaction may have been a limit. */
static void
a_yes_with_something_withheld_is_not_relied_on(void **state)
{
    const struct given g = {'s', YES, 0, 0, NULL};
    struct wb_record *r = revision(&g, 0, NULL);
    struct wb_consent_question q = {.purpose = "partner", .today = 0};
    struct wb_id subject = id_of('s');
    struct wb_consents all = {0};
    struct wb_decision d;
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->count == 0 || p->values[0].state == WB_STATE_ABSENT) {
            p->form = WB_FORM_CLOSED;
            p->count = 0;
        }
    }
    assert_int_equal(wb_consents_add(&all, r, &e), WB_OK);
    wb_consents_settle(&all);
    wb_consents_decide(&d, &all, &q, &subject, 1);
    assert_false(d.allowed);
    assert_int_equal(d.reason, WB_REASON_CONDITIONS);
    wb_consents_wipe(&all);
    wb_record_free(&r);
}

/* A notice of withdrawal of two records, for one use or for all. */
static struct wb_record *
notice(const char *purpose, bool foreign)
{
    static const struct wb_lineage lineage = {.revision = 1, .origin = "b"};
    static const char *const fields[] = {
        "type", "withdrawal", "time", "2026-03-01T05:40:39Z"};
    char lines[2][WB_ID_TEXT_BYTES + WB_ROOT_TEXT_BYTES];
    const struct wb_id ids[] = {id_of('s'), id_of('t')};
    struct wb_draft *d = NULL;
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_draft_new_any(&d, wb_kind_find("notice"), &e), WB_OK);
    for (int i = 0; i < 4; i += 2)
        assert_int_equal(wb_draft_put(d, fields[i], WB_STATE_TEXT, fields[i + 1],
                             strlen(fields[i + 1]), &e),
            WB_OK);
    if (purpose != NULL)
        assert_int_equal(
            wb_draft_put(d, "purpose", WB_STATE_TEXT, purpose, strlen(purpose), &e),
            WB_OK);
    for (int i = 0; i < 2; i++) {
        wb_id_text(lines[i], &ids[i]);
        memset(lines[i] + WB_ID_TEXT_BYTES - 1, '0', WB_ROOT_TEXT_BYTES);
        lines[i][WB_ID_TEXT_BYTES - 1] = '@';
        lines[i][WB_ID_TEXT_BYTES + WB_ROOT_TEXT_BYTES - 1] = '\0';
        assert_int_equal(
            wb_draft_put(d, "records", WB_STATE_TEXT, lines[i], strlen(lines[i]), &e),
            WB_OK);
    }
    assert_int_equal(wb_record_from_draft(&r, d, &lineage, &e), WB_OK);
    wb_draft_free(&d);
    r->foreign = foreign;
    return r;
}

/* What is decided about a record that we say yes to, on a day. */
static struct wb_decision
beside_notice(const char *purpose, bool foreign, const char *yes_on, char subject)
{
    char fields[128];
    const struct given g = {subject, fields, 0, 0, NULL};
    struct wb_record *yes, *said = notice(purpose, foreign);
    struct wb_consent_question q = {.purpose = "partner", .today = day("2026-06-15")};
    struct wb_id about = id_of(subject);
    struct wb_consents all = {0};
    struct wb_decision d;
    struct wb_error e = {0};

    (void)snprintf(fields, sizeof fields,
        "purpose partner;decision yes;level named;when %s", yes_on);
    yes = revision(&g, 0, NULL);
    assert_int_equal(wb_consents_add(&all, yes, &e), WB_OK);
    assert_int_equal(wb_consents_add(&all, said, &e), WB_OK);
    wb_consents_settle(&all);
    wb_consents_decide(&d, &all, &q, &about, 1);
    wb_consents_wipe(&all);
    d.by = NULL; /* of the list */
    wb_record_free(&yes);
    wb_record_free(&said);
    return d;
}

static void
a_notice_of_withdrawal_refuses_for_each_record_that_it_names(void **state)
{
    (void)state;
    assert_int_equal(
        beside_notice("partner", true, "2026-01-10", 's').reason, WB_REASON_WITHDRAWN);
    assert_false(beside_notice("partner", true, "2026-01-10", 't').allowed);
    assert_false(beside_notice(NULL, true, "2026-01-10", 's').allowed);
    assert_true(beside_notice("un", true, "2026-01-10", 's').allowed);
    assert_true(beside_notice("partner", true, "2026-01-10", 'u').allowed);
    assert_true(beside_notice("partner", true, "2026-04-10", 's').allowed);
    assert_true(beside_notice("partner", false, "2026-01-10", 's').allowed);
}

static int
setup(void **state)
{
    struct wb_error e = {0};

    (void)state;
    return wb_crypto_start(&e) == WB_OK ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_is_decided_as_the_rules_say),
        cmocka_unit_test(the_order_in_which_they_were_stored_does_not_matter),
        cmocka_unit_test(a_yes_with_something_withheld_is_not_relied_on),
        cmocka_unit_test(a_notice_of_withdrawal_refuses_for_each_record_that_it_names),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
