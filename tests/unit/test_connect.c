/* tests/unit/test_connect.c - a vault that somebody else holds, and one that cannot be
 * written. */
#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"
#include "hostile.h"
#include "store/session.h"
#include "store/shim.h"

enum { SOMEBODY = 65534, LOCK_BYTES_AT = 0x40000000 };

/* ---- held by somebody else ---- */

static const char *wanted; /* the vault that somebody waits for */
static unsigned waits;

static int
do_not_wait(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    (void)microseconds;
    waits++;
    return 0;
}

static int
move_it_away(sqlite3_vfs *vfs, int microseconds)
{
    char moved[ROOM_PATH_BYTES];

    room_text(moved, sizeof moved, "%s.moved", wanted);
    if (room_exists(wanted))
        assert_int_equal(rename(wanted, moved), 0);
    return do_not_wait(vfs, microseconds);
}

/* A lock of an open file, not of a process: it meets us too, and names nobody. */
static int
hold(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK,
        .l_whence = SEEK_SET,
        .l_start = LOCK_BYTES_AT,
        .l_len = 512};
    int fd = open(path, O_RDWR | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    return fd;
}

static void
assert_in_use(struct open_room *o, int (*wait)(sqlite3_vfs *vfs, int microseconds))
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(WB_SHIM_NAME);
    int (*before)(sqlite3_vfs *, int) = vfs->xSleep;
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    wanted = o->room.vault;
    waits = 0;
    vfs->xSleep = wait;
    assert_int_equal(wb_vault_open(&v, o->room.vault, 0, &e), WB_ERR_BUSY);
    vfs->xSleep = before;
    assert_null(v);
    assert_non_null(strstr(e.message, "vault: in use by another process, try again"));
    room_assert_line(&e);
    assert_true(waits > 5);
}

static void
a_vault_held_by_who_is_not_named_is_in_use_all_the_same(void **state)
{
    struct open_room *o = *state;
    int fd;

    wb_vault_close(&o->v);
    fd = hold(o->room.vault);
    assert_in_use(o, do_not_wait);
    assert_int_equal(close(fd), 0);
    o->v = room_open(o->room.vault);
}

static void
a_vault_that_is_moved_away_while_somebody_waits_for_it_is_in_use(void **state)
{
    struct open_room *o = *state;
    int fd;

    wb_vault_close(&o->v);
    fd = hold(o->room.vault);
    assert_in_use(o, move_it_away);
    assert_int_equal(close(fd), 0);
}

/* ---- read-only ---- */

/* The vault closed, its file read-only also for root. */
static int
set_up_read_only(void **state)
{
    struct open_room *o;

    room_set_up(state);
    o = *state;
    wb_vault_close(&o->v);
    assert_int_equal(chmod(o->room.vault, 0444), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(o->room.folder, SOMEBODY, SOMEBODY), 0);
        assert_int_equal(seteuid(SOMEBODY), 0);
    }
    return 0;
}

static int
tear_down_read_only(void **state)
{
    assert_int_equal(seteuid(getuid()), 0);
    return room_tear_down(state);
}

static void
a_file_that_cannot_be_written_is_only_read(void **state)
{
    struct open_room *o = *state;
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_error e = {0};

    room_print(o->room.folder, before);
    assert_int_equal(wb_vault_open(&o->v, o->room.vault, 0, &e), WB_ERR_IO);
    assert_null(o->v);
    assert_non_null(
        strstr(e.message, "the file or its medium is read-only, this needs to write"));
    room_assert_ok(wb_vault_open(&o->v, o->room.vault, WB_OPEN_READ, &e), &e);
    room_assert_ok(
        wb_vault_unlock(o->v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e), &e);
    assert_false(wb_store_may_index(o->v));
    assert_int_equal(wb_store_begin(o->v, &e), WB_ERR_IO);
    assert_non_null(strstr(e.message, "opened read-only, nothing can be changed"));
    wb_vault_close(&o->v);
    room_print(o->room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

/* What a crash left on a medium that is then made read-only. */
static void
a_journal_that_would_have_to_be_played_back_is_refused_where_nothing_is_written(
    void **state)
{
    struct open_room *o = *state;
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    const uid_t user = geteuid();
    char journal[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    assert_int_equal(seteuid(getuid()), 0);
    hostile_journal(&o->room, 512, HOSTILE_PAGE_BYTES, NULL);
    hostile_beside(journal, &o->room, "-journal");
    assert_int_equal(chmod(journal, 0444), 0);
    room_print(o->room.folder, before);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(wb_vault_open(&o->v, o->room.vault, WB_OPEN_READ, &e), WB_ERR_IO);
    if (strstr(e.message, "the medium or file is read-only") == NULL)
        fail_msg("%s", e.message);
    assert_null(o->v);
    room_print(o->room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

/* Opened, unlocked and asked, each as far as it goes. */
static enum wb_status
look_into(struct open_room *o, struct wb_error *e)
{
    struct wb_vault_info info = {.bytes = 7};
    enum wb_status st = wb_vault_open(&o->v, o->room.vault, WB_OPEN_READ, e);

    if (st == WB_OK)
        st = wb_vault_unlock(o->v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
    if (st == WB_OK)
        st = wb_vault_info(o->v, &info, e);
    assert_true((st == WB_OK) == (info.bytes != 7));
    wb_vault_close(&o->v);
    return st;
}

/* Who only reads takes the lock again for every question. */
static void
who_reads_is_told_whatever_the_system_refuses(void **state)
{
    static const struct fault faults[] = {
        {"files", FAULT_FILES, false, EIO},
        {"allocations", FAULT_BIT(FAULT_MEMORY), false, 0},
    };
    struct open_room *o = *state;
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (long at = 1;; at++) {
            struct wb_error e = {0};
            enum wb_status st;

            fault_arm(&faults[i], at);
            st = look_into(o, &e);
            if (fault_disarm() < at) {
                room_assert_ok(st, &e);
                break;
            }
            if (st == WB_OK)
                continue;
            assert_true(st == WB_ERR_IO || st == WB_ERR_MEMORY);
            room_assert_line(&e);
            refused++;
        }
    counted(refused, "refusals to who reads");
    assert_true(refused > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_vault_held_by_who_is_not_named_is_in_use_all_the_same, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_vault_that_is_moved_away_while_somebody_waits_for_it_is_in_use,
            room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_written_is_only_read,
            set_up_read_only, tear_down_read_only),
        cmocka_unit_test_setup_teardown(
            a_journal_that_would_have_to_be_played_back_is_refused_where_nothing_is_written,
            set_up_read_only, tear_down_read_only),
        cmocka_unit_test_setup_teardown(who_reads_is_told_whatever_the_system_refuses,
            set_up_read_only, tear_down_read_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
