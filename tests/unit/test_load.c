/* tests/unit/test_load.c - many records from JSONL, with bad lines among them. */
#include "cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "crypto/random.h"
#include "room.h"

enum { REJECTS_MAX = 16 };

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_loaded loaded;
    uint64_t lines[REJECTS_MAX]; /* that were rejected */
    char reasons[REJECTS_MAX][WB_ERROR_MESSAGE_BYTES];
    char first[128]; /* the first of them, as it was */
    size_t count;
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    free(f);
    return 0;
}

static enum wb_status
note(void *cookie, uint64_t line, const char *text, size_t size, const char *reason,
    struct wb_error *e)
{
    struct fixture *f = cookie;

    (void)e;
    assert_true(f->count < REJECTS_MAX);
    f->lines[f->count] = line;
    if (f->count == 0 && size < sizeof f->first)
        memcpy(f->first, text, size);
    room_text(f->reasons[f->count++], sizeof f->reasons[0], "%s", reason);
    return WB_OK;
}

static enum wb_status
refuse(void *cookie, uint64_t line, const char *text, size_t size, const char *reason,
    struct wb_error *e)
{
    (void)cookie, (void)line, (void)text, (void)size, (void)reason;
    (void)e;
    return WB_ERR_IO;
}

static enum wb_status
load(struct fixture *f, const char *jsonl, size_t size,
    const struct wb_rejects *rejects, struct wb_error *e)
{
    char path[ROOM_PATH_BYTES];
    struct wb_change *c = NULL;
    enum wb_status st;
    int fd;

    room_path(path, &f->room, "load.jsonl");
    room_write(path, jsonl, size);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(wb_change_begin(&c, f->v, e), WB_OK);
    if ((st = wb_change_load(c, fd, rejects, &f->loaded, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    close(fd);
    return st;
}

static enum wb_status
keep_going(struct fixture *f, const char *jsonl, struct wb_error *e)
{
    const struct wb_rejects rejects = {note, f};

    return load(f, jsonl, strlen(jsonl), &rejects, e);
}

static uint64_t
revisions(struct wb_vault *v)
{
    struct wb_vault_info info;

    assert_int_equal(wb_vault_info(v, &info, NULL), WB_OK);
    return info.revisions;
}

static void
bad_lines_are_handed_over_with_the_reason_and_the_rest_is_loaded(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};
    uint64_t before = revisions(f->v);

    assert_int_equal(
        keep_going(f,
            "{\"kind\":\"person\",\"fields\":{\"nam\":\"x\"}}\n"
            "{\"kind\":\"person\",\"key\":\"a\",\"fields\":{\"name\":\"A\"}}\n"
            "# a comment\n"
            "not json\n"
            "{\"kind\":\"incident\",\"fields\":{}}\n"
            "{\"kind\":\"statement\",\"fields\":{\"text\":\"t\","
            "\"witness\":\"a\"}}",
            &e),
        WB_OK);
    assert_int_equal(f->loaded.added, 2);
    assert_int_equal(f->loaded.rejected, 3);
    assert_int_equal(f->count, 3);
    assert_int_equal(f->lines[0], 1);
    assert_int_equal(f->lines[1], 4);
    assert_int_equal(f->lines[2], 5);
    assert_string_equal(f->first, "{\"kind\":\"person\",\"fields\":{\"nam\":\"x\"}}");
    assert_non_null(strstr(f->reasons[0], "person has no field nam"));
    assert_string_equal(f->reasons[1], "position 3: not a JSON object or array");
    assert_non_null(strstr(f->reasons[2], "title: required, missing"));
    assert_int_equal(revisions(f->v), before + 2);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

/* A chain against the order of the file, and two that name each other. */
static void
lines_that_name_a_rejected_line_are_rejected_too(void **state)
{
    static const char lines[] =
        "{\"kind\":\"involvement\",\"fields\":{\"act\":\"act\"}}\n"
        "{\"kind\":\"act\",\"key\":\"act\",\"fields\":{\"type\":\"t\",\"incident\":"
        "\"i\"}}\n"
        "{\"kind\":\"incident\",\"key\":\"i\",\"fields\":{\"title\":\"I\","
        "\"related-incident\":[\"j\"]}}\n"
        "{\"kind\":\"incident\",\"key\":\"j\",\"fields\":{\"title\":\"J\","
        "\"related-incident\":[\"i\"],\"source\":[\"s\"]}}\n"
        "{\"kind\":\"source\",\"key\":\"s\",\"fields\":{\"title\":\"S\",\"date\":"
        "\"2021-13\"}}\n"
        "{\"kind\":\"person\",\"fields\":{\"name\":\"stays\"}}\n";
    struct fixture *f = *state;
    struct wb_error e = {0};

    assert_int_equal(keep_going(f, lines, &e), WB_OK);
    assert_int_equal(f->loaded.added, 1);
    assert_int_equal(f->count, 5);
    for (size_t i = 0; i < f->count; i++)
        assert_int_equal(f->lines[i], i + 1);
    assert_string_equal(f->reasons[0], "act: names a line that is rejected itself");
    assert_non_null(strstr(f->reasons[4], "date: "));
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
where_nothing_can_be_loaded_nothing_is(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};
    uint64_t before = revisions(f->v);

    assert_int_equal(keep_going(f, "x\ny\n", &e), WB_OK);
    assert_int_equal(f->loaded.added, 0);
    assert_int_equal(f->loaded.rejected, 2);
    assert_int_equal(keep_going(f, "# nothing\n", &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "no records in it");
    assert_int_equal(revisions(f->v), before);
}

static void
a_reject_that_cannot_be_kept_ends_the_load(void **state)
{
    static const char lines[] =
        "{\"kind\":\"person\",\"fields\":{\"name\":\"A\"}}\nbad\n";
    struct fixture *f = *state;
    const struct wb_rejects rejects = {refuse, f};
    struct wb_error e = {0};
    uint64_t before = revisions(f->v);

    assert_int_equal(load(f, lines, strlen(lines), &rejects, &e), WB_ERR_IO);
    assert_int_equal(revisions(f->v), before);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
thousands_of_lines_are_loaded_beside_a_few_bad_ones(void **state)
{
    static const char line[] =
        "{\"kind\":\"person\",\"key\":\"k%05u\",\"fields\":{\"name\":\"N\"%s}}\n";
    enum { LINES = 3000, EACH = 96 };
    struct fixture *f = *state;
    char *text = malloc((size_t)LINES * EACH);
    const struct wb_rejects rejects = {note, f};
    struct wb_error e = {0};
    size_t size = 0;

    for (unsigned i = 0; i < LINES; i++)
        size += (size_t)snprintf(
            text + size, EACH, line, i, i % 1000 == 999 ? ",\"birth\":\"x\"" : "");
    assert_int_equal(load(f, text, size, &rejects, &e), WB_OK);
    assert_int_equal(f->loaded.added, LINES - 3);
    assert_int_equal(f->count, 3);
    assert_int_equal(f->lines[2], 3000);
    free(text);
}

static uint64_t drawn;

static void
draw(void *bytes, size_t size)
{
    room_noise(bytes, size, ++drawn);
}

static int64_t
noon(void)
{
    return INT64_C(1795435200);
}

/* What a load of `text` makes of a copy of the vault, the same drawn each time. */
static uint8_t *
load_into_copy(struct fixture *f, const char *text, size_t text_size, size_t *size)
{
    char path[ROOM_PATH_BYTES];
    struct wb_error e = {0};
    uint8_t *bytes;

    room_path(path, &f->room, "copy");
    room_copy(f->room.vault, path);
    drawn = 1000000;
    wb_random_source = draw;
    wb_clock_source = noon;
    f->v = room_open(path);
    assert_int_equal(load(f, text, text_size, NULL, &e), WB_OK);
    wb_vault_close(&f->v);
    wb_random_source = NULL;
    wb_clock_source = NULL;
    bytes = room_read(path, size);
    room_assert_sound(path); /* it may bring the index up to date */
    return bytes;
}

/* Keys of later lines, a record too large to wait with others, and more than one
 * batch. */
static char *
many_lines(size_t *size)
{
    enum { LINES = 300, EACH = 96, LARGE_BYTES = 400000 };
    char *text = malloc(LINES * EACH + LARGE_BYTES + EACH), *at = text;

    assert_non_null(text);
    for (int i = 0; i < LINES; i++)
        at += snprintf(at, EACH,
            "{\"kind\":\"incident\",\"key\":\"%d\",\"fields\":{\"title\":\"N\","
            "\"related-incident\":[\"%d\"]}}\n",
            i, (i * 7 + 1) % LINES);
    at += snprintf(at, EACH, "{\"kind\":\"statement\",\"fields\":{\"text\":\"");
    memset(at, 'x', LARGE_BYTES);
    at += LARGE_BYTES;
    at +=
        snprintf(at, EACH, "\"}}\n{\"kind\":\"person\",\"fields\":{\"name\":\"A\"}}\n");
    *size = (size_t)(at - text);
    return text;
}

static void
one_thread_or_two_write_the_same_file(void **state)
{
    struct fixture *f = *state;
    size_t size, sizes[2];
    char *text = many_lines(&size);
    uint8_t *files[2];

    wb_vault_close(&f->v);
    for (int i = 0; i < 2; i++) {
        wb_worker_alone = i == 1;
        files[i] = load_into_copy(f, text, size, &sizes[i]);
    }
    wb_worker_alone = false;
    assert_true(sizes[0] > size);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(files[0], files[1], sizes[0]);
    free(files[0]);
    free(files[1]);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            bad_lines_are_handed_over_with_the_reason_and_the_rest_is_loaded, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            lines_that_name_a_rejected_line_are_rejected_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            where_nothing_can_be_loaded_nothing_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_reject_that_cannot_be_kept_ends_the_load, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_thread_or_two_write_the_same_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            thousands_of_lines_are_loaded_beside_a_few_bad_ones, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
