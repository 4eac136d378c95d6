/* tests/unit/test_inner.c - the inner database: its pages are rows of the vault, and
 * nothing of it is anywhere else. */
#include "cm.h"

#include <string.h>

#include "faults.h"
#include "room.h"
#include "store/inner.h"
#include "store/session.h"

enum { PAGES = 40 };

static void
run(struct wb_inner *i, const char *sql)
{
    if (sqlite3_exec(wb_inner_db(i), sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(wb_inner_db(i)));
}

static int64_t
ask(struct wb_inner *i, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t answer;

    assert_int_equal(sqlite3_prepare_v2(wb_inner_db(i), sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    answer = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
    return answer;
}

static struct wb_inner *
inner_open(struct wb_vault *v, int flags)
{
    struct wb_inner *i = NULL;
    struct wb_error e = {0};

    room_assert_ok(wb_inner_open(&i, v, flags, &e), &e);
    return i;
}

/* The file below the database, as SQLite sees it. */
static sqlite3_file *
file_of(struct wb_inner *i)
{
    sqlite3_file *file = NULL;

    assert_int_equal(
        sqlite3_file_control(wb_inner_db(i), "main", SQLITE_FCNTL_FILE_POINTER, &file),
        SQLITE_OK);
    return file;
}

static uint64_t
last_page(struct wb_vault *v)
{
    uint64_t last = 0;

    assert_int_equal(wb_pages_last(v, &last, NULL), WB_OK);
    return last;
}

/* An open room whose inner database has a table of PAGES rows, each of a page. */
static int
set_up(void **state)
{
    struct open_room *o;
    struct wb_inner *i;
    struct wb_error e = {0};

    room_set_up(state);
    o = *state;
    room_assert_ok(wb_store_begin(o->v, &e), &e);
    i = inner_open(o->v, 0);
    run(i,
        "CREATE TABLE t(x);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 40) INSERT INTO t SELECT randomblob(12000) FROM n");
    wb_inner_close(&i);
    room_assert_ok(wb_store_commit(o->v, &e), &e);
    assert_true(last_page(o->v) >= PAGES);
    return 0;
}

static void
assert_kept(struct open_room *o, uint64_t last)
{
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY);
    bool same = false;

    assert_int_equal(last_page(o->v), last);
    assert_int_equal(wb_store_state(o->v)->pages.count, last);
    assert_int_equal(wb_unlogged_check(o->v, WB_TABLE_PAGES, &same, NULL), WB_OK);
    assert_true(same);
    assert_int_equal(ask(i, "SELECT count(length(x)) FROM t"), PAGES);
    wb_inner_close(&i);
}

static void
what_is_changed_in_memory_lies_over_the_pages_and_goes_with_it(void **state)
{
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY);
    const uint64_t last = last_page(o->v);

    run(i, "PRAGMA cache_size = 5; UPDATE t SET x = zeroblob(11000) WHERE rowid = 30");
    assert_int_equal(ask(i, "SELECT sum(length(x)) FROM t"), 39 * 12000 + 11000);
    wb_inner_close(&i);
    assert_kept(o, last);
}

static void
in_memory_a_change_that_is_undone_leaves_the_pages_below(void **state)
{
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY);
    const uint64_t last = last_page(o->v);

    run(i,
        "PRAGMA cache_size = 5; BEGIN;"
        "INSERT INTO t SELECT randomblob(12000) FROM t; ROLLBACK");
    assert_int_equal(ask(i, "SELECT count(length(x)) FROM t"), PAGES);
    wb_inner_close(&i);
    assert_kept(o, last);
}

/* More than the cache holds: pages behind the last are rows already, and go again. */
static void
a_change_that_is_undone_inside_takes_its_pages_with_it(void **state)
{
    struct open_room *o = *state;
    const uint64_t last = last_page(o->v);
    struct wb_inner *i;
    struct wb_error e = {0};

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    i = inner_open(o->v, 0);
    run(i,
        "PRAGMA cache_size = 5; BEGIN;"
        "INSERT INTO t SELECT randomblob(12000) FROM t");
    assert_true(last_page(o->v) > last + PAGES / 2);
    run(i, "ROLLBACK");
    assert_int_equal(last_page(o->v), last);
    wb_inner_close(&i);
    room_assert_ok(wb_store_commit(o->v, &e), &e);
    assert_kept(o, last);
}

static void
pages_are_cut_all_or_none_when_somebody_interrupts(void **state)
{
    const struct fault interrupt = {"interrupt", FAULT_BIT(FAULT_INTERRUPT), true, 0};
    struct open_room *o = *state;
    const uint64_t last = last_page(o->v);
    enum wb_status st = WB_ERR_IO;
    unsigned refused = 0;

    for (long at = 1; st != WB_OK; at++) {
        struct wb_error e = {0};

        room_assert_ok(wb_store_begin(o->v, &e), &e);
        fault_arm(&interrupt, at);
        st = wb_pages_cut(o->v, last - 3, &e);
        (void)fault_disarm();
        if (st == WB_OK)
            break;
        room_assert_line(&e);
        wb_store_rollback(o->v);
        assert_kept(o, last);
        refused++;
    }
    assert_int_equal(last_page(o->v), last - 3);
    wb_store_rollback(o->v);
    assert_int_equal(refused, 10); /* three a page, and one to see that no more is */
}

/* ---- the file that SQLite sees ---- */

static void
only_whole_pages_are_written(void **state)
{
    static const struct {
        int size;
        sqlite3_int64 at;
    } parts[] = {{512, 0}, {WB_PAGE_BYTES - 1, 0}, {WB_PAGE_BYTES, 512}};
    static const uint8_t bytes[WB_PAGE_BYTES];
    struct open_room *o = *state;
    const uint64_t last = last_page(o->v);
    struct wb_error e = {0};
    struct wb_inner *i;
    sqlite3_file *file;

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    i = inner_open(o->v, 0);
    file = file_of(i);
    for (size_t n = 0; n < sizeof parts / sizeof parts[0]; n++)
        assert_int_equal(
            file->pMethods->xWrite(file, bytes, parts[n].size, parts[n].at),
            SQLITE_IOERR_WRITE);
    wb_inner_close(&i);
    wb_store_rollback(o->v);
    assert_kept(o, last);
}

static void
what_lies_behind_the_last_page_or_across_two_reads_as_zeros_and_too_short(void **state)
{
    static const uint8_t zeros[1000];
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY);
    const sqlite3_int64 places[] = {
        (sqlite3_int64)last_page(o->v) * WB_PAGE_BYTES, WB_PAGE_BYTES - 500};
    sqlite3_file *file = file_of(i);

    for (size_t n = 0; n < sizeof places / sizeof places[0]; n++) {
        uint8_t bytes[sizeof zeros];

        memset(bytes, 7, sizeof bytes);
        assert_int_equal(file->pMethods->xRead(file, bytes, sizeof bytes, places[n]),
            SQLITE_IOERR_SHORT_READ);
        assert_memory_equal(bytes, zeros, sizeof bytes);
    }
    wb_inner_close(&i);
}

/* Also where the vault has a page of that number. */
static void
a_page_that_was_never_written_reads_as_zeros_where_those_below_do_not_count(
    void **state)
{
    static const uint8_t zeros[WB_PAGE_BYTES];
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY | WB_INNER_EMPTY);
    sqlite3_file *file = file_of(i);
    static uint8_t bytes[WB_PAGE_BYTES];

    memset(bytes, 7, sizeof bytes);
    assert_int_equal(
        file->pMethods->xWrite(file, bytes, sizeof bytes, 2 * WB_PAGE_BYTES),
        SQLITE_OK);
    assert_int_equal(
        file->pMethods->xRead(file, bytes, sizeof bytes, WB_PAGE_BYTES), SQLITE_OK);
    assert_memory_equal(bytes, zeros, sizeof bytes);
    assert_int_equal(
        file->pMethods->xRead(file, bytes, sizeof bytes, 2 * WB_PAGE_BYTES), SQLITE_OK);
    assert_int_equal(bytes[sizeof bytes - 1], 7);
    wb_inner_close(&i);
}

static void
it_is_not_cut_outside_of_a_change_nor_to_nothing(void **state)
{
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, 0);
    const uint64_t last = last_page(o->v);
    struct wb_error e = {0};
    sqlite3_file *file = file_of(i);

    assert_int_equal(
        file->pMethods->xTruncate(file, WB_PAGE_BYTES), SQLITE_IOERR_TRUNCATE);
    room_assert_ok(wb_store_begin(o->v, &e), &e);
    assert_int_equal(file->pMethods->xTruncate(file, 0), SQLITE_IOERR_TRUNCATE);
    wb_inner_close(&i);
    wb_store_rollback(o->v);
    assert_kept(o, last);
}

static void
a_cut_that_is_interrupted_says_why(void **state)
{
    const struct fault interrupt = {"interrupt", FAULT_BIT(FAULT_INTERRUPT), true, 0};
    struct open_room *o = *state;
    const uint64_t last = last_page(o->v);
    struct wb_error e = {0};
    struct wb_inner *i;
    sqlite3_file *file;

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    i = inner_open(o->v, 0);
    file = file_of(i);
    fault_arm(&interrupt, 1);
    assert_int_equal(
        file->pMethods->xTruncate(file, WB_PAGE_BYTES), SQLITE_IOERR_TRUNCATE);
    (void)fault_disarm();
    assert_int_equal(wb_inner_fail(i, &e), WB_ERR_IO);
    assert_non_null(strstr(e.message, "interrupted"));
    wb_inner_close(&i);
    wb_store_rollback(o->v);
    assert_kept(o, last);
}

static void
it_has_no_file_but_the_one(void **state)
{
    struct open_room *o = *state;
    struct wb_inner *i = inner_open(o->v, WB_INNER_MEMORY);
    const uint64_t last = last_page(o->v);
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];

    room_print(o->room.folder, before);
    run(i, "PRAGMA journal_mode = DELETE");
    assert_int_equal(sqlite3_exec(wb_inner_db(i), "DELETE FROM t", NULL, NULL, NULL),
        SQLITE_CANTOPEN);
    wb_inner_close(&i);
    room_print(o->room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    assert_kept(o, last);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up, room_tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(what_is_changed_in_memory_lies_over_the_pages_and_goes_with_it),
        OPEN(in_memory_a_change_that_is_undone_leaves_the_pages_below),
        OPEN(a_change_that_is_undone_inside_takes_its_pages_with_it),
        OPEN(pages_are_cut_all_or_none_when_somebody_interrupts),
        OPEN(only_whole_pages_are_written),
        OPEN(what_lies_behind_the_last_page_or_across_two_reads_as_zeros_and_too_short),
        OPEN(
            a_page_that_was_never_written_reads_as_zeros_where_those_below_do_not_count),
        OPEN(it_is_not_cut_outside_of_a_change_nor_to_nothing),
        OPEN(a_cut_that_is_interrupted_says_why),
        OPEN(it_has_no_file_but_the_one),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
