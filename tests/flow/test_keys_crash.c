/* tests/flow/test_keys_crash.c - every operation on keys killed before, or refused by,
 * every call to the operating system: the vault opens as before or as after. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "holder.h"

/* What everybody holds: the first passphrase, a second, what it may be changed to, and
 * shares. */
#define SECOND "the second"
#define THIRD "the third"

static struct room room;
static struct paper paper;
static uint8_t *kept;
static size_t kept_size;
static char copy[ROOM_PATH_BYTES], fresh[ROOM_PATH_BYTES], backup[ROOM_PATH_BYTES];
static long countdown;

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static int
setup(void **state)
{
    const struct wb_new_passphrase words = holder_words(SECOND);
    struct wb_error e = {0};
    struct wb_vault *v;
    unsigned slot;

    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 20000);
    room_path(copy, &room, "copy");
    room_path(fresh, &room, "fresh");
    room_path(backup, &room, "backup");
    v = room_open(room.vault);
    ok(wb_passphrase_add(v, &slot, &words, "second", &e), &e);
    ok(holder_split(v, 2, 3, &paper, &e), &e);
    ok(wb_backup(v, backup, &e), &e);
    wb_vault_close(&v);
    kept = room_read(room.vault, &kept_size);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    free(kept);
    room_sweep(&room);
    return 0;
}

static void
remove_others(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    if (strcmp(name, "backup") != 0)
        assert_int_equal(remove(path), 0);
}

static void
reset(void)
{
    room_each_file(room.folder, remove_others, NULL);
    room_write(room.vault, kept, kept_size);
}

/* ---- the deeds ---- */

static enum wb_status
do_change(struct wb_vault *v, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(THIRD);

    return wb_passphrase_change(v, &words, NULL, e);
}

static enum wb_status
do_add(struct wb_vault *v, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(THIRD);
    unsigned slot;

    return wb_passphrase_add(v, &slot, &words, "third", e);
}

static enum wb_status
do_remove(struct wb_vault *v, struct wb_error *e)
{
    return wb_passphrase_remove(v, 1, NULL, e);
}

static enum wb_status
do_rekey(struct wb_vault *v, struct wb_error *e)
{
    return wb_rekey(v, NULL, e);
}

static enum wb_status
do_split(struct wb_vault *v, struct wb_error *e)
{
    struct paper other;

    return holder_split(v, 3, 4, &other, e);
}

static enum wb_status
do_backup(struct wb_vault *v, struct wb_error *e)
{
    return wb_backup(v, copy, e);
}

static enum wb_status
do_recover(struct wb_vault *v, struct wb_error *e)
{
    static const unsigned two[] = {3, 1, 0};

    wb_vault_close(&v);
    return holder_recover(room.vault, &paper, two, THIRD, e);
}

static enum wb_status
do_restore(struct wb_vault *v, struct wb_error *e)
{
    static const struct wb_restore how;
    struct wb_restored done;
    enum wb_status st;

    wb_vault_close(&v);
    if ((v = holder_open(backup, ROOM_PASSPHRASE, e)) == NULL)
        return e->status;
    st = wb_vault_restore(v, fresh, &how, &done, e);
    wb_vault_close(&v);
    return st;
}

/* From opening the vault with the second passphrase to closing it. */
static enum wb_status
run(enum wb_status (*deed)(struct wb_vault *v, struct wb_error *e), struct wb_error *e)
{
    struct wb_vault *v = holder_open(room.vault, SECOND, e);
    enum wb_status st;

    if (v == NULL)
        return e->status;
    st = deed(v, e);
    if (deed != do_recover && deed != do_restore)
        wb_vault_close(&v);
    return st;
}

/* ---- what is there afterwards ---- */

/* Who can open it, how long its log is, and which other vaults there are, whole. */
struct holding {
    bool first, second, third, shares, copy, fresh;
    uint64_t entries;
    unsigned slots;
};

static bool
shares_open(void)
{
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(room.vault, NULL, &e);
    struct wb_recovery *r = NULL;
    unsigned missing;
    enum wb_status st;

    assert_non_null(v);
    ok(wb_recovery_new(&r, v, &e), &e);
    for (int i = 0; i < 2; i++)
        ok(wb_recovery_add(r, &missing, paper.lines[i], strlen(paper.lines[i]), &e),
            &e);
    st = wb_recovery_unlock(r, &e);
    assert_true(st == WB_OK || st == WB_ERR_PASSPHRASE);
    wb_recovery_free(&r);
    wb_vault_close(&v);
    return st == WB_OK;
}

static void
look(struct holding *h)
{
    struct wb_slot_view slots[WB_SLOT_COUNT];
    struct wb_vault_info info;
    struct wb_error e = {0};
    struct wb_vault *v;
    size_t count;

    memset(h, 0, sizeof *h);
    h->first = holder_opens(room.vault, ROOM_PASSPHRASE);
    h->second = holder_opens(room.vault, SECOND);
    h->third = holder_opens(room.vault, THIRD);
    h->shares = shares_open();
    h->copy = room_exists(copy) && holder_opens(copy, ROOM_PASSPHRASE);
    h->fresh = room_exists(fresh) && holder_opens(fresh, ROOM_PASSPHRASE);
    v = room_open(room.vault);
    ok(wb_vault_info(v, &info, &e), &e);
    ok(wb_slots(v, slots, &count, &e), &e);
    h->entries = info.entries;
    h->slots = (unsigned)count;
    wb_vault_close(&v);
}

static bool
same(const struct holding *a, const struct holding *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* ---- sweeps ---- */

static int
die_here(enum wb_file_op op)
{
    (void)op;
    if (--countdown == 0)
        raise(SIGKILL);
    return 0;
}

static int
refuse_here(enum wb_file_op op)
{
    (void)op;
    return --countdown == 0 ? ENOSPC : 0;
}

static bool
refuse_memory(size_t size)
{
    (void)size;
    return --countdown == 0;
}

/* True when the deed was done before the kill came. */
static bool
run_and_kill(enum wb_status (*deed)(struct wb_vault *v, struct wb_error *e), long at)
{
    struct wb_error e = {0};
    int status;
    pid_t pid;

    reset();
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        countdown = at;
        wb_file_fault = die_here;
        _exit(run(deed, &e) == WB_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) {
        assert_int_equal(WEXITSTATUS(status), 0);
        return true;
    }
    assert_int_equal(WTERMSIG(status), SIGKILL);
    return false;
}

/* A backup is logged before it is made: that much it may have done. */
static bool
is_between(const struct holding *found, const struct holding *before,
    const struct holding *after)
{
    struct holding logged = *before;

    logged.entries = after->entries;
    if (after->copy && same(found, &logged))
        return true;
    logged.entries++;          /* "not made" */
    logged.copy = found->copy; /* there, but the folder could not be synced */
    return after->copy && same(found, &logged);
}

static void
sweep(const char *name, enum wb_status (*deed)(struct wb_vault *v, struct wb_error *e),
    unsigned floor)
{
    struct holding before, after, found;
    unsigned reached = 0, undone = 0, done = 0;

    reset();
    look(&before);
    assert_true(run_and_kill(deed, 0));
    look(&after);
    assert_false(same(&before, &after));
    for (long at = 1; !run_and_kill(deed, at); at++, reached++) {
        look(&found);
        if (same(&found, &before))
            undone++;
        else if (same(&found, &after))
            done++;
        else if (!is_between(&found, &before, &after))
            fail_msg("%s, killed before call %ld: neither before nor after", name, at);
    }
    print_message("%s: killed at %u points, %u times as before, %u as after\n", name,
        reached, undone, done);
    assert_true(reached >= floor);
    assert_true(undone > 0);
}

/* Refused instead of killed, by the disk or for want of memory: the same, and what the
 * deed answered fits to what is there. */
static void
sweep_refusals(const char *name,
    enum wb_status (*deed)(struct wb_vault *v, struct wb_error *e), bool memory,
    long step)
{
    struct holding before, after, found;
    unsigned reached = 0;
    enum wb_status st = WB_ERR_INTERNAL;

    reset();
    look(&before);
    assert_true(run_and_kill(deed, 0));
    look(&after);
    for (long at = 1;; at += step) {
        struct wb_error e = {0};

        reset();
        countdown = at;
        wb_file_fault = memory ? NULL : refuse_here;
        wb_mem_fault = memory ? refuse_memory : NULL;
        st = run(deed, &e);
        wb_file_fault = NULL;
        wb_mem_fault = NULL;
        if (countdown > 0)
            break;
        look(&found);
        if (st == WB_OK && !same(&found, &after))
            fail_msg("%s, refused at %ld: said to be done and is not", name, at);
        if (!same(&found, &before) && !same(&found, &after) &&
            !is_between(&found, &before, &after))
            fail_msg("%s, refused at %ld: neither before nor after", name, at);
        reached++;
    }
    print_message("%s: refused at %u points\n", name, reached);
    assert_int_equal(st, WB_OK);
    assert_true(reached >= 30);
}

static void
a_killed_change_leaves_the_old_or_the_new_passphrase(void **state)
{
    (void)state;
    sweep("change", do_change, 40);
}

static void
a_killed_add_leaves_the_passphrase_or_not(void **state)
{
    (void)state;
    sweep("add", do_add, 40);
}

static void
a_killed_removal_leaves_the_passphrase_or_a_rekeyed_vault(void **state)
{
    (void)state;
    sweep("remove", do_remove, 40);
}

static void
a_killed_rekey_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("rekey", do_rekey, 40);
}

static void
a_killed_split_leaves_the_old_shares_or_voids_them(void **state)
{
    (void)state;
    sweep("split", do_split, 40);
}

static void
a_killed_recovery_leaves_the_shares_or_the_passphrase(void **state)
{
    (void)state;
    sweep("recover", do_recover, 40);
}

static void
a_killed_backup_leaves_no_copy_or_a_whole_one(void **state)
{
    (void)state;
    sweep("backup", do_backup, 60);
}

static void
a_killed_restore_leaves_no_vault_or_a_whole_one(void **state)
{
    (void)state;
    sweep("restore", do_restore, 60);
}

static void
a_refused_write_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_refusals("change", do_change, false, 1);
    sweep_refusals("remove", do_remove, false, 1);
    sweep_refusals("recover", do_recover, false, 1);
    sweep_refusals("backup", do_backup, false, 1);
    sweep_refusals("restore", do_restore, false, 1);
}

static void
a_want_of_memory_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_refusals("change", do_change, true, 3);
    sweep_refusals("remove", do_remove, true, 5);
    sweep_refusals("recover", do_recover, true, 5);
    sweep_refusals("backup", do_backup, true, 11);
    sweep_refusals("restore", do_restore, true, 23);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_change_leaves_the_old_or_the_new_passphrase),
        cmocka_unit_test(a_killed_add_leaves_the_passphrase_or_not),
        cmocka_unit_test(a_killed_removal_leaves_the_passphrase_or_a_rekeyed_vault),
        cmocka_unit_test(a_killed_rekey_leaves_before_or_after),
        cmocka_unit_test(a_killed_split_leaves_the_old_shares_or_voids_them),
        cmocka_unit_test(a_killed_recovery_leaves_the_shares_or_the_passphrase),
        cmocka_unit_test(a_killed_backup_leaves_no_copy_or_a_whole_one),
        cmocka_unit_test(a_killed_restore_leaves_no_vault_or_a_whole_one),
        cmocka_unit_test(a_refused_write_leaves_before_or_after),
        cmocka_unit_test(a_want_of_memory_leaves_before_or_after),
    };

    return cmocka_run_group_tests_name("keys_crash", tests, setup, teardown);
}
