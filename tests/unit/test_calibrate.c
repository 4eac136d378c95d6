/* tests/unit/test_calibrate.c - what parameters a machine gets, and what a passphrase
 * is worth. */
#include <string.h>

#include "cm.h"
#include "crypto/calibrate.h"
#include "formats/guess.h"

enum { MIB = 1024 };

/* A machine: microseconds for one MiB gone through once, in small and in large memory.
 */
static struct {
    uint64_t small, large;
    unsigned asked;
    enum wb_status status;
} machine;

static enum wb_status
measure(uint64_t *microseconds, const struct wb_kdf_params *p, struct wb_error *e)
{
    machine.asked++;
    if (machine.status != WB_OK) {
        e->status = machine.status;
        return machine.status;
    }
    *microseconds = (uint64_t)p->memory_kib / MIB * p->passes *
        (p->memory_kib > 64 * MIB ? machine.large : machine.small);
    return WB_OK;
}

static void
assert_chosen(uint64_t small, uint64_t large, uint32_t most_mib, uint32_t memory_mib,
    uint32_t passes)
{
    struct wb_kdf_params p = {0};
    struct wb_error e = {0};

    machine.small = small;
    machine.large = large;
    machine.asked = 0;
    machine.status = WB_OK;
    assert_int_equal(wb_calibrate_with(&p, most_mib * MIB, measure, &e), WB_OK);
    assert_int_equal(p.memory_kib, memory_mib * MIB);
    assert_int_equal(p.passes, passes);
    assert_int_equal(p.lanes, 4);
    assert_true(machine.asked <= 2);
    assert_int_equal(wb_kdf_check(&p, &e), WB_OK);
}

static void
memory_is_raised_first_and_passes_when_it_is_at_its_limit(void **state)
{
    (void)state;
    assert_chosen(1000, 1000, 1024, 320, 3); /* 333 MiB in a second, in whole 16 MiB */
    assert_chosen(1000, 2000, 1024, 160, 3); /* slower by the byte in large memory */
    assert_chosen(100, 100, 1024, 1024, 9);  /* fast: 1 GiB, then passes */
    assert_chosen(1000, 1000, 200, 192, 5);  /* little memory: passes */
    assert_chosen(1, 1, 1024, 1024, 64);     /* no more than the cap */
}

static void
a_slow_machine_gets_the_floor_and_waits(void **state)
{
    (void)state;
    assert_chosen(100000, 100000, 1024, 64, 3);
    assert_chosen(
        1000, 1000, 16, 64, 15); /* memory is short: the floor stands, passes fill */
}

static void
a_derivation_that_fails_is_told_and_nothing_is_chosen(void **state)
{
    struct wb_kdf_params p = {1, 2, 3};
    struct wb_error e = {0};

    (void)state;
    machine.status = WB_ERR_MEMORY;
    assert_int_equal(wb_calibrate_with(&p, 1024 * MIB, measure, &e), WB_ERR_MEMORY);
    assert_int_equal(p.memory_kib, 1);
    assert_int_equal(p.passes, 2);
}

static void
a_chosen_passphrase_is_estimated_by_what_it_is(void **state)
{
    static const struct {
        const char *text;
        unsigned least, most;
        const char *why;
    } cases[] = {
        {"aaaaaaaaaaaaaaaaaaaa", 0, 6, "most of it repeats or goes on in a row"},
        {"abcdefghijklmnop", 0, 6, "most of it repeats or goes on in a row"},
        {"12345678", 0, 4, "digits only"},
        {"19840612", 20, 27, "digits only"},
        {"password", 10, 18, "made up by a person, as most are"},
        {"Tr0ub4dor&3", 20, 30, "made up by a person, as most are"},
        {"abandon ability able about above absent absorb", 77, 77,
            "words of the list, if they were drawn by lot"},
        {"abandon ability able about above absent absorb\n", 77, 77,
            "words of the list, if they were drawn by lot"},
        {"zoo-zone-zero-youth", 44, 44, "words of the list, if they were drawn by lot"},
        {"\xd0\xb2\xd0\xb5\xd1\x81\xd0\xbd\xd0\xb0 "
         "\xd0\xbf\xd1\x80\xd0\xb8\xd1\x88\xd0\xbb"
         "\xd0\xb0",
            18, 30, "made up by a person, as most are"},
        {"", 0, 0, "digits only"},
    };
    struct wb_guess g;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wb_guess_of(&g, cases[i].text, strlen(cases[i].text));
        if (g.bits < cases[i].least || g.bits > cases[i].most)
            fail_msg("%s: %u bits", cases[i].text, g.bits);
        assert_string_equal(g.why, cases[i].why);
    }
}

static void
this_machine_gets_what_can_be_derived_on_it(void **state)
{
    struct wb_kdf_params p = {0};
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_crypto_start(&e), WB_OK);
    assert_int_equal(wb_calibrate(&p, &e), WB_OK);
    assert_int_equal(wb_kdf_check(&p, &e), WB_OK);
    assert_int_equal(p.memory_kib % (16 * MIB), 0);
    assert_true(p.memory_kib <= 1024 * MIB);
    assert_int_equal(p.lanes, WB_KDF_FLOOR.lanes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_raised_first_and_passes_when_it_is_at_its_limit),
        cmocka_unit_test(a_slow_machine_gets_the_floor_and_waits),
        cmocka_unit_test(a_derivation_that_fails_is_told_and_nothing_is_chosen),
        cmocka_unit_test(a_chosen_passphrase_is_estimated_by_what_it_is),
        cmocka_unit_test(this_machine_gets_what_can_be_derived_on_it),
    };

    return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
