/* tests/flow/test_journal.c - a journal beside a vault: played back, ignored, or forged
 * by somebody; and the lock that two processes meet at. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "hostile.h"

static struct room room;

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 20000);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* One that was never synced is not played back, whatever it names. */
static void
a_journal_that_was_never_synced_is_ignored(void **state)
{
    char path[ROOM_PATH_BYTES], journal[ROOM_PATH_BYTES];
    struct journal j;

    (void)state;
    hostile_sacrifice(path, &room);
    hostile_beside(journal, &room, "-journal");
    journal_begin(&j, 0, 512, HOSTILE_PAGE_BYTES);
    journal_name(&j, path);
    memset(j.bytes, 0, 12);
    journal_end(&j, journal);
    room_assert_sound(room.vault);
    assert_true(room_exists(path));
}

/* The control for the refusal: SQLite itself does delete the file. */
static void
stock_sqlite_deletes_what_the_refused_journal_names(void **state)
{
    char path[ROOM_PATH_BYTES];

    (void)state;
    hostile_sacrifice(path, &room);
    hostile_journal(&room, 512, HOSTILE_PAGE_BYTES, path);
    assert_true(room_exists(path));
    hostile_sql(room.vault, "SELECT count(*) FROM log");
    assert_false(room_exists(path));
}

static void
a_finished_or_empty_journal_is_no_hindrance(void **state)
{
    static const uint8_t zeros[20000];
    static const size_t sizes[] = {0, 8, 511, 512, sizeof zeros};
    char path[ROOM_PATH_BYTES];

    (void)state;
    hostile_beside(path, &room, "-journal");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        hostile_put_beside(&room, "-journal", zeros, sizes[i]);
        room_assert_sound(room.vault);
    }
    assert_false(room_exists(path));
    hostile_journal(
        &room, 512, HOSTILE_PAGE_BYTES, NULL); /* and a sound one is played back */
    room_assert_sound(room.vault);
    assert_false(room_exists(path));
}

/* What lay in the journal each time that it was cut. */
static struct {
    unsigned cuts;
    size_t bytes, left;
} seen_at_cut;

static int
look_at_cut(enum wb_file_op op)
{
    char path[ROOM_PATH_BYTES];
    size_t size;
    uint8_t *bytes;

    hostile_beside(path, &room, "-journal");
    if (op != WB_FILE_TRUNCATE || !room_exists(path))
        return 0;
    bytes = room_read(path, &size);
    seen_at_cut.cuts++;
    seen_at_cut.bytes += size;
    for (size_t i = 0; i < size; i++)
        seen_at_cut.left += bytes[i] != 0;
    free(bytes);
    return 0;
}

static void
a_journal_is_nothing_but_zeros_when_it_is_cut(void **state)
{
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    wb_file_fault = look_at_cut;
    assert_int_equal(room_amend(v, &room.statement, "They had rifles.", &e), WB_OK);
    wb_file_fault = NULL;
    wb_vault_close(&v);
    assert_true(seen_at_cut.cuts > 0);
    assert_true(seen_at_cut.bytes > HOSTILE_PAGE_BYTES);
    assert_int_equal(seen_at_cut.left, 0);
}

/* Power failed while the file grew: not whole pages, and a journal that says so. */
static void
a_file_that_grew_by_half_a_page_is_played_back(void **state)
{
    size_t size, after;
    uint8_t *bytes = room_read(room.vault, &size), *seen;

    (void)state;
    hostile_journal(&room, 512, HOSTILE_PAGE_BYTES, NULL);
    bytes = realloc(bytes, size + 5000);
    assert_non_null(bytes);
    memset(bytes + size, 7, 5000);
    room_write(room.vault, bytes, size + 5000);
    room_assert_sound(room.vault);
    seen = room_read(room.vault, &after);
    assert_int_equal(after, size);
    assert_memory_equal(seen, bytes, size);
    free(bytes);
    free(seen);
}

/* Puts `old` pages back into `now` by a journal: number 0 is all of them. */
static void
forge(const uint8_t *old, size_t old_size, const uint8_t *now, size_t now_size,
    size_t page)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;

    hostile_beside(path, &room, "-journal");
    room_write(room.vault, now, now_size);
    journal_begin(&j,
        (uint32_t)((page == 0 ? old_size : now_size) / HOSTILE_PAGE_BYTES), 512,
        HOSTILE_PAGE_BYTES);
    for (size_t i = 1; i <= old_size / HOSTILE_PAGE_BYTES; i++)
        if (page == 0 || page == i)
            journal_put(&j, (uint32_t)i, old + (i - 1) * HOSTILE_PAGE_BYTES);
    journal_end(&j, path);
}

static void
a_forged_journal_is_named_whatever_page_it_puts_back(void **state)
{
    const char *const fields[] = {"title", "Later", NULL};
    uint8_t content[ROOM_PRINT_BYTES];
    struct room_finding f;
    size_t old_size, now_size;
    uint8_t *old = room_read(room.vault, &old_size), *now;
    struct wb_vault *v = room_open(room.vault);
    unsigned named = 0, harmless = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(room_add(v, NULL, NULL, "incident", fields), WB_OK);
    assert_int_equal(room_content(v, content, NULL), WB_OK);
    wb_vault_close(&v);
    now = room_read(room.vault, &now_size);
    for (size_t page = 1; page <= old_size / HOSTILE_PAGE_BYTES; page++) {
        size_t at = (page - 1) * HOSTILE_PAGE_BYTES;

        if (memcmp(old + at, now + at, HOSTILE_PAGE_BYTES) == 0)
            continue;
        forge(old, old_size, now, now_size, page);
        room_examine(&f, room.vault);
        if (room_is_named(&f)) {
            named++;
            continue;
        }
        /* page 1 holds counters only */
        assert_memory_equal(f.content, content, sizeof content);
        harmless++;
    }
    print_message("%u pages put back are named, %u are harmless\n", named, harmless);
    assert_true(named >= 7);
    assert_true(harmless <= 1);
    forge(old, old_size, now, now_size, 0); /* the whole: a rollback, sound in itself */
    room_assert_sound(room.vault);
    free(old);
    free(now);
}

/* Plays page 1 with other bytes in it into the vault. */
static void
forge_first_page(size_t at, const char *bytes, size_t count)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;
    size_t size;
    uint8_t *now = room_read(room.vault, &size);

    memcpy(now + at, bytes, count);
    hostile_beside(path, &room, "-journal");
    journal_begin(&j, (uint32_t)(size / HOSTILE_PAGE_BYTES), 512, HOSTILE_PAGE_BYTES);
    journal_put(&j, 1, now);
    journal_end(&j, path);
    free(now);
}

static void
a_forged_journal_cannot_bring_a_trigger_or_a_write_ahead_log(void **state)
{
    struct room_finding f;
    size_t sound_size, size;
    uint8_t *sound = room_read(room.vault, &sound_size), *changed;
    char path[ROOM_PATH_BYTES];

    (void)state;
    hostile_sql(room.vault,
        "CREATE TRIGGER t AFTER UPDATE ON state BEGIN "
        "DELETE FROM bodies; END");
    changed = room_read(room.vault, &size);
    forge(changed, size, sound, sound_size, 1);
    room_examine(&f, room.vault);
    assert_int_equal(f.opened, WB_ERR_INTEGRITY);
    assert_non_null(strstr(f.said, "schema"));
    room_write(room.vault, sound, sound_size);
    forge_first_page(18, "\2\2", 2);
    room_examine(&f, room.vault);
    hostile_beside(path, &room, "-wal");
    assert_false(room_exists(path));
    hostile_beside(path, &room, "-shm");
    assert_false(room_exists(path));
    assert_int_equal(f.opened, WB_ERR_IO); /* ours has no shared memory for it */
    room_write(room.vault, sound, sound_size);
    forge_first_page(60, "\0\0\0\2", 4);
    room_examine(&f, room.vault);
    assert_int_equal(f.opened, WB_ERR_TOO_NEW);
    free(sound);
    free(changed);
}

/* What the file says it is, looked at again when the journal was played back. */
static void
a_forged_journal_cannot_make_it_another_file(void **state)
{
    static const struct {
        size_t at;
        const char *bytes;
    } marks[] = {{60, "\0\0\0\0"}, {68, "WBOY"}};
    struct room_finding f;
    size_t size;
    uint8_t *sound = room_read(room.vault, &size);

    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        room_write(room.vault, sound, size);
        forge_first_page(marks[i].at, marks[i].bytes, 4);
        room_examine(&f, room.vault);
        assert_int_equal(f.opened, WB_ERR_FORMAT);
        assert_non_null(strstr(f.said, "not a witnessbox vault"));
    }
    free(sound);
}

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A process that holds the vault until the pipe says otherwise. */
static pid_t
hold(int *until)
{
    int ready[2], done[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct wb_vault *v = NULL;

        close(done[1]);
        if (wb_vault_open(&v, room.vault, 0, NULL) != WB_OK ||
            write(ready[1], "r", 1) != 1)
            _exit(1);
        (void)!read(done[0], &byte, 1);
        wb_vault_close(&v);
        _exit(0);
    }
    close(done[0]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *until = done[1];
    return pid;
}

static void
a_vault_in_use_is_busy_and_names_the_process(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    char words[64];
    double began;
    int until, status;
    pid_t pid = hold(&until);

    (void)state;
    room_print(room.folder, before);
    began = seconds();
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_ERR_BUSY);
    assert_true(seconds() - began > 4 && seconds() - began < 8);
    assert_null(v);
    room_text(words, sizeof words, "(process %d)", (int)pid);
    assert_non_null(strstr(e.message, words));
    room_assert_line(&e);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(kill(pid, 0), 0);
    close(until);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    room_assert_sound(room.vault);
}

static void
a_vault_that_is_closed_in_time_opens(void **state)
{
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    int until;
    pid_t pid = hold(&until), closer;

    (void)state;
    closer = fork();
    if (closer == 0) {
        (void)usleep(300000);
        close(until); /* the last but ours */
        _exit(0);
    }
    close(until);
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_OK);
    wb_vault_close(&v);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(waitpid(closer, NULL, 0), closer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_journal_that_was_never_synced_is_ignored, setup, teardown),
        cmocka_unit_test_setup_teardown(
            stock_sqlite_deletes_what_the_refused_journal_names, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_finished_or_empty_journal_is_no_hindrance, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_journal_is_nothing_but_zeros_when_it_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_file_that_grew_by_half_a_page_is_played_back, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_forged_journal_is_named_whatever_page_it_puts_back, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_forged_journal_cannot_bring_a_trigger_or_a_write_ahead_log, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            a_forged_journal_cannot_make_it_another_file, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_vault_in_use_is_busy_and_names_the_process, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_vault_that_is_closed_in_time_opens, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
