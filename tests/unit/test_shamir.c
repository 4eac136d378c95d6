/* tests/unit/test_shamir.c - any k of n shares give the key back, k - 1 never do. */
#include <string.h>

#include "base/text.h"
#include "cm.h"
#include "crypto/random.h"
#include "crypto/shamir.h"

enum { SIDE = 8, LOTS = 400 };

static struct wb_secret *
secret(size_t size)
{
    struct wb_secret *s = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_crypto_start(&e), WB_OK);
    assert_int_equal(wb_secret_new(&s, size, &e), WB_OK);
    return s;
}

/* The numbers of the set bits of `set`, from 1, and their shares one after the other;
 * how many. */
static unsigned
gather(
    uint8_t *numbers, struct wb_secret *some, const struct wb_secret *all, unsigned set)
{
    unsigned count = 0;

    for (unsigned i = 0; i < SIDE; i++)
        if ((set >> i & 1) != 0) {
            memcpy(wb_secret_room(some) + count * WB_KEY_BYTES,
                wb_secret_bytes(all) + i * WB_KEY_BYTES, WB_KEY_BYTES);
            numbers[count++] = (uint8_t)(i + 1);
        }
    return count;
}

static void
every_set_of_k_restores_and_fewer_never_do(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *again = secret(WB_KEY_BYTES);
    struct wb_secret *some = secret(SIDE * WB_KEY_BYTES);
    unsigned restored = 0, short_of = 0;
    uint8_t numbers[SIDE];
    struct wb_error e = {0};

    (void)state;
    for (unsigned n = 1; n <= SIDE; n++)
        for (unsigned k = 1; k <= n; k++) {
            struct wb_secret *all = secret(n * WB_KEY_BYTES);

            wb_random_secret(key);
            assert_int_equal(wb_shamir_split(all, key, k, n, &e), WB_OK);
            for (unsigned set = 1; set < 1u << n; set++) {
                unsigned count = gather(numbers, some, all, set);
                bool same;

                wb_shamir_join(again, some, numbers, count);
                same = memcmp(wb_secret_bytes(again), wb_secret_bytes(key),
                           WB_KEY_BYTES) == 0;
                assert_int_equal(same, count >= k);
                restored += same;
                short_of += !same;
            }
            wb_secret_free(&all);
        }
    assert_int_equal(restored, 1793);
    assert_int_equal(short_of, 1757);
    wb_secret_free(&key);
    wb_secret_free(&again);
    wb_secret_free(&some);
}

static void
the_order_of_the_shares_does_not_matter(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *again = secret(WB_KEY_BYTES);
    struct wb_secret *all = secret(5 * WB_KEY_BYTES), *some = secret(3 * WB_KEY_BYTES);
    static const uint8_t order[3] = {5, 1, 3};
    struct wb_error e = {0};

    (void)state;
    wb_random_secret(key);
    assert_int_equal(wb_shamir_split(all, key, 3, 5, &e), WB_OK);
    for (unsigned i = 0; i < 3; i++)
        memcpy(wb_secret_room(some) + i * WB_KEY_BYTES,
            wb_secret_bytes(all) + (order[i] - 1u) * WB_KEY_BYTES, WB_KEY_BYTES);
    wb_shamir_join(again, some, order, 3);
    assert_memory_equal(wb_secret_bytes(again), wb_secret_bytes(key), WB_KEY_BYTES);
    wb_secret_free(&key);
    wb_secret_free(&again);
    wb_secret_free(&all);
    wb_secret_free(&some);
}

static void
count_up(void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)(i * 7 + 3);
}

/* Computed by a Python program over tables of logarithms to the base 3. */
static void
the_shares_are_those_that_another_program_computes(void **state)
{
    static const char *const expected[5] = {
        "2021222324e5e6e7e8292a2b2c2d6e6f70713233343536f7f8f9fa3b3c3d3e3f",
        "fccb92a5b0bc85d2ff457c2b3e0910277a4dcff8edba838fa2f5cc7663540d3a",
        "dcebb285905c65321f655c0b1e2970471a2defd8cd9aa36f42152c5643742d1a",
        "259054e18aff608e4da13ed0bb0e67d25aeff1442fc15e2be80699751eab6fda",
        "05b074c1aa1f806ead811ef09b2e07b23a8fd1640fe17ecb08e679553e8b4ffa",
    };
    struct wb_secret *key = secret(WB_KEY_BYTES), *all = secret(5 * WB_KEY_BYTES);
    char hex[2 * WB_KEY_BYTES + 1];
    struct wb_error e = {0};

    (void)state;
    for (unsigned i = 0; i < WB_KEY_BYTES; i++)
        wb_secret_room(key)[i] = (uint8_t)i;
    wb_random_source = count_up;
    assert_int_equal(wb_shamir_split(all, key, 3, 5, &e), WB_OK);
    wb_random_source = NULL;
    for (unsigned i = 0; i < 5; i++) {
        wb_hex_encode(hex, wb_secret_bytes(all) + i * WB_KEY_BYTES, WB_KEY_BYTES);
        assert_string_equal(hex, expected[i]);
    }
    wb_secret_free(&key);
    wb_secret_free(&all);
}

/* One byte of one share takes all 256 values over splits of the same key: nothing of
 * the key is to be seen in it. */
static void
a_single_share_can_be_anything(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *all = secret(2 * WB_KEY_BYTES);
    bool seen[256] = {false};
    unsigned different = 0;
    struct wb_error e = {0};

    (void)state;
    for (int i = 0; i < LOTS; i++) {
        assert_int_equal(wb_shamir_split(all, key, 2, 2, &e), WB_OK);
        for (int byte = 0; byte < WB_KEY_BYTES; byte++)
            seen[wb_secret_bytes(all)[byte]] = true;
    }
    for (int i = 0; i < 256; i++)
        different += seen[i];
    assert_int_equal(different, 256);
    wb_secret_free(&key);
    wb_secret_free(&all);
}

static void
counts_outside_the_range_are_refused(void **state)
{
    static const unsigned wrong[][2] = {{0, 3}, {4, 3}, {2, 16}, {0, 0}};
    struct wb_secret *key = secret(WB_KEY_BYTES), *all = secret(3 * WB_KEY_BYTES);
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(
            wb_shamir_split(all, key, wrong[i][0], wrong[i][1], &e), WB_ERR_INTERNAL);
    for (unsigned i = 0; i < 3 * WB_KEY_BYTES; i++)
        assert_int_equal(wb_secret_bytes(all)[i], 0);
    wb_secret_free(&key);
    wb_secret_free(&all);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_of_k_restores_and_fewer_never_do),
        cmocka_unit_test(the_order_of_the_shares_does_not_matter),
        cmocka_unit_test(the_shares_are_those_that_another_program_computes),
        cmocka_unit_test(a_single_share_can_be_anything),
        cmocka_unit_test(counts_outside_the_range_are_refused),
    };

    return cmocka_run_group_tests_name("shamir", tests, NULL, NULL);
}
