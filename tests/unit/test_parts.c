/* tests/unit/test_parts.c - a bundle cut into parts, and read as the one file it was.
 */
#include "room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "bundle/parts.h"

enum { PART = WB_SPLIT_BYTES_MIN, WHOLE = 2 * PART + 1000 };

static struct room room;
static uint8_t bytes[WHOLE];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

/* WHOLE bytes as b.01-of-03, b.02-of-03, b.03-of-03 in the room. */
static int
setup(void **state)
{
    char path[ROOM_PATH_BYTES];
    struct wb_parts p;
    struct wb_error e = {0};

    (void)state;
    room_make(&room);
    room_noise(bytes, sizeof bytes, 5);
    room_path(path, &room, "b");
    ok(wb_parts_open(&p, path, PART, &e), &e);
    ok(wb_parts_write(&p, bytes, sizeof bytes, &e), &e);
    ok(wb_parts_sync(&p, &e), &e);
    ok(wb_parts_publish(&p, &e), &e);
    wb_parts_close(&p);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    wb_file_fault = NULL;
    room_sweep(&room);
    return 0;
}

/* ---- reading ---- */

static void
open_all(struct wb_source *s)
{
    static const char *const names[] = {"b.02-of-03", "b.03-of-03", "b.01-of-03"};
    char paths[3][ROOM_PATH_BYTES];
    const char *given[3];
    struct wb_error e = {0};

    for (int i = 0; i < 3; i++) {
        room_path(paths[i], &room, names[i]);
        given[i] = paths[i];
    }
    ok(wb_source_open(s, "b", given, 3, &e), &e);
}

/* From any place, over any edge between parts, up to the end and no further. */
static void
parts_in_any_order_are_read_as_one_file(void **state)
{
    static const struct {
        uint64_t at;
        size_t size, got;
    } rows[] = {{0, WHOLE, WHOLE}, {0, 10, 10}, {PART - 1, 2, 2}, {PART, PART, PART},
        {PART - 1, PART + 2, PART + 2}, {2 * PART + 10, 5000, 990}, {WHOLE, 10, 0},
        {WHOLE + 1000, 10, 0}, {17, 0, 0}};
    uint8_t *got = malloc(WHOLE);
    struct wb_source s;

    (void)state;
    assert_non_null(got);
    open_all(&s);
    assert_int_equal(wb_source_size(&s), WHOLE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};
        size_t n = 77;

        ok(wb_source_read_at(&s, rows[i].at, got, rows[i].size, &n, &e), &e);
        assert_int_equal(n, rows[i].got);
        if (n > 0)
            assert_memory_equal(got, bytes + rows[i].at, n);
    }
    wb_source_close(&s);
    free(got);
}

static unsigned countdown;

static int
refuse_one(enum wb_file_op op)
{
    return op == WB_FILE_READ && countdown > 0 && --countdown == 0 ? EIO : 0;
}

static void
a_part_that_cannot_be_read_is_said(void **state)
{
    uint8_t *got = malloc(WHOLE);
    struct wb_source s;
    size_t n = 77;

    (void)state;
    assert_non_null(got);
    open_all(&s);
    for (unsigned part = 1; part <= 3; part++) {
        struct wb_error e = {0};

        countdown = part;
        wb_file_fault = refuse_one;
        assert_int_equal(wb_source_read_at(&s, 0, got, WHOLE, &n, &e), WB_ERR_IO);
        wb_file_fault = NULL;
        room_assert_line(&e);
        assert_int_equal(n, 77);
    }
    wb_source_close(&s);
    free(got);
}

/* A part that became shorter since it was opened ends the whole there. */
static void
behind_a_part_that_was_cut_nothing_is_read(void **state)
{
    char path[ROOM_PATH_BYTES];
    uint8_t *got = malloc(WHOLE);
    struct wb_source s;
    struct wb_error e = {0};
    size_t n;

    (void)state;
    assert_non_null(got);
    open_all(&s);
    room_path(path, &room, "b.02-of-03");
    room_write(path, bytes + PART, 100);
    ok(wb_source_read_at(&s, 0, got, WHOLE, &n, &e), &e);
    assert_int_equal(n, PART + 100);
    wb_source_close(&s);
    room_write(path, bytes + PART, PART);
    free(got);
}

static void
every_part_is_wanted_once_and_no_other(void **state)
{
    static const struct {
        const char *names[4];
        enum wb_status status;
        const char *said;
    } rows[] = {
        {{"b"}, WB_ERR_USAGE, "/b: not named as a part"},
        {{"b.01-of-03", "b"}, WB_ERR_USAGE, "/b: not named as a part"},
        {{"b.01-of-03", "b.02-of-04"}, WB_ERR_USAGE,
            "b.02-of-04: not a part of the same"},
        {{"b.01-of-03", "c.02-of-03"}, WB_ERR_USAGE,
            "c.02-of-03: not a part of the same"},
        {{"bc.01-of-03", "b.02-of-03"}, WB_ERR_USAGE,
            "b.02-of-03: not a part of the same"},
        {{"b.01-of-03", "b.01-of-03"}, WB_ERR_USAGE,
            "b.01-of-03: a part is given twice"},
        {{"b.03-of-03", "b.01-of-03", "b.02-of-03", "b.01-of-03"}, WB_ERR_USAGE,
            "b.01-of-03: a part is given twice"},
        {{"b.03-of-03", "b.01-of-03"}, WB_ERR_NOT_FOUND,
            "b.02-of-03 is missing: give all 3"},
        {{"c.01-of-01"}, WB_ERR_NOT_FOUND, "c.01-of-01"}, /* as named, and not there */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char paths[4][ROOM_PATH_BYTES];
        const char *given[4];
        struct wb_source s;
        struct wb_error e = {0};
        size_t count = 0;

        for (; count < 4 && rows[i].names[count] != NULL; count++) {
            room_path(paths[count], &room, rows[i].names[count]);
            given[count] = paths[count];
        }
        assert_int_equal(wb_source_open(&s, "b", given, count, &e), rows[i].status);
        if (strstr(e.message, rows[i].said) == NULL)
            fail_msg("not '%s': %s", rows[i].said, e.message);
        wb_source_close(&s);
    }
}

/* ---- writing ---- */

/* What is refused leaves nothing behind. */
static void
assert_not_written(struct wb_parts *p, const uint8_t *before)
{
    uint8_t after[ROOM_PRINT_BYTES];

    wb_parts_close(p);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof after);
}

static void
parts_too_small_or_too_many_are_refused(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES];
    char path[ROOM_PATH_BYTES];
    struct wb_parts p;
    struct wb_error e = {0};

    (void)state;
    room_print(room.folder, before);
    room_path(path, &room, "many");
    assert_int_equal(wb_parts_open(&p, path, PART - 1, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "split: parts of at least 65536 bytes");
    assert_not_written(&p, before);
    ok(wb_parts_open(&p, path, PART, &e), &e);
    for (size_t i = 0; i < WB_SPLIT_PARTS_MAX; i++)
        ok(wb_parts_write(&p, bytes, PART, &e), &e);
    assert_int_equal(wb_parts_write(&p, bytes, 1, &e), WB_ERR_LIMIT);
    assert_non_null(strstr(e.message, "many: more than 99 parts, make them larger"));
    assert_not_written(&p, before);
}

static int
refuse_write(enum wb_file_op op)
{
    return op == WB_FILE_WRITE && countdown > 0 && --countdown == 0 ? ENOSPC : 0;
}

static int
refuse_sync(enum wb_file_op op)
{
    return op == WB_FILE_SYNC && countdown > 0 && --countdown == 0 ? EIO : 0;
}

static void
a_disk_that_is_full_in_the_middle_leaves_nothing(void **state)
{
    int (*const refusals[])(enum wb_file_op op) = {refuse_write, refuse_sync};
    uint8_t before[ROOM_PRINT_BYTES];
    char path[ROOM_PATH_BYTES];

    (void)state;
    room_print(room.folder, before);
    room_path(path, &room, "full");
    for (size_t i = 0; i < 2; i++)
        for (unsigned at = 1; at <= 2; at++) {
            struct wb_parts p;
            struct wb_error e = {0};

            ok(wb_parts_open(&p, path, PART, &e), &e);
            countdown = at;
            wb_file_fault = refusals[i];
            assert_int_equal(wb_parts_write(&p, bytes, sizeof bytes, &e), WB_ERR_IO);
            wb_file_fault = NULL;
            room_assert_line(&e);
            assert_not_written(&p, before);
        }
}

static int
refuse_rename(enum wb_file_op op)
{
    return op == WB_FILE_RENAME && countdown > 0 && --countdown == 0 ? EIO : 0;
}

/* Those before it have their names; the others are kept and can be given theirs. */
static void
a_name_that_cannot_be_given_is_said(void **state)
{
    char path[ROOM_PATH_BYTES], first[ROOM_PATH_BYTES], second[ROOM_PATH_BYTES];
    struct wb_parts p;
    struct wb_error e = {0};

    (void)state;
    room_path(path, &room, "named");
    room_path(first, &room, "named.01-of-03");
    room_path(second, &room, "named.02-of-03");
    ok(wb_parts_open(&p, path, PART, &e), &e);
    ok(wb_parts_write(&p, bytes, sizeof bytes, &e), &e);
    ok(wb_parts_sync(&p, &e), &e);
    countdown = 2;
    wb_file_fault = refuse_rename;
    assert_int_equal(wb_parts_publish(&p, &e), WB_ERR_IO);
    wb_file_fault = NULL;
    room_assert_line(&e);
    assert_true(room_exists(first));
    assert_false(room_exists(second));
    wb_parts_close(&p);
    assert_int_equal(remove(first), 0);
}

/* Longer than the system takes in one call, or than fits beside its temporary name. */
static void
a_path_that_is_too_long_is_refused(void **state)
{
    static char path[PATH_MAX + 64], line[PATH_MAX];
    uint8_t before[ROOM_PRINT_BYTES];
    struct wb_parts p;
    struct wb_error e = {0};
    size_t size;

    (void)state;
    room_print(room.folder, before);
    size = (size_t)snprintf(path, sizeof path, "%s", room.folder);
    while (size < PATH_MAX - 10)
        size += (size_t)snprintf(path + size, sizeof path - size, "/.");
    (void)snprintf(path + size, sizeof path - size, "/long");
    ok(wb_parts_open(&p, path, 0, &e), &e);
    assert_int_equal(wb_parts_waiting(&p, 0, line, &e), WB_ERR_USAGE);
    assert_non_null(strstr(e.message, ": the path is too long"));
    assert_not_written(&p, before);
    memset(path + size, 'x', 40);
    for (uint64_t split = 0; split <= PART; split += PART) {
        e = (struct wb_error){0};
        assert_int_equal(wb_parts_open(&p, path, split, &e), WB_ERR_USAGE);
        assert_non_null(strstr(e.message, ": the path is too long"));
        assert_not_written(&p, before);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_in_any_order_are_read_as_one_file),
        cmocka_unit_test(a_part_that_cannot_be_read_is_said),
        cmocka_unit_test(behind_a_part_that_was_cut_nothing_is_read),
        cmocka_unit_test(every_part_is_wanted_once_and_no_other),
        cmocka_unit_test(parts_too_small_or_too_many_are_refused),
        cmocka_unit_test(a_disk_that_is_full_in_the_middle_leaves_nothing),
        cmocka_unit_test(a_name_that_cannot_be_given_is_said),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
