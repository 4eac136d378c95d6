/* tests/unit/test_gate.c - which records of a vault may go to whom, and how far. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "custody/change.h"
#include "query/gate.h"
#include "room.h"

/* One incident. `named` agreed to everything, `silent` was never asked, `veiled` agreed
 * without any name, `against` said no. Each gave a statement that may go by itself. */
struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_id incident, act, person[4], statement[4], evidence, portrait,
        translation;
};
enum { NAMED, SILENT, VEILED, AGAINST };

static struct wb_id
make(struct fixture *f, const char *kind, const char *const *fields)
{
    struct wb_error e = {0};
    struct wb_id id;

    if (room_add(f->v, &id, &e, kind, fields) != WB_OK)
        fail_msg("%s: %s", kind, e.message);
    return id;
}

static void
agree(struct fixture *f, const struct wb_id *about, const char *decision,
    const char *level)
{
    char text[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"about", text, "purpose", "partner", "decision",
        decision, "level", level, "when", "2026-01-10", NULL};

    wb_id_text(text, about);
    (void)make(f, "consent", fields);
}

static void
make_people(struct fixture *f)
{
    static const char *const names[] = {
        "Азат Исаков", "Chemen Ore", "Leyla Durdyeva", "Meret Orazov"};

    for (int i = 0; i < 4; i++) {
        const char *const fields[] = {"name", names[i], "pseudonym", "Witness",
            "residence", "Moscow", "safe-contact", "only after dark", NULL};

        f->person[i] = make(f, "person", fields);
    }
    agree(f, &f->person[NAMED], "yes", "named");
    agree(f, &f->person[VEILED], "yes", "anonymous");
    agree(f, &f->person[AGAINST], "no", "named");
}

static void
make_records(struct fixture *f)
{
    static const char *const incident[] = {
        "title", "Abduction", "place-exact", "his home", NULL};
    char whole[WB_ID_TEXT_BYTES], who[4][WB_ID_TEXT_BYTES], said[WB_ID_TEXT_BYTES];
    const char *const act[] = {"incident", whole, "victim", who[SILENT], "type",
        "abduction", "place", "Russia", "place-exact", "his home", NULL};
    const char *const sketch[] = {"about", said, "description", "A sketch", NULL};
    const char *const portrait[] = {
        "about", whole, "shown", who[NAMED], "shown", who[SILENT], NULL};
    const char *const translation[] = {"parent", said, "type", "translation", NULL};

    f->incident = make(f, "incident", incident);
    wb_id_text(whole, &f->incident);
    for (int i = 0; i < 4; i++) {
        const char *const statement[] = {"incident", whole, "witness", who[i], "text",
            "They came at night.", "interviewer", "Asel", NULL};

        wb_id_text(who[i], &f->person[i]);
        f->statement[i] = make(f, "statement", statement);
        agree(f, &f->statement[i], "yes", "named");
    }
    f->act = make(f, "act", act);
    wb_id_text(said, &f->statement[SILENT]);
    f->evidence = make(f, "evidence", sketch);
    f->translation = make(f, "derivative", translation);
    f->portrait = make(f, "evidence", portrait);
    agree(f, &f->portrait, "yes", "named");
}

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    make_people(f);
    make_records(f);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    free(f);
    return 0;
}

static struct wb_gate_request
partner(enum wb_level level)
{
    return (struct wb_gate_request){.purpose = "partner", .level = level};
}

static struct wb_verdict
ask(struct fixture *f, const struct wb_gate_request *request, const struct wb_id *id)
{
    struct wb_gate g = {0};
    struct wb_record *r = NULL;
    struct wb_verdict v = {0};
    struct wb_error e = {0};

    assert_int_equal(wb_gate_open(&g, f->v, request, &e), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, id, &e), WB_OK);
    assert_int_equal(wb_gate_ask(&g, &v, r, &e), WB_OK);
    v.why.by = NULL; /* of the gate */
    wb_record_free(&r);
    wb_gate_wipe(&g);
    return v;
}

/* The record as it would leave. */
static struct wb_record *
leave(struct fixture *f, enum wb_level level, const struct wb_id *id)
{
    struct wb_gate_request request = partner(level);
    struct wb_gate g = {0};
    struct wb_record *r = NULL;
    struct wb_verdict v;
    struct wb_error e = {0};

    assert_int_equal(wb_gate_open(&g, f->v, &request, &e), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, id, &e), WB_OK);
    assert_int_equal(wb_gate_ask(&g, &v, r, &e), WB_OK);
    assert_int_equal(v.answer, WB_GOES);
    wb_gate_withhold(&g, r, v.level);
    wb_gate_wipe(&g);
    return r;
}

static bool
is_closed(const struct wb_record *r, const char *field)
{
    const struct wb_place *p =
        wb_record_place(r, wb_field_find(r->table, field)->number);

    return p->form == WB_FORM_CLOSED;
}

static void
a_statement_needs_its_witness(void **state)
{
    static const enum wb_gate_answer answers[] = {
        WB_GOES, WB_REFUSED, WB_GOES, WB_REFUSED};
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;
    struct wb_verdict v;

    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(f, &request, &f->statement[i]).answer, answers[i]);
    assert_int_equal(ask(f, &request, &f->statement[NAMED]).level, WB_LEVEL_NAMED);
    assert_int_equal(ask(f, &request, &f->statement[VEILED]).level, WB_LEVEL_ANONYMOUS);
    v = ask(f, &request, &f->statement[AGAINST]);
    assert_true(wb_id_equal(&v.why.subject, &f->person[AGAINST]));
}

static void
a_person_without_consent_goes_without_a_name(void **state)
{
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;
    struct wb_verdict v = ask(f, &request, &f->person[SILENT]);
    struct wb_record *r;

    assert_int_equal(v.answer, WB_GOES);
    assert_int_equal(v.level, WB_LEVEL_PSEUDONYM);
    r = leave(f, WB_LEVEL_NAMED, &f->person[SILENT]);
    assert_true(is_closed(r, "name"));
    assert_true(is_closed(r, "residence"));
    assert_string_equal(wb_record_text(r, "pseudonym"), "Witness");
    wb_record_free(&r);
    assert_int_equal(ask(f, &request, &f->person[AGAINST]).answer, WB_REFUSED);
    assert_int_equal(ask(f, &request, &f->person[VEILED]).answer, WB_STAYS);
}

static void
how_to_reach_somebody_safely_never_leaves(void **state)
{
    struct fixture *f = *state;
    struct wb_record *r = leave(f, WB_LEVEL_NAMED, &f->person[NAMED]);

    assert_string_equal(wb_record_text(r, "residence"), "Moscow");
    assert_true(is_closed(r, "safe-contact"));
    wb_record_free(&r);
}

static void
nothing_points_to_somebody_who_stays(void **state)
{
    struct fixture *f = *state;
    struct wb_record *r = leave(f, WB_LEVEL_NAMED, &f->statement[VEILED]);
    uint8_t root[WB_ROOT_BYTES];

    assert_true(is_closed(r, "witness"));
    assert_true(is_closed(r, "interviewer"));
    assert_true(is_closed(r, "remarks")); /* empty ones too */
    assert_false(is_closed(r, "text"));
    wb_record_commit_root(r, root);
    assert_memory_equal(root, r->root, sizeof root);
    wb_record_free(&r);
    r = leave(f, WB_LEVEL_NAMED, &f->statement[NAMED]);
    assert_int_equal(wb_record_withheld(r), 0);
    wb_record_free(&r);
}

static void
the_place_of_an_incident_is_that_of_its_persons(void **state)
{
    struct fixture *f = *state;
    struct wb_record *r = leave(f, WB_LEVEL_NAMED, &f->incident);

    assert_true(is_closed(r, "place-exact"));
    assert_string_equal(wb_record_text(r, "title"), "Abduction");
    wb_record_free(&r);
    r = leave(f, WB_LEVEL_NAMED, &f->act);
    assert_true(is_closed(r, "place-exact"));
    assert_false(is_closed(r, "place"));
    assert_false(is_closed(r, "victim"));
    wb_record_free(&r);
}

static void
what_belongs_to_a_record_goes_as_far(void **state)
{
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;

    assert_int_equal(ask(f, &request, &f->evidence).answer, WB_REFUSED);
    assert_int_equal(ask(f, &request, &f->translation).answer, WB_REFUSED);
    request.purpose = "internal";
    assert_int_equal(ask(f, &request, &f->evidence).answer, WB_GOES);
    assert_int_equal(ask(f, &request, &f->translation).level, WB_LEVEL_NAMED);
}

/* That goes by what it belongs to, and what nobody needs to be asked about. */
static void
what_was_said_of_a_record_itself_binds_it(void **state)
{
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;
    char whole[WB_ID_TEXT_BYTES];
    const char *const photo[] = {"about", whole, "description", "A photo", NULL};
    const char *const incident[] = {"title", "Another", NULL};
    const char *const act[] = {"incident", whole, "type", "abduction", NULL};
    const char *const sheet[] = {"parent", whole, "type", "translation", NULL};
    struct wb_id ids[4];

    ids[3] = make(f, "incident", incident);
    wb_id_text(whole, &ids[3]);
    ids[0] = make(f, "evidence", photo);
    ids[1] = make(f, "act", act);
    ids[2] = make(f, "derivative", sheet);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ask(f, &request, &ids[i]).answer, WB_GOES);
        agree(f, &ids[i], i == 1 ? "ask" : "no", "named");
        assert_int_equal(ask(f, &request, &ids[i]).answer, WB_REFUSED);
        request.purpose = "archive";
        assert_int_equal(ask(f, &request, &ids[i]).answer, WB_GOES);
        request.purpose = "partner";
    }
}

static void
a_level_that_was_said_of_a_part_is_the_most_it_goes_at(void **state)
{
    const struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;
    char said[WB_ID_TEXT_BYTES];
    const char *const sketch[] = {"about", said, "description", "A sketch", NULL};
    struct wb_id id;

    wb_id_text(said, &f->statement[NAMED]);
    id = make(f, "evidence", sketch);
    assert_int_equal(ask(f, &request, &id).level, WB_LEVEL_NAMED);
    agree(f, &id, "yes", "pseudonym");
    assert_int_equal(ask(f, &request, &id).level, WB_LEVEL_PSEUDONYM);
    assert_int_equal(ask(f, &request, &id).answer, WB_GOES);
}

static void
an_override_is_said_with_the_verdict(void **state)
{
    struct fixture *f = *state;
    struct wb_exception reason = {f->statement[SILENT], "asked by telephone"};
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct wb_verdict v;

    request.overrides = &reason;
    request.override_count = 1;
    v = ask(f, &request, &f->statement[SILENT]);
    assert_int_equal(v.answer, WB_GOES);
    assert_string_equal(v.override, "asked by telephone");
    assert_int_equal(v.level, WB_LEVEL_PSEUDONYM); /* that of the witness */
    assert_int_equal(ask(f, &request, &f->evidence).answer, WB_GOES);
    v = ask(f, &request, &f->statement[NAMED]);
    assert_null(v.override);
}

static void
a_picture_of_somebody_unnamed_stays(void **state)
{
    struct fixture *f = *state;
    struct wb_exception reason = {f->portrait, "faces are blurred"};
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct wb_gate g = {0};
    struct wb_record *r = NULL;
    struct wb_verdict v;
    struct wb_error e = {0};

    assert_int_equal(ask(f, &request, &f->portrait).answer, WB_REFUSED);
    request.overrides = &reason;
    request.override_count = 1;
    assert_int_equal(wb_gate_open(&g, f->v, &request, &e), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, &f->portrait, &e), WB_OK);
    assert_int_equal(wb_gate_ask(&g, &v, r, &e), WB_OK);
    assert_int_equal(v.answer, WB_GOES);
    wb_gate_withhold(&g, r, v.level);
    assert_true(is_closed(r, "sha256"));
    assert_true(is_closed(r, "file-name"));
    wb_record_free(&r);
    wb_gate_wipe(&g);
}

static void
an_anonymous_request_takes_no_person_along(void **state)
{
    struct wb_gate_request request = partner(WB_LEVEL_ANONYMOUS);
    struct fixture *f = *state;
    struct wb_record *r;

    assert_int_equal(ask(f, &request, &f->person[NAMED]).answer, WB_STAYS);
    assert_int_equal(ask(f, &request, &f->person[SILENT]).answer, WB_STAYS);
    r = leave(f, WB_LEVEL_ANONYMOUS, &f->act);
    assert_true(is_closed(r, "victim"));
    wb_record_free(&r);
}

static void
of_several_recipients_each_must_be_allowed(void **state)
{
    static const char *const names[] = {"archive", "press"};
    static const struct wb_gate_recipient both[] = {{&names[0], 1}, {&names[1], 1}};
    struct wb_gate_request request = partner(WB_LEVEL_NAMED);
    struct fixture *f = *state;
    static const char *const incident[] = {"title", "Another", NULL};
    struct wb_id whole = make(f, "incident", incident), said;
    char text[WB_ID_TEXT_BYTES], about[WB_ID_TEXT_BYTES];
    const char *const statement[] = {"incident", text, "text", "No.", NULL};
    const char *const consent[] = {"about", about, "purpose", "partner", "decision",
        "yes", "level", "named", "recipient", "archive", NULL};

    wb_id_text(text, &whole);
    said = make(f, "statement", statement);
    wb_id_text(about, &said);
    (void)make(f, "consent", consent);
    request.recipients = both;
    request.recipient_count = 1;
    assert_int_equal(ask(f, &request, &said).answer, WB_GOES);
    request.recipient_count = 2;
    assert_int_equal(ask(f, &request, &said).answer, WB_REFUSED);
    request.recipient_count = 0; /* nobody in particular */
    assert_int_equal(ask(f, &request, &said).answer, WB_REFUSED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_needs_its_witness),
        cmocka_unit_test(a_person_without_consent_goes_without_a_name),
        cmocka_unit_test(how_to_reach_somebody_safely_never_leaves),
        cmocka_unit_test(nothing_points_to_somebody_who_stays),
        cmocka_unit_test(the_place_of_an_incident_is_that_of_its_persons),
        cmocka_unit_test(what_belongs_to_a_record_goes_as_far),
        cmocka_unit_test(what_was_said_of_a_record_itself_binds_it),
        cmocka_unit_test(a_level_that_was_said_of_a_part_is_the_most_it_goes_at),
        cmocka_unit_test(an_override_is_said_with_the_verdict),
        cmocka_unit_test(a_picture_of_somebody_unnamed_stays),
        cmocka_unit_test(an_anonymous_request_takes_no_person_along),
        cmocka_unit_test(of_several_recipients_each_must_be_allowed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
