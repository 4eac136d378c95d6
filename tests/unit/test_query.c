/* tests/unit/test_query.c - finding by the beginning of an id, listing by filters. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "room.h"

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_id incident, act, person, undated;
};

static int
set_up(void **state)
{
    static const char *const isakov[] = {"name", "Азат Исаков", NULL};
    static const char *const abduction[] = {
        "title", "Abduction", "date", "2021-10-20", NULL};
    static const char *const later[] = {"title", "No date", NULL};
    struct fixture *f = calloc(1, sizeof *f);
    char incident[WB_ID_TEXT_BYTES], person[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    assert_int_equal(room_add(f->v, &f->person, &e, "person", isakov), WB_OK);
    assert_int_equal(room_add(f->v, &f->incident, &e, "incident", abduction), WB_OK);
    assert_int_equal(room_add(f->v, &f->undated, &e, "incident", later), WB_OK);
    wb_id_text(incident, &f->incident);
    wb_id_text(person, &f->person);
    {
        const char *const act[] = {"incident", incident, "victim", person, "type",
            "abduction", "date", "2021-10", NULL};

        assert_int_equal(room_add(f->v, &f->act, &e, "act", act), WB_OK);
    }
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

struct seen {
    struct wb_id ids[16];
    size_t count;
};

static bool
note(void *cookie, const struct wb_record *r)
{
    struct seen *s = cookie;

    s->ids[s->count++] = *wb_record_id(r);
    return true;
}

/* Lists and asserts that exactly these come, in this order. */
static void
assert_listed(struct fixture *f, const struct wb_list_filter *filter,
    const struct wb_id *const *expected, size_t count)
{
    struct seen seen = {0};
    struct wb_error e = {0};
    uint64_t damaged = 99;

    assert_int_equal(wb_list(f->v, filter, note, &seen, &damaged, &e), WB_OK);
    assert_int_equal(damaged, 0);
    assert_int_equal(seen.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(wb_id_equal(&seen.ids[i], expected[i]));
}

static void
the_newest_come_first_and_our_own_keys_not_at_all(void **state)
{
    struct fixture *f = *state;
    const struct wb_id *all[] = {&f->act, &f->undated, &f->incident, &f->person};

    assert_listed(f, &(struct wb_list_filter){0}, all, 4);
    assert_listed(f, &(struct wb_list_filter){.limit = 2}, all, 2);
}

static void
a_kind_and_a_reference_narrow_the_list(void **state)
{
    struct fixture *f = *state;
    const struct wb_id *incidents[] = {&f->undated, &f->incident}, *acts[] = {&f->act};

    assert_listed(f, &(struct wb_list_filter){.kind = "incident"}, incidents, 2);
    assert_listed(f, &(struct wb_list_filter){.refers_to = &f->person}, acts, 1);
    assert_listed(f, &(struct wb_list_filter){.refers_to = &f->act}, NULL, 0);
}

static void
an_uncertain_date_matches_what_it_may_be(void **state)
{
    struct fixture *f = *state;
    const struct wb_id *both[] = {&f->act, &f->incident}, *act[] = {&f->act};

    assert_listed(
        f, &(struct wb_list_filter){.since = "2021-10-20", .until = "2021"}, both, 2);
    /* the act has a month only: it may have been after the twentieth */
    assert_listed(f, &(struct wb_list_filter){.since = "2021-10-25"}, act, 1);
    assert_listed(f, &(struct wb_list_filter){.since = "2021-11"}, NULL, 0);
}

static void
a_bad_filter_is_refused_by_its_place(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct wb_error e = {0};
    uint64_t damaged;

    assert_int_equal(wb_list(f->v, &(struct wb_list_filter){.since = "2021-13"}, note,
                         &seen, &damaged, &e),
        WB_ERR_VALUE);
    assert_non_null(strstr(e.message, "since: position 6"));
    assert_int_equal(wb_list(f->v, &(struct wb_list_filter){.kind = "incidents"}, note,
                         &seen, &damaged, &e),
        WB_ERR_USAGE);
    assert_int_equal(seen.count, 0);
}

static void
an_id_is_found_whole_or_by_its_beginning(void **state)
{
    struct fixture *f = *state;
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};
    struct wb_id id = {0};

    wb_id_text(text, &f->person);
    assert_int_equal(wb_find(f->v, &id, text, &e), WB_OK);
    assert_true(wb_id_equal(&id, &f->person));
    text[8] = '\0';
    memset(&id, 0, sizeof id);
    assert_int_equal(wb_find(f->v, &id, text, &e), WB_OK);
    assert_true(wb_id_equal(&id, &f->person));
}

static void
what_is_no_id_unknown_or_too_short_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum wb_status status;
    } cases[] = {
        {"abc", WB_ERR_USAGE},
        {"look", WB_ERR_USAGE}, /* no l, no o */
        {"4c7h ", WB_ERR_USAGE},
        {"", WB_ERR_USAGE},
        {"00000000000000000000000000", WB_ERR_NOT_FOUND},
        {"000000000", WB_ERR_NOT_FOUND},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wb_error e = {0};
        struct wb_id id = {{7}};

        assert_int_equal(wb_find(f->v, &id, cases[i].text, &e), cases[i].status);
        assert_int_equal(id.bytes[0], 7);
        room_assert_line(&e);
    }
}

static void
an_amended_record_is_listed_once_by_its_newest(void **state)
{
    static const char *const fields[] = {"text", "first", NULL};
    struct fixture *f = *state;
    const struct wb_id *one[1];
    struct wb_record *r = NULL;
    struct wb_error e = {0};
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_OK);
    assert_int_equal(room_amend(f->v, &id, "second", &e), WB_OK);
    one[0] = &id;
    assert_listed(f, &(struct wb_list_filter){.kind = "statement"}, one, 1);
    assert_int_equal(wb_record_load(f->v, &r, &id, &e), WB_OK);
    assert_int_equal(wb_record_revision(r), 2);
    wb_record_free(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_newest_come_first_and_our_own_keys_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_kind_and_a_reference_narrow_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_uncertain_date_matches_what_it_may_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_bad_filter_is_refused_by_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_id_is_found_whole_or_by_its_beginning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_no_id_unknown_or_too_short_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_amended_record_is_listed_once_by_its_newest, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
