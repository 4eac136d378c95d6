/* tests/flow/test_power.c - power fails at any moment, and what was not synced is there
 * in part and in any order: the vault opens, is sound, and is as before or as after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deeds.h"
#include "disk.h"

/* Schedules for each deed, or as many as WB_SWEEP says; WB_SWEEP=all takes the larger
 * number. */
enum { SCHEDULES = 48, ALL_SCHEDULES = 1000, ROUND = 4 };

static int
teardown(void **state)
{
    (void)state;
    disk_forget();
    stage_sweep(&stage);
    return 0;
}

static size_t
schedules(void)
{
    const char *sweep = getenv("WB_SWEEP");
    int given = sweep == NULL ? SCHEDULES : atoi(sweep);

    return given > 0 ? (size_t)given : ALL_SCHEDULES;
}

struct tally {
    size_t steps, reached, undone, torn;
};

/* The deed, recorded; what there was and what it comes to. */
static size_t
record(const struct deed *d, struct holding *before, struct holding *after)
{
    struct wb_error e = {0};
    size_t count;

    stage_reset(&stage);
    stage_look(before, &stage, d->vaults);
    stage_settle();
    disk_watch(stage.room.folder);
    if (deed_run(d, &stage, &e) != WB_OK)
        fail_msg("%s: %s", d->name, e.message);
    count = disk_stop();
    stage_look(after, &stage, d->vaults);
    return count;
}

/* Where old blocks show in the place of a journal's head, it cannot be told from a file
 * of somebody else: refused, with what to do. That is done here; true when it was. Had
 * the journal been needed, the vault would be neither before nor after. */
static bool
move_torn_journal(const char *vault)
{
    char journal[ROOM_PATH_BYTES + 8];
    struct wb_error e = {0};
    struct wb_vault *v = NULL;
    enum wb_status st = wb_vault_open(&v, vault, 0, &e);

    wb_vault_close(&v);
    if (st != WB_ERR_INTEGRITY || strstr(e.message, "not yet needed") == NULL)
        return false;
    room_text(journal, sizeof journal, "%s-journal", vault);
    assert_int_equal(remove(journal), 0);
    return true;
}

/* All over the steps, and each ROUND-th time after the last, when it was said: done. */
static void
sweep(struct tally *t, const struct deed *d)
{
    struct holding before, after, found;

    t->steps = record(d, &before, &after);
    for (size_t n = 0; n < schedules(); n++) {
        size_t step = n % ROUND == 0 ? t->steps : n * 7919 % t->steps;
        bool done = step == t->steps;

        room_text(stage.about, sizeof stage.about,
            "%s: power lost after step %zu of %zu, schedule %zu", d->name, step,
            t->steps, n);
        disk_lose_power(step, n);
        t->torn += move_torn_journal(stage_vault(&stage, d->vaults[0]));
        stage_look(&found, &stage, d->vaults);
        if (!deed_may_leave(d, done ? WB_OK : WB_ERR_IO, &found, &before, &after))
            fail_msg("%s: not %s", stage.about, done ? "after" : "before or after");
        t->reached++;
        t->undone += stage_same_vaults(&found, &before);
    }
}

static void
every_deed_survives_a_loss_of_power(void **state)
{
    size_t all = 0;

    (void)state;
    for (size_t i = 0; i < deed_count; i++) {
        struct tally t = {0};

        if ((deeds[i].traits & (DEED_WRITES | DEED_DERIVES)) == 0)
            continue;
        sweep(&t, &deeds[i]);
        print_message(
            "%-18s %4zu steps, %5zu schedules, %5zu as before, %zu journals torn\n",
            deeds[i].name, t.steps, t.reached, t.undone, t.torn);
        assert_true(t.steps >= 10 && t.undone > 0);
        assert_true((t.undone == t.reached) == ((deeds[i].traits & DEED_DERIVES) != 0));
        all += t.reached;
    }
    counted(all, "schedules of lost power");
    assert_true(all >= 20 * schedules());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_deed_survives_a_loss_of_power, stage_set_up, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
