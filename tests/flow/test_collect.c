/* tests/flow/test_collect.c - what a field vault holds comes to its owner whole, or is
 * refused by name and changes nothing. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/collect.h>
#include <witnessbox/destroy.h>
#include <witnessbox/text.h>

#include "custody/change.h"
#include "holder.h"
#include "record/record.h"
#include "stage.h"
#include "store/shim.h"
#include "store/store.h"

static char spare[ROOM_PATH_BYTES];

static int
setup(void **state)
{
    (void)state;
    stage_make(&stage);
    room_path(spare, &stage.room, "spare");
    return 0;
}

static int
reset(void **state)
{
    (void)state;
    stage_reset(&stage);
    return 0;
}

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static enum wb_status
collect(const char *path, struct wb_collected *done, struct wb_error *e)
{
    const struct wb_collect how = {.label = "field"};
    struct wb_vault *v = room_open(stage.a);
    enum wb_status st = wb_collect(v, path, &how, done, e);

    wb_vault_close(&v);
    return st;
}

static void
collect_well(const char *path, struct wb_collected *done)
{
    struct wb_error e = {0};

    ok(collect(path, done, &e), &e);
    room_assert_sound(stage.a);
}

/* The owner's vault stays as it was to the byte, and so does the field vault. */
static void
assert_refused(const char *path, enum wb_status status, const char *words)
{
    size_t size, field_size, after_size;
    uint8_t *before = room_read(stage.a, &size), *after;
    uint8_t *field = room_read(path, &field_size);
    struct wb_collected done = {.added = 99};
    struct wb_error e = {0};

    assert_int_equal(collect(path, &done, &e), status);
    room_assert_line(&e);
    if (strstr(e.message, words) == NULL)
        fail_msg("not called `%s`: %s", words, e.message);
    assert_int_equal(done.added, 99);
    after = room_read(stage.a, &after_size);
    assert_int_equal(size, after_size);
    assert_memory_equal(before, after, size);
    free(after);
    after = room_read(path, &after_size);
    assert_int_equal(field_size, after_size);
    assert_memory_equal(field, after, field_size);
    free(after);
    free(before);
    free(field);
}

static void
compare_mark(void)
{
    struct wb_vault *v = room_open(stage.a);
    struct wb_error e = {0};

    ok(wb_contact_verify(v, "field", "on the telephone", NULL, &e), &e);
    wb_vault_close(&v);
}

static void
add_to(const char *path, struct wb_id *id, const char *text, const char *incident)
{
    const char *const fields[] = {
        "text", text, incident == NULL ? NULL : "incident", incident, NULL};
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(room_add(v, id, &e, "statement", fields), &e);
    wb_vault_close(&v);
}

/* Only who has its keys can say so in its state, beside a header that is another's. */
static void
a_field_vault_whose_state_names_another_owner_is_refused(void **state)
{
    struct wb_vault *v = room_open(stage.field);
    struct wb_error e = {0};

    (void)state;
    ok(wb_store_begin(v, &e), &e);
    wb_store_state(v)->field_owner[0] ^= 1;
    ok(wb_store_commit(v, &e), &e);
    wb_vault_close(&v);
    assert_refused(stage.field, WB_ERR_INTEGRITY, "state: names another owner");
}

/* ---- what comes in ---- */

static void
it_comes_in_as_somebody_elses_until_the_mark_was_compared(void **state)
{
    struct wb_collected done;

    (void)state;
    collect_well(stage.field, &done);
    assert_false(done.verified);
    assert_int_equal(done.added, 2);
    assert_int_equal(done.files, 1);
    assert_int_equal(done.size, 3);
    assert_string_equal(done.label, "field");
    collect_well(stage.field, &done);
    assert_int_equal(done.added, 0);
    assert_int_equal(done.present, 2);

    compare_mark();
    collect_well(stage.field, &done);
    assert_true(done.verified);
    assert_int_equal(done.ours, 2);
    assert_int_equal(done.added, 0);
    collect_well(stage.field, &done);
    assert_int_equal(done.ours, 0);
    assert_int_equal(done.present, 2);
}

static void
a_second_time_changes_not_a_byte(void **state)
{
    struct wb_collected done;
    size_t size, after_size;
    uint8_t *before, *after;

    (void)state;
    for (int round = 0; round < 2; round++) {
        collect_well(stage.field, &done);
        before = room_read(stage.a, &size);
        collect_well(stage.field, &done);
        after = room_read(stage.a, &after_size);
        assert_int_equal(size, after_size);
        assert_memory_equal(before, after, size);
        free(before);
        free(after);
        if (round == 0)
            compare_mark();
    }
}

struct seen {
    unsigned ours, theirs;
    char text[64];
    struct wb_id evidence, statement;
};

static bool
see(void *cookie, const struct wb_record *r)
{
    struct seen *s = cookie;
    struct wb_value_view value;

    if (wb_record_proof_count(r) == 0) /* it was here before */
        return true;
    s->ours += !wb_record_is_foreign(r);
    s->theirs += wb_record_is_foreign(r);
    if (strcmp(wb_record_kind(r), "statement") == 0 &&
        wb_record_value(r, "text", 0, &value)) {
        room_text(s->text, sizeof s->text, "%s", value.text);
        s->statement = *wb_record_id(r);
    } else
        s->evidence = *wb_record_id(r);
    return true;
}

static void
look(struct seen *s)
{
    const struct wb_list_filter all = {0};
    struct wb_vault *v = room_open(stage.a);
    struct wb_error e = {0};
    uint64_t damaged;

    *s = (struct seen){0};
    ok(wb_list(v, &all, see, s, &damaged, &e), &e);
    assert_int_equal(damaged, 0);
    wb_vault_close(&v);
}

static void
text_file_and_proof_are_those_of_the_field(void **state)
{
    struct wb_collected done;
    struct wb_record *r = NULL;
    struct wb_process p;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct seen s;
    char *proof = NULL;

    (void)state;
    collect_well(stage.field, &done);
    look(&s);
    assert_int_equal(s.theirs, 2);
    assert_int_equal(s.ours, 0);
    compare_mark();
    collect_well(stage.field, &done);
    look(&s);
    assert_int_equal(s.theirs, 0);
    assert_int_equal(s.ours, 2);
    assert_string_equal(s.text, "Told in the field.");

    v = room_open(stage.a);
    ok(wb_process_describe(v, &s.evidence, &p, &e), &e);
    assert_true(p.same);
    assert_int_equal(p.size, STAGE_ATTACHMENT_BYTES);
    ok(wb_record_load(v, &r, &s.statement, &e), &e);
    assert_string_equal(wb_record_origin(r), done.origin);
    ok(wb_record_prove(v, r, &proof, &e), &e);
    assert_non_null(strstr(proof, done.origin)); /* under the field vault's head */
    wb_text_free(proof);
    wb_record_free(&r);
    ok(room_amend(v, &s.statement, "And this.", &e), &e); /* ours to go on with */
    wb_vault_close(&v);
    room_assert_sound(stage.a);
    collect_well(stage.field, &done);
    assert_int_equal(done.present, 2);
}

static void
what_was_added_since_comes_in_alone(void **state)
{
    struct wb_collected done;

    (void)state;
    collect_well(stage.field, &done);
    compare_mark();
    add_to(stage.field, NULL, "The next day.", NULL);
    collect_well(stage.field, &done);
    assert_int_equal(done.added, 1);
    assert_int_equal(done.ours, 2);
    assert_int_equal(done.present, 0);
}

static void
what_was_shredded_here_does_not_come_back(void **state)
{
    struct wb_collected done;
    struct wb_shredded shredded;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct seen s;

    (void)state;
    collect_well(stage.field, &done);
    look(&s);
    v = room_open(stage.a);
    ok(wb_shred(v, &s.statement, "the witness asked for it", &shredded, &e), &e);
    wb_vault_close(&v);
    compare_mark();
    collect_well(stage.field, &done);
    assert_int_equal(done.refused, 1);
    assert_int_equal(done.ours, 1);
    assert_int_equal(done.added, 0);
}

struct notes {
    unsigned count;
    char what[256];
};

static void
take_note(void *cookie, const struct wb_problem *p)
{
    struct notes *n = cookie;

    assert_string_equal(p->kind, "note");
    n->count++;
    room_text(n->what, sizeof n->what, "%s", p->what);
}

static bool
find_detail(void *cookie, const struct wb_log_entry *entry)
{
    bool *found = cookie;

    *found |=
        strstr(entry->detail, "about not here: zzzzzzzzzzzzzzzzzzzzzzzzzg\n") != NULL;
    return !*found;
}

static void
a_reference_to_nothing_is_named_here_and_in_the_log(void **state)
{
    struct notes notes = {0};
    const struct wb_verify_watch watch = {.problem = take_note, .cookie = &notes};
    const struct wb_collect how = {.watch = &watch};
    char known[WB_ID_TEXT_BYTES];
    struct wb_collected done;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct wb_id incident;
    const char *const fields[] = {"title", "A night", NULL};
    bool found = false;

    (void)state;
    add_to(stage.field, NULL, "Of nothing.", "zzzzzzzzzzzzzzzzzzzzzzzzzg");
    v = room_open(stage.a);
    ok(room_add(v, &incident, &e, "incident", fields), &e);
    wb_vault_close(&v);
    wb_id_text(known, &incident);
    add_to(stage.field, NULL, "Of what the owner has.", known);
    v = room_open(stage.a);
    ok(wb_collect(v, stage.field, &how, &done, &e), &e);
    assert_int_equal(done.dangling, 1);
    assert_int_equal(done.added, 4);
    assert_int_equal(strncmp(done.label, "field ", 6), 0);
    assert_int_equal(notes.count, 1);
    assert_non_null(strstr(notes.what, "zzzzzzzzzzzzzzzzzzzzzzzzzg"));
    ok(wb_log_each(v, NULL, find_detail, &found, &e), &e);
    assert_true(found);
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

/* The source may lie on a medium that cannot be written. */
static void
the_field_vault_is_only_read(void **state)
{
    struct wb_collected done;
    size_t size, after_size;
    uint8_t *before = room_read(stage.field, &size), *after;

    (void)state;
    collect_well(stage.field, &done);
    after = room_read(stage.field, &after_size);
    assert_int_equal(size, after_size);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

/* ---- what is refused ---- */

static void
another_owners_and_an_ordinary_vault_are_refused(void **state)
{
    struct wb_vault *v = room_open(stage.b);
    const struct wb_collect how = {0};
    struct wb_collected done;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_collect(v, stage.field, &how, &done, &e), WB_ERR_POLICY);
    room_assert_line(&e);
    assert_non_null(strstr(e.message, "another owner"));
    wb_vault_close(&v);
    assert_refused(stage.b, WB_ERR_USAGE, "not a field vault");
}

static void
a_field_vault_collects_nothing(void **state)
{
    struct wb_vault *v = room_open(stage.field);
    const struct wb_collect how = {0};
    struct wb_collected done;
    struct wb_error e = {0};

    (void)state;
    room_copy(stage.field, spare);
    assert_int_equal(wb_collect(v, spare, &how, &done, &e), WB_ERR_POLICY);
    wb_vault_close(&v);
}

static void
an_older_copy_is_named_rolled_back(void **state)
{
    struct wb_collected done;

    (void)state;
    room_copy(stage.field, spare);
    add_to(stage.field, NULL, "The next day.", NULL);
    collect_well(stage.field, &done);
    assert_refused(spare, WB_ERR_INTEGRITY, "rolled back");
}

static void
two_copies_that_both_went_on_are_a_fork(void **state)
{
    struct wb_collected done;

    (void)state;
    room_copy(stage.field, spare);
    add_to(stage.field, NULL, "The next day.", NULL);
    add_to(spare, NULL, "Another next day.", NULL);
    collect_well(stage.field, &done);
    assert_refused(spare, WB_ERR_INTEGRITY, "fork");
}

/* ---- tampering ---- */

static void
tamper(const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;

    room_copy(stage.field, spare);
    assert_int_equal(wb_shim_start(NULL), WB_OK);
    assert_int_equal(sqlite3_open(spare, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
}

static void
every_tampering_is_refused_by_name(void **state)
{
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"UPDATE state SET sealed = zeroblob(length(sealed))", "state"},
        {"DELETE FROM wraps WHERE row = 1", "row missing"},
        {"DELETE FROM bodies WHERE row = 1", "row missing"},
        {"DELETE FROM lookups", "lookup"},
        {"DELETE FROM log WHERE row = 2", "log gap"},
        {"DELETE FROM log WHERE row = 3", "log gap"},
        {"DELETE FROM nodes WHERE row = 2", "log gap"},
        {"DELETE FROM chunks WHERE row = (1 << 24) + 1", "chunk"},
        {"DELETE FROM chunks", "chunk"},
        {"UPDATE wraps SET wrap = (SELECT wrap FROM wraps WHERE row = 2)",
            "row foreign"},
        {"UPDATE bodies SET body = (SELECT body FROM bodies WHERE row = 2)",
            "row altered"},
        {"UPDATE log SET sealed = (SELECT sealed FROM log WHERE row = 3) WHERE row = 2",
            "log altered"},
        {"UPDATE nodes SET sealed = zeroblob(72) WHERE row = 2", "log altered"},
        {"UPDATE wraps SET wrap = zeroblob(152) WHERE row = 1", "row altered"},
        {"UPDATE bodies SET body = zeroblob(length(body)) WHERE row = 1",
            "row altered"},
        {"UPDATE log SET sealed = zeroblob(length(sealed)) WHERE row = 2",
            "log altered"},
        {"UPDATE chunks SET box = zeroblob(length(box)) WHERE row = (1 << 24) + 1",
            "chunk altered"},
        {"INSERT INTO wraps SELECT 7, wrap FROM wraps WHERE row = 1", "row foreign"},
        {"INSERT INTO bodies VALUES (9, x'00')", "count"},
        {"INSERT INTO heads VALUES (1, 0, zeroblob(80))", "heads"},
        {"INSERT INTO drafts VALUES (1, 0, zeroblob(80))", "draft"},
        {"INSERT INTO pages VALUES (1, 0, zeroblob(80))", "count"},
        {"INSERT INTO staging VALUES (x'00', x'00')", "count"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tamper(cases[i].sql);
        assert_refused(spare, WB_ERR_INTEGRITY, cases[i].words);
    }
}

static void
a_journal_of_another_kind_or_a_torn_header_is_refused_before_it_is_opened(void **state)
{
    uint8_t *bytes;
    size_t size;

    (void)state;
    bytes = room_read(stage.field, &size);
    memset(bytes + 16384 + 14000, 0xa5, 2384); /* the header, at the end of its page */
    room_write(spare, bytes, size);
    assert_refused(spare, WB_ERR_FORMAT, "");
    room_write(spare, bytes, size / 2 + 100);
    free(bytes);
    assert_refused(spare, WB_ERR_FORMAT, "");
}

/* ---- a field vault that was made to deceive ---- */

/* Its maker has the owner's card, and a program of his own: all is signed and sealed as
 * it should be, and it is no field vault's. */
struct forgery {
    enum wb_action action;
    const char *kind, *field, *value; /* of the record */
    const char *origin;               /* NULL: that of the field vault */
    uint32_t revision;
    bool foreign;
    const char *words;
};

static void
forge(const struct forgery *f, const struct wb_id *id)
{
    static const uint8_t before[1][WB_ROOT_BYTES];
    struct wb_lineage lineage = {
        .id = *id, .revision = f->revision, .origin = f->origin};
    struct wb_draft *d = NULL;
    struct wb_record *r = NULL;
    struct wb_change *c = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};

    room_copy(stage.field, spare);
    v = room_open(spare);
    if (f->origin == NULL)
        lineage.origin = wb_store_state(v)->origin;
    if (f->revision > 1) {
        lineage.previous = before;
        lineage.previous_count = 1;
    }
    ok(wb_draft_new_any(&d, wb_kind_find(f->kind), &e), &e);
    ok(wb_draft_put(d, f->field, WB_STATE_TEXT, f->value, strlen(f->value), &e), &e);
    if (strcmp(f->kind, "contact") == 0) {
        ok(wb_draft_put(d, "name", WB_STATE_TEXT, "x", 1, &e), &e);
        ok(wb_draft_put(d, "log", WB_STATE_TEXT, "x", 1, &e), &e);
        ok(wb_draft_put(d, "verified", WB_STATE_TEXT, "yes", 3, &e), &e);
    }
    ok(wb_record_from_draft(&r, d, &lineage, &e), &e);
    r->foreign = f->foreign;
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_change_store(c, f->action, r, NULL, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_record_free(&r);
    wb_draft_free(&d);
    wb_vault_close(&v);
}

static void
what_no_field_vault_does_is_refused(void **state)
{
    static const struct forgery cases[] = {
        {WB_ACTION_IMPORT, "statement", "text", "x", NULL, 1, true, "import"},
        {WB_ACTION_AMEND, "statement", "text", "x", NULL, 2, false, "amend"},
        {WB_ACTION_COLLECT, "statement", "text", "x", NULL, 1, false, "collect"},
        {WB_ACTION_ADD, "statement", "text", "x", NULL, 2, false, "amendment"},
        {WB_ACTION_ADD, "statement", "text", "x", "witnessbox/another", 1, false,
            "another log"},
        {WB_ACTION_ADD, "contact", "label", "a friend", NULL, 1, false, "by hand"},
    };
    struct wb_id id;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(id.bytes, (int)i + 1, sizeof id.bytes);
        forge(&cases[i], &id);
        assert_refused(spare, WB_ERR_INTEGRITY, cases[i].words);
    }
}

static void
an_id_that_another_record_has_is_refused(void **state)
{
    static const struct forgery f = {
        WB_ACTION_ADD, "statement", "text", "x", NULL, 1, false, ""};

    (void)state;
    forge(&f, &stage.room.statement);
    assert_refused(spare, WB_ERR_INTEGRITY, "another record here has its id");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            it_comes_in_as_somebody_elses_until_the_mark_was_compared, reset),
        cmocka_unit_test_setup(a_second_time_changes_not_a_byte, reset),
        cmocka_unit_test_setup(text_file_and_proof_are_those_of_the_field, reset),
        cmocka_unit_test_setup(what_was_added_since_comes_in_alone, reset),
        cmocka_unit_test_setup(what_was_shredded_here_does_not_come_back, reset),
        cmocka_unit_test_setup(
            a_reference_to_nothing_is_named_here_and_in_the_log, reset),
        cmocka_unit_test_setup(the_field_vault_is_only_read, reset),
        cmocka_unit_test_setup(another_owners_and_an_ordinary_vault_are_refused, reset),
        cmocka_unit_test_setup(
            a_field_vault_whose_state_names_another_owner_is_refused, reset),
        cmocka_unit_test_setup(a_field_vault_collects_nothing, reset),
        cmocka_unit_test_setup(an_older_copy_is_named_rolled_back, reset),
        cmocka_unit_test_setup(two_copies_that_both_went_on_are_a_fork, reset),
        cmocka_unit_test_setup(every_tampering_is_refused_by_name, reset),
        cmocka_unit_test_setup(
            a_journal_of_another_kind_or_a_torn_header_is_refused_before_it_is_opened,
            reset),
        cmocka_unit_test_setup(what_no_field_vault_does_is_refused, reset),
        cmocka_unit_test_setup(an_id_that_another_record_has_is_refused, reset),
    };

    return cmocka_run_group_tests(tests, setup, stage_tear_down);
}
