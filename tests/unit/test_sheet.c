/* tests/unit/test_sheet.c - records written in one sitting: sealed as a draft, opened
 * again, saved together. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "record/sheet.h"
#include "room.h"
#include "store/store.h"

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_sheet *s;
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct wb_error e = {0};

    assert_non_null(f);
    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    assert_int_equal(room_sheet(&f->s, "They came at night.", &e), WB_OK);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_sheet_free(&f->s);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
    room_sweep(&f->room);
    free(f);
    return 0;
}

static void
reopen(struct fixture *f)
{
    wb_vault_close(&f->v);
    f->v = room_open(f->room.vault);
}

struct drafts {
    unsigned count, faults;
    uint64_t last;
};

static bool
count_draft(void *cookie, const struct wb_sealed_sheet *sheet)
{
    struct drafts *d = cookie;

    d->count++;
    d->faults += sheet->fault != NULL;
    d->last = sheet->number;
    return true;
}

static struct drafts
drafts_of(struct wb_vault *v)
{
    struct drafts d = {0};
    struct wb_error e = {0};

    assert_int_equal(wb_sheet_each(v, count_draft, &d, &e), WB_OK);
    return d;
}

static uint64_t
entries_of(struct wb_vault *v)
{
    struct wb_vault_info info;
    struct wb_error e = {0};

    assert_int_equal(wb_vault_info(v, &info, &e), WB_OK);
    return info.entries;
}

static enum wb_status
save(struct fixture *f, struct wb_saved *saved, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st = wb_change_begin(&c, f->v, e);

    if (st == WB_OK && (st = wb_sheet_save(f->s, c, saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

static void
a_draft_is_opened_again_as_it_was_and_where_one_was(void **state)
{
    struct fixture *f = *state;
    struct wb_sheet *again = NULL;
    struct wb_value_view value;
    struct wb_error e = {0};
    const char *typed;
    size_t size;

    assert_int_equal(wb_sheet_seal(f->s, f->v, &e), WB_OK);
    reopen(f);
    assert_int_equal(wb_sheet_open(&again, f->v, 1, &e), WB_OK);
    assert_int_equal(wb_sheet_place(again, &typed, &size), 3);
    assert_int_equal(size, 6);
    assert_memory_equal(typed, "And th", 6);
    assert_int_equal(wb_sheet_count(again), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(wb_id_equal(wb_sheet_id(again, i), wb_sheet_id(f->s, i)));
        assert_ptr_equal(wb_draft_kind(wb_sheet_draft(again, i)),
            wb_draft_kind(wb_sheet_draft(f->s, i)));
    }
    assert_true(wb_draft_value(wb_sheet_draft(again, 0), "text", 0, &value));
    assert_string_equal(value.text, "They came at night.");
    assert_false(wb_draft_value(wb_sheet_draft(again, 0), "text", 1, &value));
    assert_false(wb_draft_value(wb_sheet_draft(again, 0), "no-field", 0, &value));
    wb_sheet_free(&again);
}

static void
sealing_again_takes_the_place_of_the_draft_and_logs_nothing(void **state)
{
    struct fixture *f = *state;
    uint64_t entries = entries_of(f->v);
    struct wb_error e = {0};
    struct drafts d;

    for (int i = 0; i < 5; i++)
        assert_int_equal(wb_sheet_seal(f->s, f->v, &e), WB_OK);
    d = drafts_of(f->v);
    assert_int_equal(d.count, 1);
    assert_int_equal(d.last, 5);
    assert_int_equal(entries_of(f->v), entries);
}

static void
a_saved_sheet_is_one_transaction_and_its_draft_is_gone(void **state)
{
    struct fixture *f = *state;
    uint64_t entries = entries_of(f->v);
    struct wb_saved saved[2];
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_sheet_seal(f->s, f->v, &e), WB_OK);
    assert_int_equal(save(f, saved, &e), WB_OK);
    assert_int_equal(drafts_of(f->v).count, 0);
    assert_int_equal(entries_of(f->v), entries + 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(wb_id_equal(&saved[i].id, wb_sheet_id(f->s, i)));
        assert_int_equal(wb_record_load(f->v, &r, &saved[i].id, &e), WB_OK);
        wb_record_free(&r);
    }
}

static void
what_a_record_lacks_is_named_and_nothing_is_saved(void **state)
{
    struct fixture *f = *state;
    uint64_t entries = entries_of(f->v);
    struct wb_saved saved[2] = {0};
    struct wb_error e = {0};

    assert_int_equal(wb_draft_clear(wb_sheet_draft(f->s, 0), "text", &e), WB_OK);
    assert_int_equal(wb_sheet_seal(f->s, f->v, &e), WB_OK);
    assert_int_equal(save(f, saved, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "statement: text: required, missing");
    assert_int_equal(drafts_of(f->v).count, 1);
    assert_int_equal(entries_of(f->v), entries);
}

static void
add_reference(struct wb_sheet *s, size_t from, const char *field, size_t to)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};

    wb_id_text(text, wb_sheet_id(s, to));
    assert_int_equal(wb_draft_add(wb_sheet_draft(s, from), field, WB_STATE_TEXT, text,
                         strlen(text), &e),
        WB_OK);
}

static void
records_of_a_sheet_may_refer_to_each_other(void **state)
{
    struct fixture *f = *state;
    struct wb_saved saved[4] = {0};
    struct wb_error e = {0};
    size_t one, other;

    assert_int_equal(wb_sheet_add(f->s, &one, "person", &e), WB_OK);
    assert_int_equal(wb_sheet_add(f->s, &other, "person", &e), WB_OK);
    add_reference(f->s, one, "guardian", other);
    add_reference(f->s, other, "guardian", one);
    assert_int_equal(
        wb_draft_add(wb_sheet_draft(f->s, one), "name", WB_STATE_TEXT, "One", 3, &e),
        WB_OK);
    assert_int_equal(save(f, saved, &e), WB_OK);
    assert_true(wb_id_equal(&saved[other].id, wb_sheet_id(f->s, other)));
}

static void
a_removed_draft_is_gone_and_an_unknown_one_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct wb_sheet *again = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_sheet_seal(f->s, f->v, &e), WB_OK);
    assert_int_equal(wb_sheet_remove(f->v, 7, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "no draft 7 here; `drafts` lists them");
    assert_int_equal(drafts_of(f->v).count, 1);
    assert_int_equal(wb_sheet_remove(f->v, 1, &e), WB_OK);
    assert_int_equal(drafts_of(f->v).count, 0);
    assert_int_equal(wb_sheet_open(&again, f->v, 1, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "no draft 1 here; `drafts` lists them");
    assert_null(again);
}

static void
a_full_sheet_and_a_kind_of_the_programs_own_are_refused(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};
    size_t index = 999;

    assert_int_equal(wb_sheet_add(f->s, &index, "handoff", &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "handoff: only the program adds these");
    while (wb_sheet_count(f->s) < WB_SHEET_MAX)
        assert_int_equal(wb_sheet_add(f->s, &index, "person", &e), WB_OK);
    index = 999;
    assert_int_equal(wb_sheet_add(f->s, &index, "person", &e), WB_ERR_LIMIT);
    assert_int_equal(index, 999);
    wb_sheet_cut(f->s, 2);
}

/* Every truncation and every changed byte of the plaintext is refused, or reads as
 * another sheet: never a crash, never the same one. */
static void
every_other_byte_string_is_another_sheet_or_refused(void **state)
{
    struct fixture *f = *state;
    struct wb_sheet *read = NULL;
    struct wb_buf plain, again;
    unsigned refused = 0, other = 0;

    wb_buf_init(&plain, WB_SHEET_BYTES_MAX);
    wb_buf_init(&again, WB_SHEET_BYTES_MAX);
    wb_sheet_encode(&plain, f->s, 5);
    for (size_t size = 0; size < plain.size; size++)
        assert_int_not_equal(wb_sheet_decode(&read, plain.data, size, 5, NULL), WB_OK);
    for (size_t i = 0; i < plain.size; i++) {
        plain.data[i] ^= 1;
        if (wb_sheet_decode(&read, plain.data, plain.size, 5, NULL) != WB_OK)
            refused++;
        else {
            wb_buf_clear(&again);
            wb_sheet_encode(&again, read, 5);
            assert_memory_equal(again.data, plain.data, plain.size);
            other++;
        }
        wb_sheet_free(&read);
        plain.data[i] ^= 1;
    }
    assert_int_equal(
        wb_sheet_decode(&read, plain.data, plain.size, 6, NULL), WB_ERR_FORMAT);
    print_message("%u changed bytes refused, %u are another sheet\n", refused, other);
    assert_true(refused > 3000 && other > 50);
    wb_buf_wipe(&plain);
    wb_buf_wipe(&again);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_draft_is_opened_again_as_it_was_and_where_one_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            sealing_again_takes_the_place_of_the_draft_and_logs_nothing, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            a_saved_sheet_is_one_transaction_and_its_draft_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_a_record_lacks_is_named_and_nothing_is_saved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            records_of_a_sheet_may_refer_to_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_removed_draft_is_gone_and_an_unknown_one_is_not_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_full_sheet_and_a_kind_of_the_programs_own_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            every_other_byte_string_is_another_sheet_or_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
