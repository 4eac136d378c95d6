/* tests/flow/test_faults.c - the system refuses, once or from then on: one line is
 * said, nothing leaks or lies readable, and all is as before or as after. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/vault.h>

#include "canary.h"
#include "deeds.h"
#include "faults.h"
#include "places.h"

/* Of each deed in each way; WB_SWEEP=all takes every call up to ALL_BELOW and then
 * every ALL_STEP-th, WB_SWEEP=exhaustive every one, WB_SWEEP=places so many that a
 * refusal comes back to every place in the program to which one can. */
enum { POINTS = 5, ALL_BELOW = 2000, ALL_STEP = 17 };

/* clang-format off */
static const struct fault faults[] = {
    {"any file call, once",       FAULT_FILES,              false, EIO},
    {"any file call, for good",   FAULT_FILES,              true,  EIO},
    {"disk full, for good",       FAULT_BIT(FAULT_WRITE) | FAULT_BIT(FAULT_SYNC) |
                                  FAULT_BIT(FAULT_TRUNCATE), true, ENOSPC},
    {"reads, for good",           FAULT_BIT(FAULT_READ),    true,  EIO},
    {"writes, for good",          FAULT_BIT(FAULT_WRITE),   true,  EIO},
    {"syncs, for good",           FAULT_BIT(FAULT_SYNC),    true,  EIO},
    {"renames, for good", FAULT_BIT(FAULT_RENAME), true, EIO},
    {"unlinks, for good", FAULT_BIT(FAULT_UNLINK), true, EIO},
    {"truncations, for good",     FAULT_BIT(FAULT_TRUNCATE), true, EIO},
    {"locks, for good",           FAULT_BIT(FAULT_LOCK),    true,  EIO},
    {"allocations, once",         FAULT_BIT(FAULT_MEMORY),  false, 0},
    {"allocations, for good",     FAULT_BIT(FAULT_MEMORY),  true,  0},
    {"room, once",                FAULT_BIT(FAULT_ROOM),    false, 0},
    {"mlock, once",               FAULT_BIT(FAULT_MLOCK),   false, 0},
    {"interrupts, for good",      FAULT_BIT(FAULT_INTERRUPT), true, 0},
};
/* clang-format on */

/* How often each kind of call must have been refused, at the least: at a few points of
 * each deed (by places a fifth of it, since many deeds come back to the same ones), and
 * at all of them. */
/* clang-format off */
static const struct {
    unsigned long few, all;
} expected[FAULT_KINDS] = {
    [FAULT_OPEN] =      { 30,    350},
    [FAULT_READ] =      {100,   2500},
    [FAULT_WRITE] =     {200,   6000},
    [FAULT_SYNC] =      { 80,   1000},
    [FAULT_RENAME] =    {  4,     12},
    [FAULT_TRUNCATE] =  { 20,    140},
    [FAULT_LOCK] =      { 60,    400},
    [FAULT_UNLINK] =    {  1,      5},
    [FAULT_MEMORY] =    {200, 120000},
    [FAULT_ROOM] =      {200,    400},
    [FAULT_MLOCK] =     {100,   1500},
    [FAULT_INTERRUPT] = {100,   4500},
};
/* clang-format on */

static int
setup(void **state)
{
    static const char *const words[] = {"They came at night", "hid in the barn",
        "paragraph", "Workers held", "W1 Azat"};

    (void)state;
    stage_make(&stage);
    canary_take("passphrase", ROOM_PASSPHRASE);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        canary_take(words[i], words[i]);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    canary_forget();
    stage_sweep(&stage);
    return 0;
}

/* ---- one deed, one fault ---- */

static unsigned
descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(d);
    while (readdir(d) != NULL)
        count++;
    closedir(d);
    return count;
}

static enum wb_status
run_with(const struct deed *d, const struct fault *f, long at, struct wb_error *e)
{
    unsigned open_before;
    enum wb_status st;

    room_text(stage.about, sizeof stage.about, "%s: %s %ld", d->name, f->words, at);
    stage_reset(&stage);
    stage_settle();
    *e = (struct wb_error){0};
    open_before = descriptors();
    fault_arm(f, at);
    st = deed_run(d, &stage, e);
    if (fault_disarm() < at)
        fail_msg("%s: %s: call %ld was not reached", d->name, f->words, at);
    if (descriptors() != open_before)
        fail_msg("%s: %s %ld: a descriptor was left open", d->name, f->words, at);
    return st;
}

static void
check_answer(const struct deed *d, const struct fault *f, long at, enum wb_status st,
    const struct wb_error *e)
{
    if (st == WB_OK)
        return;
    room_assert_line(e);
    if (st != WB_ERR_IO && st != WB_ERR_MEMORY)
        fail_msg(
            "%s: %s %ld: status %d: %s", d->name, f->words, at, (int)st, e->message);
}

static void
check_room(const struct deed *d, const struct fault *f, long at)
{
    const char *found = canary_look(stage.room.folder);

    if (found != NULL)
        fail_msg("%s: %s %ld: readable: %s", d->name, f->words, at, found);
}

/* A temporary file that the system did not let us remove is in nobody's way. */
static void
try_again(const struct deed *d, const struct fault *f, long at,
    const struct holding *before, const struct holding *after)
{
    struct holding found;
    struct wb_error e = {0};

    if ((f->kinds & FAULT_FILES) == 0)
        fail_msg("%s: %s %ld: a temporary file was left", d->name, f->words, at);
    stage_look(&found, &stage, d->vaults);
    if (!stage_same_vaults(&found, before))
        return; /* it was done, in part: not to be done twice */
    stage_settle();
    if (deed_run(d, &stage, &e) != WB_OK)
        fail_msg("%s: %s %ld: tried again: %s", d->name, f->words, at, e.message);
    stage_look(&found, &stage, d->vaults);
    assert_true(stage_same_vaults(&found, after));
}

struct tally {
    unsigned reached, refused;
};

static void
try_one(struct tally *t, const struct deed *d, const struct fault *f, long at,
    const struct holding *before, const struct holding *after)
{
    struct holding found;
    struct wb_error e;
    enum wb_status st = run_with(d, f, at, &e);

    check_answer(d, f, at, st, &e);
    check_room(d, f, at);
    stage_look(&found, &stage, d->vaults);
    if (!deed_may_leave(d, st, &found, before, after))
        fail_msg("%s: %s %ld: status %d (%s), and neither before nor after", d->name,
            f->words, at, (int)st, e.message);
    if (found.left > 0)
        try_again(d, f, at, before, after);
    t->reached++;
    t->refused += st != WB_OK;
}

/* ---- all of them ---- */

static bool
goes_by_places(void)
{
    const char *sweep = getenv("WB_SWEEP");

    return sweep != NULL && strcmp(sweep, "places") == 0;
}

static bool
goes_everywhere(void)
{
    const char *sweep = getenv("WB_SWEEP");

    return sweep != NULL && atoi(sweep) == 0 && !goes_by_places();
}

/* Room is asked for so often that all of these calls would take hours. */
static bool
takes_places(const struct fault *f)
{
    return goes_by_places() || (goes_everywhere() && f->kinds == FAULT_BIT(FAULT_ROOM));
}

static bool by_places; /* the fault at hand */

static long
next_point(long at, long calls)
{
    const char *sweep = getenv("WB_SWEEP");
    int points = sweep == NULL ? POINTS : atoi(sweep);

    if (by_places)
        return places_next(at);
    if (at == 0)
        return 1;
    if (points > 0)
        return at + 1 + calls / points;
    return at + (at < ALL_BELOW || strcmp(sweep, "exhaustive") == 0 ? 1 : ALL_STEP);
}

static void
sweep(struct tally *t, const struct deed *d, const struct fault *f)
{
    struct holding before, after;
    struct wb_error e = {0};
    long calls;

    stage_reset(&stage);
    stage_look(&before, &stage, d->vaults);
    stage_settle();
    fault_arm(f, 0);
    assert_int_equal(deed_run(d, &stage, &e), WB_OK);
    calls = fault_disarm();
    stage_look(&after, &stage, d->vaults);
    for (long at = next_point(0, calls); at <= calls; at = next_point(at, calls))
        try_one(t, d, f, at, &before, &after);
}

static void
every_fault_leaves_before_or_after(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct tally t = {0};

        by_places = takes_places(&faults[i]);
        places_use(by_places);
        for (size_t n = 0; n < deed_count; n++)
            sweep(&t, &deeds[n], &faults[i]);
        print_message("%-24s %6u in %zu deeds, %u refused, %u done all the same\n",
            faults[i].words, t.reached, deed_count, t.refused, t.reached - t.refused);
        assert_true(t.reached > 0);
        if (faults[i].kinds == FAULT_BIT(FAULT_INTERRUPT)) /* who asks, obeys */
            assert_true(t.refused * 10 > t.reached * 9);
    }
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        counted(fault_reached[kind], fault_words[kind]);
        assert_true(
            fault_reached[kind] >= (goes_everywhere()         ? expected[kind].all
                                           : goes_by_places() ? expected[kind].few / 5
                                                              : expected[kind].few));
    }
}

static void
memory_that_cannot_be_locked_is_told_and_no_failure(void **state)
{
    const struct fault unlocked = {"mlock", FAULT_BIT(FAULT_MLOCK), true, 0};
    struct wb_vault_info info;
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < deed_count; i++)
        if (run_with(&deeds[i], &unlocked, 1, &e) != WB_OK)
            fail_msg("%s: %s", deeds[i].name, e.message);
    v = room_open(stage.b);
    assert_int_equal(wb_vault_info(v, &info, NULL), WB_OK);
    assert_false(info.keys_locked);
    wb_vault_close(&v);
}

/* A change that failed does not spoil the vault that stays open; how many failed. */
static unsigned
go_on_after(const struct fault *f)
{
    const char *const fields[] = {"title", "A night", NULL};
    struct wb_error e = {0};
    unsigned failed = 0;

    for (long at = 1; at < 60; at++) {
        struct wb_vault *v;
        enum wb_status st;

        stage_reset(&stage);
        v = room_open(stage.a);
        fault_arm(f, at);
        st = room_add(v, NULL, &e, "incident", fields);
        (void)fault_disarm();
        failed += st != WB_OK;
        if (room_add(v, NULL, &e, "incident", fields) != WB_OK)
            fail_msg("after %s %ld (status %d): %s", f->words, at, (int)st, e.message);
        wb_vault_close(&v);
        room_assert_sound(stage.a);
    }
    print_message(
        "%s: %u failed changes, each followed by a good one\n", f->words, failed);
    return failed;
}

static void
after_a_failed_change_the_open_vault_goes_on(void **state)
{
    const struct fault full = {"disk full", FAULT_FILES, false, ENOSPC};
    const struct fault interrupt = {"interrupt", FAULT_BIT(FAULT_INTERRUPT), true, 0};

    (void)state;
    assert_true(go_on_after(&full) > 20);
    assert_true(go_on_after(&interrupt) > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_fault_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            after_a_failed_change_the_open_vault_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(
            memory_that_cannot_be_locked_is_told_and_no_failure, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
