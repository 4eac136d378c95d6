/* tests/unit/test_worker.c - two threads do what one would have done. */
#include "cm.h"

#include <string.h>

#include "base/mem.h"
#include "base/worker.h"

enum { SLOTS = 3, ROUNDS = 10000 };

struct sums {
    uint64_t in[SLOTS], out[SLOTS];
    uint64_t worked; /* how many, by the worker alone */
};

/* Order shows: each outcome depends on how many came before. */
static void
work(void *cookie, unsigned slot)
{
    struct sums *s = cookie;

    s->out[slot] = s->in[slot] * 31 + s->worked++;
}

/* Gives ROUNDS numbers, taking only when the ring is full; the sum of all outcomes. */
static uint64_t
go(struct wb_worker *w, struct sums *s)
{
    uint64_t sum = 0, seen = 0;

    for (uint64_t i = 0; i < ROUNDS || !wb_worker_is_empty(w);) {
        if (i < ROUNDS && !wb_worker_is_full(w)) {
            s->in[wb_worker_next(w)] = i++;
            wb_worker_give(w);
        } else {
            uint64_t out = s->out[wb_worker_take(w)];

            assert_int_equal(out, seen * 31 + seen);
            sum = sum * 3 + out;
            seen++;
        }
    }
    assert_int_equal(seen, ROUNDS);
    return sum;
}

static void
slots_come_back_in_the_order_they_were_given(void **state)
{
    struct wb_error e = {0};
    struct sums s = {0}, alone = {0};
    struct wb_worker *w = NULL;
    uint64_t sum;

    (void)state;
    assert_int_equal(wb_worker_new(&w, SLOTS, work, &s, &e), WB_OK);
    sum = go(w, &s);
    wb_worker_free(&w);
    assert_null(w);
    wb_worker_alone = true;
    assert_int_equal(wb_worker_new(&w, SLOTS, work, &alone, &e), WB_OK);
    wb_worker_alone = false;
    assert_int_equal(go(w, &alone), sum);
    wb_worker_free(&w);
}

static void
freeing_waits_for_what_was_given(void **state)
{
    struct wb_error e = {0};
    struct wb_worker *w = NULL;

    (void)state;
    for (int i = 0; i < 200; i++) {
        struct sums s = {0};

        assert_int_equal(wb_worker_new(&w, SLOTS, work, &s, &e), WB_OK);
        while (!wb_worker_is_full(w))
            wb_worker_give(w);
        wb_worker_free(&w);
        assert_int_equal(s.worked, SLOTS);
    }
    wb_worker_free(&w); /* NULL is fine */
}

static bool
no_memory(size_t size)
{
    (void)size;
    return true;
}

static void
without_memory_there_is_none(void **state)
{
    struct wb_error e = {0};
    struct wb_worker *w = NULL;
    struct sums s = {0};

    (void)state;
    wb_mem_fault = no_memory;
    assert_int_equal(wb_worker_new(&w, SLOTS, work, &s, &e), WB_ERR_MEMORY);
    wb_mem_fault = NULL;
    assert_null(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_come_back_in_the_order_they_were_given),
        cmocka_unit_test(freeing_waits_for_what_was_given),
        cmocka_unit_test(without_memory_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
