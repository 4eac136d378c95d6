/* tests/flow/test_threads.c - what is written is the same to the byte whether a second
 * thread takes part or not: vaults, logs, bundles, files. */
#include <dlfcn.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>

#include "base/worker.h"
#include "crypto/random.h"
#include "deeds.h"

/* Chunks of 256 KiB: more than any ring has slots. */
enum { FILE_BYTES = 13 * 256 * 1024 + 77, DEEDS_WITH_THREADS = 15 };

static unsigned threads;

/* In the place of the C library's, which it calls. */
int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*run)(void *cookie), void *cookie)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    threads++;
    return real(thread, attributes, run, cookie);
}

/* What libsodium draws for itself, the passing key of a sealed box, is fixed too. */
static const char *
source_name(void)
{
    return "the stage's";
}

static void
source_draw(void *const bytes, const size_t size)
{
    wb_random_source(bytes, size);
}

static uint32_t
source_number(void)
{
    uint32_t drawn;

    wb_random_source(&drawn, sizeof drawn);
    return drawn;
}

static int
setup(void **state)
{
    static randombytes_implementation source = {.implementation_name = source_name,
        .random = source_number,
        .buf = source_draw};

    (void)state;
    stage_make(&stage);
    assert_int_equal(randombytes_set_implementation(&source), 0);
    return 0;
}

/* All files of the stage after a deed, from the same beginning, with the same random
 * numbers and clock. */
struct outcome {
    uint8_t room[ROOM_PRINT_BYTES], desk[ROOM_PRINT_BYTES];
    unsigned threads;
};

static void
run_once(struct outcome *o, const struct deed *d, bool alone)
{
    struct wb_error e = {0};
    enum wb_status st;

    stage_reset(&stage);
    stage_settle();
    threads = 0;
    wb_worker_alone = alone;
    st = deed_run(d, &stage, &e);
    wb_worker_alone = false;
    if (st != WB_OK)
        fail_msg("%s: status %d: %s", d->name, (int)st, e.message);
    room_print(stage.room.folder, o->room);
    room_print(stage.desk, o->desk);
    o->threads = threads;
}

/* Whether a second thread took part. */
static bool
compare(const struct deed *d)
{
    struct outcome two, one;

    run_once(&two, d, false);
    run_once(&one, d, true);
    if (memcmp(two.room, one.room, ROOM_PRINT_BYTES) != 0 ||
        memcmp(two.desk, one.desk, ROOM_PRINT_BYTES) != 0)
        fail_msg("%s: one thread and two do not leave the same", d->name);
    assert_int_equal(one.threads, 0);
    return two.threads > 0;
}

static void
every_deed_leaves_the_same_bytes_with_one_thread_and_with_two(void **state)
{
    unsigned with_threads = 0;

    (void)state;
    for (size_t i = 0; i < deed_count; i++)
        with_threads += compare(&deeds[i]);
    print_message("deeds: %zu, with a second thread: %u\n", deed_count, with_threads);
    assert_true(with_threads >= DEEDS_WITH_THREADS);
}

/* ---- more chunks than there are slots ---- */

static enum wb_status
carry(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    struct wb_bundle_report *report = NULL;
    struct wb_vault *other = NULL;
    enum wb_status st = room_attach(v, NULL, &s->room.statement, s->photo, e);

    if (st == WB_OK && (st = stage_export(v, s->exported, e)) == WB_OK &&
        (st = stage_open(&other, s->b, e)) == WB_OK)
        st = wb_import(other, s->exported, &accepting, &report, e);
    wb_report_free(&report);
    wb_vault_close(&other);
    return st;
}

static void
a_long_file_is_the_same_in_both_vaults_and_in_the_bundle(void **state)
{
    static const struct deed carrying = {
        .name = "a long file", .vaults = "ab", .traits = DEED_WRITES, .act = carry};
    uint8_t *bytes = malloc(FILE_BYTES);

    (void)state;
    assert_non_null(bytes);
    room_noise(bytes, FILE_BYTES, 9);
    room_write(stage.photo, bytes, FILE_BYTES);
    free(bytes);
    assert_true(compare(&carrying));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_deed_leaves_the_same_bytes_with_one_thread_and_with_two),
        cmocka_unit_test(a_long_file_is_the_same_in_both_vaults_and_in_the_bundle),
    };

    return cmocka_run_group_tests(tests, setup, stage_tear_down);
}
