/* tests/flow/test_bundle_bytes.c - every byte of a bundle that is changed, and every
 * length it is cut to, is refused: of the file, and of the archive in it, sealed anew
 * by somebody who was sent it. WB_SWEEP=all takes all of the content, WB_EVERY=16 every
 * 16th byte of it, and of the zeros behind it fewer; WB_SWEEP=exhaustive all. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/identity.h"
#include "formats/age_header.h"
#include "formats/age_stream.h"
#include "formats/age_wrap.h"
#include "people.h"

/* A bundle is padded with zeros to 256 KiB at the least. */
enum {
    CONTENT_BYTES = 16384,
    STEP = 61,
    IDLE_STEP = 16,
    BUNDLE_BYTES_MAX = 300000,
};

static struct people people;
static char bundle[ROOM_PATH_BYTES], altered[ROOM_PATH_BYTES];

/* The bundle, opened: its header with what the stream is sealed with, and the archive.
 */
static struct opened {
    uint8_t *file;
    size_t size, header;
    struct wb_secret *key;
    struct wb_buf archive;
} opened;

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

static enum wb_status
keep(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    wb_buf_add(context, bytes, size);
    return wb_buf_check(context, e);
}

static void
open_bundle(void)
{
    const struct wb_age_sink sink = {keep, &opened.archive};
    struct wb_age_header *h = NULL;
    struct wb_age_decoder *d = NULL;
    struct wb_identity_keys own = {0};
    struct wb_error e = {0};

    opened.file = room_read(bundle, &opened.size);
    wb_buf_init(&opened.archive, BUNDLE_BYTES_MAX);
    ok(wb_secret_new(&opened.key, WB_AGE_FILE_KEY_BYTES, &e), &e);
    ok(wb_identity_older(people.v[1], &own, 0, &e), &e);
    ok(wb_age_header_new(&h, &e), &e);
    ok(wb_age_header_feed(h, &opened.header, opened.file, opened.size, &e), &e);
    assert_true(wb_age_header_is_complete(h));
    ok(wb_age_header_unlock(opened.key, h, &own.age, 1, &e), &e);
    ok(wb_age_decoder_new(&d, opened.key, sink, &e), &e);
    ok(wb_age_decoder_push(
           d, opened.file + opened.header, opened.size - opened.header, &e),
        &e);
    ok(wb_age_decoder_end(d, &e), &e);
    wb_age_decoder_free(&d);
    wb_age_header_free(&h);
    wb_identity_wipe(&own);
}

static int
setup(void **state)
{
    static const char *const fields[] = {"title", "The night of the raid", NULL};
    struct wb_id id;

    (void)state;
    people_make(&people, 2, PEOPLE_NO_STRANGER);
    id = people_add(&people, 0, "incident", fields);
    people_send(&people, 0, 1, &id, NULL, bundle);
    room_path(altered, &people.room, "altered");
    open_bundle();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    free(opened.file);
    wb_secret_free(&opened.key);
    wb_buf_wipe(&opened.archive);
    people_sweep(&people);
    return 0;
}

/* The archive under the header of the bundle. */
static void
write_sealed(const uint8_t *bytes, size_t size)
{
    struct wb_buf out;
    const struct wb_age_sink sink = {keep, &out};
    struct wb_age_encoder *c = NULL;
    struct wb_error e = {0};

    wb_buf_init(&out, BUNDLE_BYTES_MAX);
    wb_buf_add(&out, opened.file, opened.header);
    ok(wb_age_encoder_new(&c, opened.key, sink, &e), &e);
    ok(wb_age_encoder_push(c, bytes, size, &e), &e);
    ok(wb_age_encoder_end(c, &e), &e);
    wb_age_encoder_free(&c);
    room_write(altered, out.data, out.size);
    wb_buf_wipe(&out);
}

static enum wb_status
inspect(struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st = wb_inspect(people.v[1], altered, NULL, &report, e);

    wb_report_free(&report);
    return st;
}

/* Whoever altered it: exit status 4 or 5, in one line. */
static void
assert_refused(const char *what, size_t at)
{
    struct wb_error e = {0};
    enum wb_status st = inspect(&e);

    if (st == WB_OK || wb_status_exit(st) < 4)
        fail_msg("%s %zu: status %d: %s", what, at, (int)st, e.message);
    room_assert_line(&e);
}

/* Which bytes are taken: near its front, where all of the content lies, more of them.
 */
static size_t
next_byte(size_t at)
{
    const char *sweep = getenv("WB_SWEEP");
    size_t step = sweep != NULL ? 1 : every(STEP);

    if (at >= CONTENT_BYTES && (sweep == NULL || strcmp(sweep, "exhaustive") != 0))
        step *= IDLE_STEP;
    return at + step;
}

static void
say(unsigned flipped, unsigned cut)
{
    counted(flipped, "bytes of a bundle flipped");
    counted(cut, "truncations of a bundle");
    assert_true(flipped >= CONTENT_BYTES / STEP && cut == flipped);
}

static void
poke(int fd, size_t at, uint8_t byte)
{
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
}

static void
an_altered_file_is_refused(void **state)
{
    unsigned flipped = 0, cut = 0;
    int fd;

    (void)state;
    room_write(altered, opened.file, opened.size);
    fd = open(altered, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t at = 0; at < opened.size; at = next_byte(at), flipped++) {
        poke(fd, at, opened.file[at] ^ (uint8_t)(1u << (at % 8)));
        assert_refused("byte", at);
        poke(fd, at, opened.file[at]);
    }
    for (size_t at = 0; at < opened.size; at = next_byte(at), cut++) {
        assert_int_equal(ftruncate(fd, (off_t)at), 0);
        assert_refused("cut to", at);
        assert_int_equal(pwrite(fd, opened.file, opened.size, 0), opened.size);
    }
    close(fd);
    say(flipped, cut);
}

static void
an_altered_archive_that_is_sealed_anew_is_refused(void **state)
{
    uint8_t *bytes = opened.archive.data;
    unsigned flipped = 0, cut = 0;

    (void)state;
    for (size_t at = 0; at < opened.archive.size; at = next_byte(at), flipped++) {
        bytes[at] ^= (uint8_t)(1u << (at % 8));
        write_sealed(bytes, opened.archive.size);
        bytes[at] ^= (uint8_t)(1u << (at % 8));
        assert_refused("byte", at);
    }
    for (size_t at = 0; at < opened.archive.size; at = next_byte(at), cut++) {
        write_sealed(bytes, at);
        assert_refused("cut to", at);
    }
    say(flipped, cut);
}

/* The control for the above: sealed anew as it was, it passes. */
static void
an_archive_that_is_sealed_anew_as_it_was_passes(void **state)
{
    struct wb_error e = {0};

    (void)state;
    write_sealed(opened.archive.data, opened.archive.size);
    ok(inspect(&e), &e);
}

/* What was refused left nothing: the bundle as it was sent is taken in. */
static void
the_bundle_itself_is_taken_in(void **state)
{
    (void)state;
    assert_int_equal(people_take(&people, 1, bundle).added, 1);
    people_assert_sound(&people);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_altered_file_is_refused),
        cmocka_unit_test(an_archive_that_is_sealed_anew_as_it_was_passes),
        cmocka_unit_test(an_altered_archive_that_is_sealed_anew_is_refused),
        cmocka_unit_test(the_bundle_itself_is_taken_in),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
