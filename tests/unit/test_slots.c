/* tests/unit/test_slots.c - slots, key files and parameters that are refused: nothing
 * of the header has changed. */
#include "cm.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "room.h"
#include "store/session.h"

static void
parameters_out_of_bounds_leave_the_header_as_it_was(void **state)
{
    static const struct wb_kdf_params bad[] = {
        {8, 3, 4}, {65536, 65, 4}, {65536, 3, 99}};
    struct open_room *o = *state;
    const struct wb_header before = o->v->header;
    struct wb_error e = {0};

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wb_store_set_kdf(o->v, &bad[i], &e), WB_ERR_LIMIT);
        room_assert_line(&e);
        assert_memory_equal(&o->v->header, &before, sizeof before);
        assert_false(o->v->header_changed);
    }
    wb_store_rollback(o->v);
}

static void
a_label_that_is_too_long_changes_no_slot(void **state)
{
    struct open_room *o = *state;
    const struct wb_header before = o->v->header;
    char label[WB_LABEL_BYTES_MAX + 2];
    struct wb_error e = {0};

    memset(label, 'l', sizeof label);
    label[WB_LABEL_BYTES_MAX + 1] = '\0';
    room_assert_ok(wb_store_begin(o->v, &e), &e);
    assert_int_equal(
        wb_store_slot_put(o->v, 3, WB_SLOT_PASSPHRASE, label, o->v->state_key, &e),
        WB_ERR_VALUE);
    assert_string_equal(e.message, "label: 65 bytes, limit is 64");
    assert_memory_equal(&o->v->header, &before, sizeof before);
    assert_int_equal(wb_store_state(o->v)->slots[3].kind, WB_SLOT_FREE);
    wb_store_rollback(o->v);
}

static void
a_key_file_is_read_whole_or_there_is_none(void **state)
{
    const struct fault memory = {"memory", FAULT_BIT(FAULT_MEMORY), false, 0};
    struct open_room *o = *state;
    char path[ROOM_PATH_BYTES];
    struct wb_secret *hash = NULL;
    unsigned refused = 0;
    int fd;

    room_path(path, &o->room, "key");
    room_write(path, "forty words of a poem", 21);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (long at = 1; hash == NULL; at++) {
        struct wb_error e = {0};
        enum wb_status st;

        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        fault_arm(&memory, at);
        st = wb_store_key_file_read(&hash, fd, &e);
        (void)fault_disarm();
        assert_true((st == WB_OK) == (hash != NULL));
        if (st == WB_OK)
            break;
        assert_int_equal(st, WB_ERR_MEMORY);
        assert_non_null(strstr(e.message, "key file: "));
        refused++;
    }
    assert_true(refused >= 2);
    wb_secret_free(&hash);
    assert_int_equal(close(fd), 0);
}

static void
a_new_header_without_memory_is_refused(void **state)
{
    static const struct fault faults[] = {
        {"memory", FAULT_BIT(FAULT_MEMORY), false, 0},
        {"room", FAULT_BIT(FAULT_ROOM), false, 0},
    };
    const struct wb_kdf_params good = {65536, 3, 4}, bad = {8, 3, 4};
    struct open_room *o = *state;
    struct wb_slot_note slots[WB_SLOTS];
    struct wb_header h;
    struct wb_error e = {0};
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (long at = 1;; at++) {
            enum wb_status st;

            fault_arm(&faults[i], at);
            st = wb_header_new(&h, &good, slots, o->v->root, &e);
            if (fault_disarm() < at) {
                room_assert_ok(st, &e);
                break;
            }
            assert_int_equal(st, WB_ERR_MEMORY);
            refused++;
        }
    assert_true(refused > 10);
    assert_int_equal(wb_header_new(&h, &bad, slots, o->v->root, &e), WB_ERR_LIMIT);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, room_set_up, room_tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(parameters_out_of_bounds_leave_the_header_as_it_was),
        OPEN(a_label_that_is_too_long_changes_no_slot),
        OPEN(a_key_file_is_read_whole_or_there_is_none),
        OPEN(a_new_header_without_memory_is_refused),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
