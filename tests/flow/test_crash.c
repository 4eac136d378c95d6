/* tests/flow/test_crash.c - killed before every call to the operating system: the vault
 * opens, is sound, and is as before or as after. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "crypto/random.h"
#include "deeds.h"

#define AT_FILE "kills at a file call"
#define AT_RANDOM "kills at a random number"

enum { LARGE_BYTES = 9 * 1024 * 1024 }; /* more than SQLite's cache: it spills */

static long countdown;
static const char *killed_at = AT_FILE;

/* In the child: dies before call number `countdown`. */
static int
die_here(enum wb_file_op op)
{
    (void)op;
    if (--countdown == 0)
        raise(SIGKILL);
    return 0;
}

static void (*draw)(void *bytes, size_t size);

/* As libsodium does where the system has no random numbers. */
static void
die_drawing(void *bytes, size_t size)
{
    if (--countdown == 0)
        raise(SIGKILL);
    draw(bytes, size);
}

static void
watch_calls(void)
{
    draw = wb_random_source;
    if (strcmp(killed_at, AT_RANDOM) == 0)
        wb_random_source = die_drawing;
    else
        wb_file_fault = die_here;
}

/* True when the deed was done before the kill came. */
static bool
run_and_kill(const struct deed *d, long at)
{
    int status;
    pid_t pid;

    room_text(
        stage.about, sizeof stage.about, "%s, killed before call %ld", d->name, at);
    stage_reset(&stage);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct wb_error e = {0};

        stage_settle();
        countdown = at;
        watch_calls();
        _exit(deed_run(d, &stage, &e) == WB_OK ? 0 : 1);
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
    static const char *const known[] = {"vault", "other", "backup", "in.age", "field",
        "back.age", "notice.age", "new", "out.age", "copy", ".new.part0",
        ".new.part0-journal", ".out.age.part0", ".copy.part0", ".copy.part0-journal"};

    (void)cookie;
    (void)path;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i]) == 0)
            return;
    fail_msg("%s was left behind", name);
}

static void
sweep(const struct deed *d, long step, unsigned floor)
{
    struct holding before, after, found;
    unsigned reached = 0, undone = 0;

    stage_reset(&stage);
    stage_look(&before, &stage, d->vaults);
    assert_true(run_and_kill(d, 0)); /* never: what it comes to */
    stage_look(&after, &stage, d->vaults);
    assert_true(
        stage_same_vaults(&before, &after) == ((d->traits & DEED_DERIVES) != 0));
    for (long at = 1; !run_and_kill(d, at); at += step) {
        stage_look(&found, &stage, d->vaults);
        if (!deed_may_leave(d, WB_ERR_IO, &found, &before, &after))
            fail_msg(
                "%s, killed before call %ld: neither before nor after", d->name, at);
        undone += stage_same_vaults(&found, &before);
        room_each_file(stage.room.folder, check_name, NULL);
        reached++;
    }
    counted(reached, killed_at);
    assert_true(reached >= floor);
    assert_true(undone > 0);
}

static void
every_killed_deed_leaves_before_or_after(void **state)
{
    unsigned swept = 0;

    (void)state;
    for (size_t i = 0; i < deed_count; i++)
        if ((deeds[i].traits & (DEED_WRITES | DEED_DERIVES)) != 0) {
            sweep(&deeds[i], 1, 30);
            swept++;
        }
    assert_true(swept >= 20);
}

/* In the middle of what it computes, too: before each random number that it draws. */
static void
every_deed_without_random_numbers_leaves_before_or_after(void **state)
{
    (void)state;
    killed_at = AT_RANDOM;
    for (size_t i = 0; i < deed_count; i++)
        if ((deeds[i].traits & DEED_WRITES) != 0)
            sweep(&deeds[i], 1, 1);
    killed_at = AT_FILE;
}

/* Its name stands whole between the commas of some deed with this trait. */
static bool
has_deed(const char *command, int trait)
{
    const size_t size = strlen(command);

    for (size_t i = 0; i < deed_count; i++)
        for (const char *at = deeds[i].commands;
             (deeds[i].traits & trait) == trait && at != NULL;
             at = strchr(at, ','), at = at == NULL ? NULL : at + 2)
            if (strncmp(at, command, size) == 0 && strchr(",", at[size]) != NULL)
                return true;
    return false;
}

/* Those that open no vault have none; nor has burn, which test_destroy.c breaks, or the
 * shell, whose commands these are. */
static void
every_command_has_a_deed(void **state)
{
    static const char *const without[] = {
        "help", "kinds", "passphrase suggest", "burn", "shell"};
    unsigned seen = 0;

    (void)state;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const struct cli_command *c = cli_commands[i];
        size_t n = 0;

        while (
            n < sizeof without / sizeof without[0] && strcmp(without[n], c->name) != 0)
            n++;
        if (n == sizeof without / sizeof without[0] &&
            !has_deed(c->name, c->needs == CLI_READ ? 0 : DEED_WRITES))
            fail_msg("no row of tests/lib/deeds.c does what %s does", c->name);
        seen++;
    }
    assert_false(has_deed("list", DEED_WRITES));
    assert_true(seen >= 40);
}

/* ... and it can be made again beside what was left. */
static void
after_a_killed_create_it_can_be_made_again(void **state)
{
    (void)state;
    assert_false(run_and_kill(deed_find("create"), 50));
    assert_int_equal(deed_run(deed_find("create"), &stage, NULL), WB_OK);
    room_assert_sound(stage.fresh);
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
    sweep(deed_find("attach"), getenv("WB_SWEEP") == NULL ? 31 : 1, 20);
}

/* The bundle that waits for its name, as `export --finish` gives it. */
static enum wb_status
finish(struct wb_error *e)
{
    struct wb_finished done;
    struct wb_vault *v = NULL;
    enum wb_status st = stage_open(&v, stage.a, e);

    if (st == WB_OK)
        st = wb_export_finish(v, stage.exported, &done, e);
    wb_vault_close(&v);
    return st;
}

static bool
count_unfinished(void *cookie, const struct wb_record *r)
{
    struct wb_unfinished u;

    if (wb_handoff_unfinished(&u, r, 0)) {
        assert_string_equal(u.path, stage.exported);
        ++*(unsigned *)cookie;
    }
    return true;
}

/* How many handoffs wait; the bundle, where it is there, is what they say. */
static unsigned
unfinished(void)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_vault *v = room_open(stage.a);
    struct wb_error e = {0};
    uint64_t damaged;
    unsigned count = 0;

    room_assert_ok(wb_list(v, &handoffs, count_unfinished, &count, &damaged, &e), &e);
    wb_vault_close(&v);
    return count;
}

/* A bundle has its name only when the vault knows of it; until the vault knows that it
 * has, it says so, and can be asked to finish. */
static void
a_killed_export_is_finished_or_was_not_begun(void **state)
{
    const struct deed *d = deed_find("export");
    struct holding before, found;
    unsigned unnamed = 0, named = 0;
    struct wb_error e = {0};

    (void)state;
    stage_reset(&stage);
    stage_look(&before, &stage, "a");
    for (long at = 1; !run_and_kill(d, at); at++) {
        stage_look(&found, &stage, "a");
        if (stage_same_vaults(&found, &before)) {
            assert_false(room_exists(stage.exported));
            assert_int_equal(finish(&e), WB_ERR_NOT_FOUND);
        } else if (unfinished() > 0) {
            unnamed += !room_exists(stage.exported);
            named += room_exists(stage.exported);
            room_assert_ok(finish(&e), &e);
        }
        assert_int_equal(unfinished(), 0);
        assert_int_equal(
            room_exists(stage.exported), !stage_same_vaults(&found, &before));
    }
    print_message("export: %u times logged before it had its name, %u times not known "
                  "to have it\n",
        unnamed, named);
    assert_true(unnamed > 0 && named > 0);
}

/* Dies before a call to the operating system while it finishes; true when it did not.
 */
static bool
finish_and_kill(long at)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        countdown = at;
        wb_file_fault = die_here;
        _exit(finish(NULL) == WB_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
a_killed_finish_is_finished_by_the_next(void **state)
{
    const struct deed *d = deed_find("export");
    char temporary[ROOM_PATH_BYTES];
    uint8_t *bytes[2];
    size_t size[2];
    struct wb_error e = {0};
    long at = 1;
    unsigned reached = 0;

    (void)state;
    room_path(temporary, &stage.room, ".out.age.part0");
    do
        assert_false(run_and_kill(d, at++));
    while (unfinished() == 0);
    bytes[0] = room_read(stage.a, &size[0]);
    bytes[1] = room_read(temporary, &size[1]);
    for (bool done = false; !done; reached++) {
        room_write(stage.a, bytes[0], size[0]);
        (void)remove(stage.exported);
        room_write(temporary, bytes[1], size[1]);
        done = finish_and_kill((long)reached + 1);
        room_assert_sound(stage.a);
        if (unfinished() > 0)
            room_assert_ok(finish(&e), &e);
        assert_true(room_exists(stage.exported) && !room_exists(temporary));
    }
    bytes[1][size[1] / 2] ^= 1;
    room_write(stage.a, bytes[0], size[0]);
    assert_int_equal(remove(stage.exported), 0);
    assert_int_equal(finish(&e), WB_ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, "out.age: is not here, nor .out.age.part0"));
    room_write(temporary, bytes[1], size[1]);
    assert_int_equal(finish(&e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "is not the bundle that was handed over"));
    assert_int_equal(unfinished(), 1);
    free(bytes[0]);
    free(bytes[1]);
    print_message("finish: killed at %u points\n", reached - 1);
    assert_true(reached > 30);
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
    stage_look(&before, &stage, "a");
    assert_true(run_and_kill(add, 0));
    stage_look(&after, &stage, "a");
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
                _exit(deed_run(unlock, &stage, NULL) == WB_OK ? 0 : 1);
            }
            assert_int_equal(waitpid(pid, &status, 0), pid);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                break;
            assert_true(WIFSIGNALED(status));
            stage_look(&found, &stage, "a");
            assert_true(stage_same_vaults(&found, &before) ||
                stage_same_vaults(&found, &after));
            assert_false(room_exists(journal));
            reached++;
        }
        free(bytes[0]);
        free(bytes[1]);
    }
    counted(reached, "kills at a file call");
    assert_true(reached >= 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_killed_deed_leaves_before_or_after, stage_set_up, stage_tear_down),
        cmocka_unit_test_setup_teardown(
            every_deed_without_random_numbers_leaves_before_or_after, stage_set_up,
            stage_tear_down),
        cmocka_unit_test(every_command_has_a_deed),
        cmocka_unit_test_setup_teardown(
            after_a_killed_create_it_can_be_made_again, stage_set_up, stage_tear_down),
        cmocka_unit_test_setup_teardown(
            a_killed_attach_that_spills_leaves_before_or_after, stage_set_up,
            stage_tear_down),
        cmocka_unit_test_setup_teardown(a_killed_export_is_finished_or_was_not_begun,
            stage_set_up, stage_tear_down),
        cmocka_unit_test_setup_teardown(
            a_killed_finish_is_finished_by_the_next, stage_set_up, stage_tear_down),
        cmocka_unit_test_setup_teardown(
            a_kill_while_a_journal_is_played_back_is_played_back_again, stage_set_up,
            stage_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
