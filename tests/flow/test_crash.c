/* tests/flow/test_crash.c - killed before every call to the operating system: the vault
 * opens, is sound, and is as before or as after. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "deeds.h"

enum { LARGE_BYTES = 9 * 1024 * 1024 }; /* more than SQLite's cache: it spills */

static struct stage stage;
static long countdown;

static int
setup(void **state)
{
    (void)state;
    stage_make(&stage);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    stage_sweep(&stage);
    return 0;
}

/* In the child: dies before call number `countdown`. */
static int
die_here(enum wb_file_op op)
{
    (void)op;
    if (--countdown == 0)
        raise(SIGKILL);
    return 0;
}

/* True when the deed was done before the kill came. */
static bool
run_and_kill(const struct deed *d, long at)
{
    int status;
    pid_t pid;

    stage_reset(&stage);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct wb_error e = {0};

        deed_settle();
        countdown = at;
        wb_file_fault = die_here;
        _exit(d->run(&stage, &e) == WB_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) {
        assert_int_equal(WEXITSTATUS(status), 0);
        return true;
    }
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    return false;
}

/* What a crash may leave in the folder: the journal is gone once the vault was opened;
 * what was not finished lies under a name of its own that says so. */
static void
check_name(void *cookie, const char *name, const char *path)
{
    static const char *const known[] = {"vault", "other", "in.age", "new", "out.age",
        ".new.part0", ".new.part0-journal", ".out.age.part0"};

    (void)cookie;
    (void)path;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i]) == 0)
            return;
    fail_msg("%s was left behind", name);
}

static void
sweep(const char *name, long step, unsigned floor)
{
    const struct deed *d = deed_find(name);
    const char *vault = deed_vault(&stage, d);
    struct holding before, after, found;
    unsigned reached = 0, undone = 0;

    stage_reset(&stage);
    deed_holding(&before, vault);
    assert_true(run_and_kill(d, 0)); /* never: what it comes to */
    deed_holding(&after, vault);
    for (long at = 1; !run_and_kill(d, at); at += step) {
        deed_holding(&found, vault);
        if (deed_same(&found, &before))
            undone++;
        else if (!deed_same(&found, &after))
            fail_msg("%s, killed before call %ld: neither before nor after", name, at);
        room_each_file(stage.room.folder, check_name, NULL);
        reached++;
    }
    print_message(
        "%s: killed at %u points, %u times as before\n", name, reached, undone);
    assert_true(reached >= floor);
    assert_true(undone > 0);
}

static void
a_killed_create_leaves_no_vault_or_a_whole_one(void **state)
{
    (void)state;
    sweep("create", 1, 90);
    /* and it can be made again beside what was left */
    assert_false(run_and_kill(deed_find("create"), 50));
    assert_int_equal(deed_find("create")->run(&stage, NULL), WB_OK);
    room_assert_sound(stage.fresh);
}

static void
a_killed_add_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("add", 1, 40);
}

static void
a_killed_seal_leaves_the_draft_before_or_after(void **state)
{
    (void)state;
    sweep("seal", 1, 30);
}

static void
a_killed_save_leaves_the_draft_or_its_records(void **state)
{
    (void)state;
    sweep("save", 1, 40);
}

static void
a_killed_attach_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("attach", 1, 80);
}

static void
a_killed_attach_that_spills_leaves_before_or_after(void **state)
{
    uint8_t *bytes = malloc(LARGE_BYTES);

    (void)state;
    assert_non_null(bytes);
    room_noise(bytes, LARGE_BYTES, 11);
    room_write(stage.photo, bytes, LARGE_BYTES);
    free(bytes);
    sweep("attach", getenv("WB_EXHAUSTIVE") == NULL ? 31 : 1, 20);
}

static void
a_killed_amend_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("amend", 1, 40);
}

static void
a_killed_load_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("load", 1, 40);
}

static void
a_killed_extract_leaves_its_entry_or_nothing(void **state)
{
    (void)state;
    sweep("extract", 1, 40);
}

static void
a_killed_contact_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("contact", 1, 40);
}

static void
a_killed_export_leaves_before_or_after_and_no_bundle_without_its_entry(void **state)
{
    const struct deed *d = deed_find("export");
    struct holding before, found;
    unsigned unnamed = 0;

    (void)state;
    sweep("export", 1, 50);
    stage_reset(&stage);
    deed_holding(&before, stage.a);
    for (long at = 1; !run_and_kill(d, at); at++) {
        deed_holding(&found, stage.a);
        if (room_exists(stage.exported))
            assert_int_equal(found.entries, before.entries + 2);
        else
            unnamed += !deed_same(&found, &before);
    }
    /* logged, whole, but still under its temporary name */
    print_message("export: %u times logged before it had its name\n", unnamed);
    assert_true(unnamed > 0);
}

static void
a_killed_import_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("import", 1, 80);
}

/* A crash while a journal is played back: the second start does it again. */
static void
a_kill_while_a_journal_is_played_back_is_played_back_again(void **state)
{
    const struct deed *add = deed_find("add"), *unlock = deed_find("unlock");
    struct holding before, after, found;
    unsigned reached = 0;
    char journal[ROOM_PATH_BYTES + 8];
    uint8_t *bytes[2];
    size_t size[2];

    (void)state;
    room_text(journal, sizeof journal, "%s-journal", stage.a);
    stage_reset(&stage);
    deed_holding(&before, stage.a);
    assert_true(run_and_kill(add, 0));
    deed_holding(&after, stage.a);
    for (long at = 20; !run_and_kill(add, at); at += 10) {
        if (!room_exists(journal))
            continue;
        bytes[0] = room_read(stage.a, &size[0]);
        bytes[1] = room_read(journal, &size[1]);
        for (long second = 1;; second++) {
            int status;
            pid_t pid;

            room_write(stage.a, bytes[0], size[0]);
            room_write(journal, bytes[1], size[1]);
            pid = fork();
            if (pid == 0) {
                countdown = second;
                wb_file_fault = die_here;
                _exit(unlock->run(&stage, NULL) == WB_OK ? 0 : 1);
            }
            assert_int_equal(waitpid(pid, &status, 0), pid);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                break;
            assert_true(WIFSIGNALED(status));
            deed_holding(&found, stage.a);
            assert_true(deed_same(&found, &before) || deed_same(&found, &after));
            assert_false(room_exists(journal));
            reached++;
        }
        free(bytes[0]);
        free(bytes[1]);
    }
    print_message("unlock after a crash: killed at %u points\n", reached);
    assert_true(reached >= 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_killed_create_leaves_no_vault_or_a_whole_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_add_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_seal_leaves_the_draft_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_save_leaves_the_draft_or_its_records, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_attach_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_attach_that_spills_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_amend_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_load_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_extract_leaves_its_entry_or_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_contact_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_export_leaves_before_or_after_and_no_bundle_without_its_entry,
            setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_killed_import_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_kill_while_a_journal_is_played_back_is_played_back_again, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
