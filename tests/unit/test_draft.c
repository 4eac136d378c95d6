/* tests/unit/test_draft.c - drafts: what may be written, and what comes of it. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "sample.h"

/* A statement that has its text. */
static int
start(void **state)
{
    *state = sample_draft("statement");
    sample_put(*state, "text", "kept");
    return 0;
}

static int
stop(void **state)
{
    struct wb_draft *d = *state;

    wb_draft_free(&d);
    assert_null(d);
    return 0;
}

static void
assert_untouched(const struct wb_draft *d)
{
    for (size_t i = 0; i < d->kind->count; i++)
        assert_int_equal(
            d->fields[i].count, strcmp(d->kind->fields[i].name, "text") == 0);
    assert_string_equal(d->fields[2].first->text, "kept");
    assert_ptr_equal(d->fields[2].first, d->fields[2].last);
    assert_null(d->fields[2].last->next);
}

static void
assert_add_refused(struct wb_draft *d, const char *field, enum wb_state state,
    const char *text, enum wb_status status, const char *message)
{
    struct wb_error e = {0};

    assert_int_equal(
        wb_draft_add(d, field, state, text, text != NULL ? strlen(text) : 0, &e),
        status);
    assert_int_equal(e.status, status);
    assert_string_equal(e.message, message);
}

static void
an_unknown_kind_is_refused_with_what_there_is(void **state)
{
    struct wb_draft *d = NULL;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_draft_new(&d, "event", &e), WB_ERR_USAGE);
    assert_string_equal(e.message,
        "no such kind of record, there are: incident person act involvement statement "
        "source evidence intervention relation judgment consent custody derivative "
        "note");
    assert_null(d);
}

static void
what_only_the_program_adds_is_not_added_by_hand(void **state)
{
    static const char *const kinds[] = {"contact", "identity", "handoff"};
    struct wb_draft *d = NULL;
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(wb_draft_new(&d, kinds[i], &e), WB_ERR_USAGE);
        assert_non_null(strstr(e.message, ": only the program adds these"));
        assert_null(d);
    }
    assert_int_equal(wb_draft_new(&d, "evidence", &e), WB_OK);
    assert_int_equal(
        wb_draft_add(d, "sha256", WB_STATE_UNKNOWN, NULL, 0, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "sha256: set by the program, not by hand");
    assert_int_equal(wb_draft_put(d, "size", WB_STATE_TEXT, "12", 2, &e), WB_OK);
    wb_draft_free(&d);
}

static void
an_unknown_field_is_refused_with_what_there_is(void **state)
{
    struct wb_error e = {0};

    assert_int_equal(
        wb_draft_add(*state, "witnes", WB_STATE_TEXT, "x", 1, &e), WB_ERR_USAGE);
    assert_memory_equal(e.message,
        "statement has no field witnes, it has: incident witness text language date ",
        75);
    assert_int_equal(wb_draft_clear(*state, "witnes", &e), WB_ERR_USAGE);
    assert_int_equal(
        wb_draft_add_paragraphs(*state, "witnes", "x", 1, &e), WB_ERR_USAGE);
    assert_untouched(*state);
}

static void
a_field_name_from_outside_cannot_command_the_terminal(void **state)
{
    struct wb_error e = {0};

    assert_int_equal(
        wb_draft_add(*state, "\x1b[2J", WB_STATE_TEXT, "x", 1, &e), WB_ERR_USAGE);
    assert_memory_equal(e.message, "statement has no field \\u{1b}[2J, it has:", 41);
}

static void
a_refused_value_names_the_field_and_leaves_the_draft_alone(void **state)
{
    struct wb_draft *d = *state;

    assert_add_refused(d, "date", WB_STATE_TEXT, "2021-13", WB_ERR_VALUE,
        "date: position 6: month is 13, 01 to 12 or season 21 to 24");
    assert_add_refused(d, "witness", WB_STATE_TEXT, "4c7h", WB_ERR_VALUE,
        "witness: not a whole id, which has 26 characters");
    assert_add_refused(
        d, "text", WB_STATE_TEXT, "\xff", WB_ERR_VALUE, "text: byte 1: not UTF-8");
    assert_add_refused(d, "place", WB_STATE_TEXT, "", WB_ERR_VALUE, "place: empty");
    assert_add_refused(d, "place", WB_STATE_WITHHELD, NULL, WB_ERR_VALUE,
        "place: the states are unknown, not-asked and refused");
    assert_add_refused(d, "place", WB_STATE_ABSENT, NULL, WB_ERR_VALUE,
        "place: the states are unknown, not-asked and refused");
    assert_untouched(d);
}

static void
a_second_value_is_only_for_fields_that_repeat(void **state)
{
    struct wb_draft *d = *state;

    sample_put(d, "text", "second");
    sample_state(d, "text", WB_STATE_REFUSED);
    assert_int_equal(d->fields[2].count, 3);
    sample_put(d, "language", "ru");
    assert_add_refused(
        d, "language", WB_STATE_TEXT, "tg", WB_ERR_VALUE, "language: takes one value");
    assert_add_refused(d, "language", WB_STATE_UNKNOWN, NULL, WB_ERR_VALUE,
        "language: takes one value");
    assert_int_equal(wb_draft_clear(d, "language", NULL), WB_OK);
    sample_put(d, "language", "tg");
    assert_string_equal(d->fields[3].first->text, "tg");
}

static void
a_value_is_copied_with_its_line_feed(void **state)
{
    struct wb_draft *d = *state;
    char text[] = "one\n";

    assert_int_equal(wb_draft_add(d, "text", WB_STATE_TEXT, text, 4, NULL), WB_OK);
    memset(text, 'x', 4);
    assert_string_equal(d->fields[2].last->text, "one\n");
    assert_int_equal(d->fields[2].last->size, 4);
}

static void
a_text_is_split_at_its_blank_lines(void **state)
{
    static const char text[] = "\n \t\nfirst\nstill first\n\n\r\n  second\r\nmore\r\n"
                               " \nthird";
    static const char *const expected[] = {
        "kept", "first\nstill first", "  second\r\nmore", "third"};
    struct wb_draft *d = *state;
    size_t seen = 0;

    assert_int_equal(
        wb_draft_add_paragraphs(d, "text", text, sizeof text - 1, NULL), WB_OK);
    for (const struct wb_draft_value *v = d->fields[2].first; v != NULL; v = v->next) {
        assert_string_equal(v->text, expected[seen]);
        assert_int_equal(v->size, strlen(expected[seen]));
        seen++;
    }
    assert_int_equal(seen, 4);
    assert_int_equal(d->fields[2].count, 4);
}

static void
a_field_of_one_value_takes_the_text_whole(void **state)
{
    struct wb_draft *d = *state;
    const struct wb_field *f = wb_field_find(d->kind, "protection");
    static const char text[] = "\none\n\ntwo\n\n";

    assert_int_equal(
        wb_draft_add_paragraphs(d, "protection", text, sizeof text - 1, NULL), WB_OK);
    assert_string_equal(d->fields[f - d->kind->fields].first->text, "one\n\ntwo");
}

static void
paragraphs_come_all_or_not_at_all(void **state)
{
    struct wb_error e = {0};

    assert_int_equal(wb_draft_add_paragraphs(*state, "text",
                         "good\n\nb\xff"
                         "d",
                         9, &e),
        WB_ERR_VALUE);
    assert_string_equal(e.message, "text: byte 2: not UTF-8");
    assert_untouched(*state);
    assert_int_equal(
        wb_draft_add_paragraphs(*state, "text", "\n \n\n", 4, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "text: empty");
    assert_untouched(*state);
}

static void
what_is_required_is_asked_for_by_name(void **state)
{
    static const struct {
        const char *kind;
        const char *message;
    } rows[] = {
        {"statement", "text: required, missing"},
        {"incident", "title: required, missing"},
        {"evidence", "about: required, missing"},
        {"consent", "about: required, missing"},
    };
    struct wb_error e = {0};
    int refused = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, refused++) {
        struct wb_draft *d = sample_draft(rows[i].kind);

        assert_int_equal(wb_draft_check(d, &e), WB_ERR_VALUE);
        assert_string_equal(e.message, rows[i].message);
        wb_draft_free(&d);
    }
    assert_int_equal(refused, 4);
}

static void
unknown_satisfies_what_is_required(void **state)
{
    struct wb_draft *d = sample_draft("incident");

    (void)state;
    sample_state(d, "title", WB_STATE_UNKNOWN);
    assert_int_equal(wb_draft_check(d, NULL), WB_OK);
    wb_draft_free(&d);
}

static enum wb_status
replace_key(void *cookie, const struct wb_field *f, struct wb_draft_value *v,
    struct wb_error *e)
{
    (*(int *)cookie)++;
    assert_int_equal(f->kind, WB_REF);
    if (strcmp(v->text, "the-colleague") != 0)
        return wb_fail(e, WB_ERR_NOT_FOUND, "no such key");
    v->text = SAMPLE_ID_B;
    v->size = 26;
    return WB_OK;
}

static void
a_load_key_is_replaced_before_the_draft_can_be_saved(void **state)
{
    struct wb_draft *d = *state;
    struct wb_error e = {0};
    int asked = 0;

    sample_put(d, "witness", "the-colleague");
    sample_state(d, "incident", WB_STATE_UNKNOWN);
    assert_int_equal(wb_draft_check(d, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "witness: not a whole id, which has 26 characters");
    assert_int_equal(wb_draft_each_ref(d, replace_key, &asked, &e), WB_OK);
    assert_int_equal(asked, 1);
    assert_int_equal(wb_draft_check(d, &e), WB_OK);
    sample_put(d, "source", "the-stranger");
    assert_int_equal(wb_draft_clear(d, "witness", NULL), WB_OK);
    assert_int_equal(wb_draft_each_ref(d, replace_key, &asked, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "source: no such key");
}

static void
a_draft_is_limited_in_bytes_and_in_values(void **state)
{
    struct wb_draft *d = *state;
    static char megabytes[16u * 1024 * 1024];
    struct wb_error e = {0};

    memset(megabytes, '\n', sizeof megabytes); /* six bytes each in JSON */
    assert_int_equal(
        wb_draft_put(d, "text", WB_STATE_TEXT, megabytes, sizeof megabytes, &e), WB_OK);
    assert_int_equal(wb_draft_check(d, &e), WB_ERR_VALUE);
    assert_string_equal(e.message,
        "statement: all values together are 100663556 bytes, limit is 60 MiB");
    assert_int_equal(wb_draft_clear(d, "text", &e), WB_OK);
    for (int i = 0; i < 65536; i++)
        assert_int_equal(wb_draft_put(d, "text", WB_STATE_TEXT, "x", 1, &e), WB_OK);
    assert_int_equal(wb_draft_check(d, &e), WB_OK);
    sample_state(d, "place", WB_STATE_UNKNOWN);
    assert_int_equal(wb_draft_check(d, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "statement: 65537 values, limit is 65536 a record");
}

static void
a_draft_of_a_record_writes_the_same_values_again(void **state)
{
    struct wb_record *r = sample_statement(), *again;
    struct wb_draft *d = NULL;

    (void)state;
    assert_int_equal(wb_draft_from(&d, r, NULL), WB_OK);
    again = sample_record(d); /* the same id, seed and origin */
    assert_memory_equal(again->root, r->root, WB_ROOT_BYTES);
    wb_record_free(&r);
    wb_record_free(&again);
}

static void
no_draft_comes_of_what_is_withheld_or_unknown(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_draft *d = NULL;
    struct wb_error e = {0};

    (void)state;
    sample_close(r, "witness");
    assert_int_equal(wb_draft_from(&d, r, &e), WB_ERR_POLICY);
    assert_string_equal(e.message, "something in it was withheld from us");
    r->table = NULL;
    assert_int_equal(wb_draft_from(&d, r, &e), WB_ERR_POLICY);
    assert_null(d);
    wb_record_free(&r);
}

static void
predecessors_are_sorted_and_counted(void **state)
{
    static uint8_t roots[65][WB_ROOT_BYTES] = {{3}, {1}, {2}};
    struct wb_lineage l = {.revision = 2,
        .previous = (void *)roots,
        .previous_count = 3,
        .origin = SAMPLE_ORIGIN};
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_record_from_draft(&r, *state, &l, &e), WB_OK);
    for (uint8_t i = 0; i < 3; i++)
        assert_int_equal(wb_record_previous(r, i)[0], i + 1);
    assert_null(wb_record_previous(r, 3));
    wb_record_free(&r);
    l.previous_count = 65;
    assert_int_equal(wb_record_from_draft(&r, *state, &l, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "predecessors: 65, limit is 64");
    l.previous_count = 0;
    assert_int_equal(wb_record_from_draft(&r, *state, &l, &e), WB_ERR_FORMAT);
    assert_string_equal(
        e.message, "revision: 2 with 0 predecessors, 1 has none and others have");
    assert_null(r);
}

/* ---- memory ---- */

static int allocations, failing;

static bool
fail_one(size_t size)
{
    (void)size;
    return ++allocations == failing;
}

/* Everything from nothing to a record and back; WB_OK or the first error. */
static enum wb_status
go_all_the_way(void)
{
    struct wb_lineage l = {.revision = 1, .origin = SAMPLE_ORIGIN};
    struct wb_draft *d = NULL, *back = NULL;
    struct wb_record *r = NULL;
    char text[6000];
    enum wb_status st;

    memset(text, 'x', sizeof text);
    if ((st = wb_draft_new(&d, "statement", NULL)) == WB_OK &&
        (st = wb_draft_add_paragraphs(d, "text", "a\n\nb", 4, NULL)) == WB_OK &&
        (st = wb_draft_add(d, "text", WB_STATE_TEXT, text, sizeof text, NULL)) ==
            WB_OK &&
        (st = wb_record_from_draft(&r, d, &l, NULL)) == WB_OK)
        st = wb_draft_from(&back, r, NULL);
    wb_draft_free(&d);
    wb_draft_free(&back);
    wb_record_free(&r);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    int reached = 0;

    (void)state;
    wb_mem_fault = fail_one;
    for (failing = 1;; failing++) {
        allocations = 0;
        if (go_all_the_way() == WB_OK)
            break;
        reached++;
    }
    wb_mem_fault = NULL;
    assert_true(allocations < failing);
    print_message("allocations failed: %d\n", reached);
    assert_true(reached >= 8);
}

int
main(void)
{
#define WITH_DRAFT(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_kind_is_refused_with_what_there_is),
        cmocka_unit_test(what_only_the_program_adds_is_not_added_by_hand),
        WITH_DRAFT(an_unknown_field_is_refused_with_what_there_is),
        WITH_DRAFT(a_field_name_from_outside_cannot_command_the_terminal),
        WITH_DRAFT(a_refused_value_names_the_field_and_leaves_the_draft_alone),
        WITH_DRAFT(a_second_value_is_only_for_fields_that_repeat),
        WITH_DRAFT(a_value_is_copied_with_its_line_feed),
        WITH_DRAFT(a_text_is_split_at_its_blank_lines),
        WITH_DRAFT(a_field_of_one_value_takes_the_text_whole),
        WITH_DRAFT(paragraphs_come_all_or_not_at_all),
        cmocka_unit_test(what_is_required_is_asked_for_by_name),
        cmocka_unit_test(unknown_satisfies_what_is_required),
        WITH_DRAFT(a_load_key_is_replaced_before_the_draft_can_be_saved),
        WITH_DRAFT(a_draft_is_limited_in_bytes_and_in_values),
        cmocka_unit_test(a_draft_of_a_record_writes_the_same_values_again),
        cmocka_unit_test(no_draft_comes_of_what_is_withheld_or_unknown),
        WITH_DRAFT(predecessors_are_sorted_and_counted),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
