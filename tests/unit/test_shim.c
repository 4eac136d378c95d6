/* tests/unit/test_shim.c - between SQLite and the files: journals are wiped or it is
 * told. */
#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"
#include "room.h"
#include "store/session.h"
#include "store/shim.h"

enum { JOURNAL_BYTES = 200000 };

static struct room room;
static char journal[ROOM_PATH_BYTES];
static uint8_t noise[JOURNAL_BYTES];

static int
set_up(void **state)
{
    (void)state;
    room_make(&room);
    room_path(journal, &room, "vault-journal");
    room_write(room.vault, "x", 1);
    room_noise(noise, sizeof noise, 3);
    room_write(journal, noise, sizeof noise);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* The first test of the program: afterwards SQLite runs. */
static void
a_start_without_memory_says_so_and_can_be_tried_again(void **state)
{
    const struct fault memory = {"memory", FAULT_BIT(FAULT_MEMORY), false, 0};
    enum wb_status st = WB_ERR_MEMORY;
    unsigned refused = 0;

    (void)state;
    for (long at = 1; st != WB_OK; at++) {
        struct wb_error e = {0};

        fault_arm(&memory, at);
        st = wb_shim_start(&e);
        (void)fault_disarm();
        refused += st != WB_OK;
        if (st != WB_OK)
            assert_int_equal(st, WB_ERR_MEMORY);
    }
    assert_true(refused >= 1);
    assert_int_equal(wb_shim_start(NULL), WB_OK);
    assert_non_null(sqlite3_vfs_find(WB_SHIM_NAME));
}

/* What is there stays as it is, and it is told; then it can be wiped all the same. */
static void
assert_told(void)
{
    wb_shim_wipe_journal(journal);
    assert_true(wb_shim_take_warning());
    assert_false(wb_shim_take_warning());
    assert_true(room_has(journal, noise, sizeof noise));
}

static void
assert_wiped(void)
{
    char kept[ROOM_PATH_BYTES];
    size_t size;
    uint8_t *left;

    room_path(kept, &room, "kept");
    assert_int_equal(link(journal, kept), 0); /* the same bytes, after it is gone */
    wb_shim_wipe_journal(journal);
    assert_false(wb_shim_take_warning());
    assert_false(room_exists(journal));
    left = room_read(kept, &size);
    assert_int_equal(size, sizeof noise);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(left[i], 0);
    free(left);
}

static void
a_journal_for_which_no_descriptor_is_left_is_told(void **state)
{
    struct rlimit before, none;
    const int next = dup(STDOUT_FILENO);

    (void)state;
    assert_true(next >= 0);
    assert_int_equal(close(next), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    wb_shim_wipe_journal(journal);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(wb_shim_take_warning());
    assert_true(room_has(journal, noise, sizeof noise));
    assert_wiped();
}

/* ---- what the system refuses below SQLite ---- */

static int
no_size(int fd, struct stat *info)
{
    (void)fd;
    (void)info;
    errno = EIO;
    return -1;
}

static ssize_t
no_write(int fd, const void *bytes, size_t size, off_t at)
{
    (void)fd;
    (void)bytes;
    (void)size;
    (void)at;
    errno = EIO;
    return -1;
}

static void
a_journal_that_the_system_does_not_let_be_wiped_is_told(void **state)
{
    sqlite3_vfs *real = sqlite3_vfs_find("unix");

    (void)state;
    real->xSetSystemCall(real, "fstat", (sqlite3_syscall_ptr)no_size);
    assert_told();
    real->xSetSystemCall(real, "fstat", NULL);
    real->xSetSystemCall(real, "pwrite", (sqlite3_syscall_ptr)no_write);
    real->xSetSystemCall(real, "pwrite64", (sqlite3_syscall_ptr)no_write);
    assert_told();
    real->xSetSystemCall(real, "pwrite", NULL);
    real->xSetSystemCall(real, "pwrite64", NULL);
    assert_wiped();
}

/* ---- what is no journal ---- */

static void
a_link_in_the_place_of_a_journal_is_left_alone(void **state)
{
    char target[ROOM_PATH_BYTES];

    (void)state;
    room_path(target, &room, "letter.odt");
    assert_int_equal(rename(journal, target), 0);
    assert_int_equal(symlink("letter.odt", journal), 0);
    wb_shim_wipe_journal(journal);
    wb_shim_drop_journal(journal);
    assert_false(wb_shim_take_warning());
    assert_true(room_has(target, noise, sizeof noise));
    assert_true(room_exists(journal));
}

/* Only the cut to nothing ends a transaction. */
static void
what_is_cut_to_a_length_keeps_it(void **state)
{
    struct wb_vault *v;
    struct wb_error e = {0};
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    uint8_t head[8] = {0};

    (void)state;
    assert_int_equal(remove(journal), 0);
    assert_int_equal(remove(room.vault), 0);
    room_quick_keys();
    room_vault(&room);
    v = room_open(room.vault);
    room_assert_ok(wb_store_begin(v, &e), &e);
    room_assert_ok(wb_staging_put(v, "a", 1, "b", 1, &e), &e);
    assert_int_equal(
        sqlite3_file_control(v->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file),
        SQLITE_OK);
    assert_int_equal(file->pMethods->xFileSize(file, &size), SQLITE_OK);
    assert_true(size > 512);
    assert_int_equal(file->pMethods->xTruncate(file, size - 1), SQLITE_OK);
    assert_int_equal(file->pMethods->xFileSize(file, &size), SQLITE_OK);
    assert_true(size >= 512);
    assert_int_equal(
        file->pMethods->xRead(file, head, sizeof head, size - 8), SQLITE_OK);
    assert_true(memcmp(head, "\0\0\0\0\0\0\0\0", sizeof head) != 0);
    wb_store_rollback(v);
    wb_vault_close(&v);
}

int
main(void)
{
#define ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_without_memory_says_so_and_can_be_tried_again),
        ROOM(a_journal_for_which_no_descriptor_is_left_is_told),
        ROOM(a_journal_that_the_system_does_not_let_be_wiped_is_told),
        ROOM(a_link_in_the_place_of_a_journal_is_left_alone),
        ROOM(what_is_cut_to_a_length_keeps_it),
    };
#undef ROOM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
