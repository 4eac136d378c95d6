/* tests/flow/test_faults.c - the system refuses, once or from then on: one line is
 * said, nothing leaks, and the vault is as before or as after. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "deeds.h"

enum { POINTS = 36 }; /* of one deed in one way, unless all are wanted */

static struct stage stage;

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

/* ---- what fails, and when ---- */

enum how { ONCE, FROM_THEN_ON };

static struct {
    long count, at; /* calls so far; the first that fails, 0: none */
    enum how how;
    int answer;
} fault;

static bool
is_hit(void)
{
    fault.count++;
    return fault.at != 0 &&
        (fault.how == ONCE ? fault.count == fault.at : fault.count >= fault.at);
}

static int
refuse_file(enum wb_file_op op)
{
    (void)op;
    return is_hit() ? fault.answer : 0;
}

static bool
refuse_memory(size_t size)
{
    (void)size;
    return is_hit();
}

static bool
refuse_lock(void)
{
    return is_hit();
}

static void
set_fault(char what, long at, enum how how, int answer)
{
    fault.count = 0;
    fault.at = at;
    fault.how = how;
    fault.answer = answer;
    wb_file_fault = what == 'f' ? refuse_file : NULL;
    wb_mem_fault = what == 'm' ? refuse_memory : NULL;
    wb_secret_fault = what == 's' ? refuse_lock : NULL;
}

static void
no_fault(void)
{
    wb_file_fault = NULL;
    wb_mem_fault = NULL;
    wb_secret_fault = NULL;
}

/* ---- one deed, every fault ---- */

struct tally {
    unsigned reached, failed, survived;
};

static void
check_outcome(const struct deed *d, long at, enum wb_status st,
    const struct wb_error *e, const struct holding *before, const struct holding *after)
{
    struct holding found;

    if (st != WB_OK) {
        room_assert_line(e);
        if (st != WB_ERR_IO && st != WB_ERR_MEMORY)
            fail_msg("%s, fault %ld: status %d: %s", d->name, at, st, e->message);
    }
    deed_holding(&found, deed_vault(&stage, d));
    if (!deed_same(&found, after) && (st == WB_OK || !deed_same(&found, before)))
        fail_msg(
            "%s, fault %ld: status %d, and neither before nor after", d->name, at, st);
}

static void
sweep(struct tally *t, const struct deed *d, char what, enum how how, int answer)
{
    struct holding before, after;
    struct wb_error e = {0};
    long calls, step;

    stage_reset(&stage);
    deed_holding(&before, deed_vault(&stage, d));
    deed_settle();
    set_fault(what, 0, how, answer);
    assert_int_equal(d->run(&stage, &e), WB_OK);
    no_fault();
    calls = fault.count;
    deed_holding(&after, deed_vault(&stage, d));
    step = getenv("WB_EXHAUSTIVE") != NULL ? 1 : 1 + calls / POINTS;
    for (long at = 1; at <= calls; at += step) {
        enum wb_status st;

        stage_reset(&stage);
        deed_settle();
        e = (struct wb_error){0};
        set_fault(what, at, how, answer);
        st = d->run(&stage, &e);
        no_fault();
        check_outcome(d, at, st, &e, &before, &after);
        t->reached++;
        t->failed += st != WB_OK;
        t->survived += st == WB_OK;
    }
}

static void
sweep_all(char what, enum how how, int answer, const char *words, unsigned floor)
{
    struct tally t = {0};

    for (size_t i = 0; i < deed_count; i++) {
        struct tally one = {0};

        sweep(&one, &deeds[i], what, how, answer);
        if (one.reached < 10 || one.failed < 5)
            fail_msg("%s: only %u faults, %u failures", deeds[i].name, one.reached,
                one.failed);
        t.reached += one.reached;
        t.failed += one.failed;
        t.survived += one.survived;
    }
    print_message("%s: %u faults in %zu deeds, %u refused, %u survived\n", words,
        t.reached, deed_count, t.failed, t.survived);
    assert_true(t.reached >= floor);
}

static void
one_failing_call_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_all('f', ONCE, EIO, "EIO once", 250);
}

static void
a_broken_disk_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_all('f', FROM_THEN_ON, EIO, "EIO from then on", 250);
}

static void
a_full_disk_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_all('f', FROM_THEN_ON, ENOSPC, "ENOSPC from then on", 250);
}

static void
one_failing_allocation_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_all('m', ONCE, 0, "no memory once", 250);
}

static void
no_memory_from_then_on_leaves_before_or_after(void **state)
{
    (void)state;
    sweep_all('m', FROM_THEN_ON, 0, "no memory from then on", 250);
}

static void
memory_that_cannot_be_locked_is_told_and_no_failure(void **state)
{
    struct wb_vault_info info;
    struct wb_vault *v;

    (void)state;
    stage_reset(&stage);
    v = room_open(stage.a);
    assert_int_equal(wb_vault_info(v, &info, NULL), WB_OK);
    assert_true(info.keys_locked);
    wb_vault_close(&v);
    for (size_t i = 0; i < deed_count; i++) {
        stage_reset(&stage);
        set_fault('s', 1, FROM_THEN_ON, 0);
        assert_int_equal(deeds[i].run(&stage, NULL), WB_OK);
        no_fault();
        assert_true(fault.count > 0);
    }
    v = room_open(stage.a);
    assert_int_equal(wb_vault_info(v, &info, NULL), WB_OK);
    assert_false(info.keys_locked);
    wb_vault_close(&v);
}

/* A change that failed does not spoil the vault that stays open. */
static void
after_a_failed_change_the_open_vault_goes_on(void **state)
{
    const char *const fields[] = {"title", "A night", NULL};
    struct wb_error e = {0};
    unsigned reached = 0;

    (void)state;
    for (long at = 1; at < 60; at++) {
        struct wb_vault *v;
        enum wb_status st;

        stage_reset(&stage);
        v = room_open(stage.a);
        set_fault('f', at, ONCE, ENOSPC);
        st = room_add(v, NULL, &e, "incident", fields);
        no_fault();
        reached += st != WB_OK;
        if (room_add(v, NULL, &e, "incident", fields) != WB_OK)
            fail_msg("after fault %ld (status %d): %s", at, st, e.message);
        wb_vault_close(&v);
        room_assert_sound(stage.a);
    }
    print_message("%u failed changes, each followed by a good one\n", reached);
    assert_true(reached >= 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            one_failing_call_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_broken_disk_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_full_disk_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            one_failing_allocation_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            no_memory_from_then_on_leaves_before_or_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            after_a_failed_change_the_open_vault_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(
            memory_that_cannot_be_locked_is_told_and_no_failure, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
