/* tests/fuzz/replay.c - every file of the corpora once more, whole, cut off at each
 * place and with each byte changed: for every compiler, in the suite. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "room.h"

enum { CHANGED_MAX = 600 }; /* bytes of a file up to which each is changed */

static const struct fuzz_target *target;
static unsigned files, runs, accepted;

static void
run_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + (size == 0)); /* exact: a sanitizer sees its end */

    assert_non_null(copy);
    memcpy(copy, bytes, size);
    (void)target->run(copy, size);
    runs++;
    free(copy);
}

static void
run_file(void *cookie, const char *name, const char *path)
{
    size_t size, step;
    uint8_t *bytes = room_read(path, &size);

    (void)cookie;
    (void)name;
    files++;
    accepted += target->run(bytes, size);
    step = 1 + size / CHANGED_MAX;
    for (size_t i = 0; i < size; i += step) {
        run_copy(bytes, i);
        bytes[i] ^= 1;
        run_copy(bytes, size);
        bytes[i] ^= 0x81;
        run_copy(bytes, size);
        bytes[i] ^= 0x80;
    }
    free(bytes);
}

static void
every_corpus_is_read_and_something_of_it_accepted(void **state)
{
    const char *corpora = getenv("WB_CORPUS");
    char folder[ROOM_PATH_BYTES];

    (void)state;
    fuzz_start();
    assert_non_null(corpora);
    for (size_t i = 0; i < fuzz_target_count; i++) {
        target = &fuzz_targets[i];
        files = runs = accepted = 0;
        room_text(folder, sizeof folder, "%s/%s", corpora, target->name);
        room_each_file(folder, run_file, NULL);
        print_message("%-12s %3u files, %3u accepted, %6u variations\n", target->name,
            files, accepted, runs);
        if (files == 0 || accepted == 0)
            fail_msg(
                "%s: tests/fuzz/seeds.py gives nothing that is accepted", target->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_corpus_is_read_and_something_of_it_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
