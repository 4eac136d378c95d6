/* tests/unit/test_age_stream.c - the payload of an age v1 file. */
#include "cm.h"

#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/worker.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "formats/age_stream.h"

enum {
    CHUNK = WB_AGE_CHUNK_BYTES,
    SEALED = WB_AGE_SEALED_CHUNK_BYTES,
    MOST = 4 * SEALED + 100,
};

static const size_t sizes[] = {0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1,
    2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK + 12345};
static const size_t pieces[] = {
    1, 7, 4096, CHUNK - 1, CHUNK, CHUNK + 1, SEALED, 3 * CHUNK, SIZE_MAX};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* A file key, plaintext to seal, and what comes out of a direction. */
struct room {
    struct wb_secret *file_key;
    uint8_t *plain;
    struct wb_buf sealed, opened;
};

static int
enter(void **state)
{
    static struct room r;

    if (wb_crypto_start(NULL) != WB_OK || wb_secret_new(&r.file_key, 16, NULL) != WB_OK)
        return -1;
    wb_random_secret(r.file_key);
    r.plain = wb_mem_new(MOST);
    wb_random(r.plain, MOST);
    wb_buf_init(&r.sealed, 2 * MOST);
    wb_buf_init(&r.opened, 2 * MOST);
    *state = &r;
    return 0;
}

static int
leave(void **state)
{
    struct room *r = *state;

    wb_buf_wipe(&r->sealed);
    wb_buf_wipe(&r->opened);
    wb_mem_free(r->plain);
    wb_secret_free(&r->file_key);
    return 0;
}

static enum wb_status
into_buffer(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    assert_true(size > 0);
    wb_buf_add(context, bytes, size);
    return wb_buf_check(context, e);
}

static size_t
next(size_t left, size_t piece)
{
    return left < piece ? left : piece;
}

static enum wb_status
seal(struct room *r, size_t size, size_t piece, struct wb_error *e)
{
    struct wb_age_encoder *c = NULL;
    enum wb_status st;

    wb_buf_clear(&r->sealed);
    st = wb_age_encoder_new(
        &c, r->file_key, (struct wb_age_sink){into_buffer, &r->sealed}, e);
    for (size_t at = 0; st == WB_OK && at < size; at += next(size - at, piece))
        st = wb_age_encoder_push(c, r->plain + at, next(size - at, piece), e);
    if (st == WB_OK)
        st = wb_age_encoder_end(c, e);
    wb_age_encoder_free(&c);
    return st;
}

/* r->opened is what came out, also when it was refused in the end. */
static enum wb_status
open_in(
    struct room *r, const uint8_t *bytes, size_t size, size_t piece, struct wb_error *e)
{
    struct wb_age_decoder *c = NULL;
    enum wb_status st;

    wb_buf_clear(&r->opened);
    st = wb_age_decoder_new(
        &c, r->file_key, (struct wb_age_sink){into_buffer, &r->opened}, e);
    for (size_t at = 0; st == WB_OK && at < size; at += next(size - at, piece))
        st = wb_age_decoder_push(c, bytes + at, next(size - at, piece), e);
    if (st == WB_OK)
        st = wb_age_decoder_end(c, e);
    wb_age_decoder_free(&c);
    return st;
}

static void
payloads_of_all_sizes_come_back_in_pieces_of_all_sizes(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t size = sizes[i], chunks = size == 0 ? 1 : (size + CHUNK - 1) / CHUNK;

        for (size_t k = 0; k < COUNT(pieces); k++) {
            assert_int_equal(seal(r, size, pieces[k], &e), WB_OK);
            assert_int_equal(r->sealed.size, 16 + size + 16 * chunks);
            for (size_t m = k % 3; m < COUNT(pieces); m += 3) {
                assert_int_equal(
                    open_in(r, r->sealed.data, r->sealed.size, pieces[m], &e), WB_OK);
                assert_int_equal(r->opened.size, size);
                assert_true(size == 0 || memcmp(r->opened.data, r->plain, size) == 0);
            }
        }
    }
}

static void
fixed_nonce(void *bytes, size_t size)
{
    memset(bytes, 0x5A, size);
}

/* However it is pushed, one file key, nonce and plaintext give one payload. */
static void
pieces_do_not_show_in_what_is_sealed(void **state)
{
    struct room *r = *state;
    uint8_t first[WB_HASH_BYTES], hash[WB_HASH_BYTES];

    wb_random_source = fixed_nonce;
    for (size_t k = 0; k < COUNT(pieces); k++) {
        assert_int_equal(seal(r, 3 * CHUNK + 5, pieces[k], NULL), WB_OK);
        wb_sha256_of(k == 0 ? first : hash, r->sealed.data, r->sealed.size);
        if (k > 0)
            assert_memory_equal(hash, first, sizeof hash);
    }
    wb_random_source = NULL;
}

static void
two_payloads_under_one_file_key_have_nothing_in_common(void **state)
{
    struct room *r = *state;
    uint8_t first[16 + 32];

    assert_int_equal(seal(r, 16, 16, NULL), WB_OK);
    assert_int_equal(r->sealed.size, sizeof first);
    memcpy(first, r->sealed.data, sizeof first);
    assert_int_equal(seal(r, 16, 16, NULL), WB_OK);
    assert_memory_not_equal(first, r->sealed.data, 16);
    assert_memory_not_equal(first + 16, r->sealed.data + 16, 32);
}

/* Refused, and what came out before was a beginning of the plaintext. */
static void
expect_refusal(struct room *r, const uint8_t *bytes, size_t size, size_t released,
    const char *message)
{
    for (size_t k = 0; k < COUNT(pieces); k++) {
        struct wb_error e = {0};

        assert_int_equal(open_in(r, bytes, size, pieces[k], &e), WB_ERR_INTEGRITY);
        assert_string_equal(e.message, message);
        assert_int_equal(r->opened.size, released);
        assert_true(released == 0 || memcmp(r->opened.data, r->plain, released) == 0);
    }
}

static void
a_payload_that_was_cut_off_is_refused(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};

    assert_int_equal(seal(r, 2 * CHUNK + 500, CHUNK, &e), WB_OK);
    for (size_t size = 0; size < 16; size++) {
        assert_int_equal(open_in(r, r->sealed.data, size, 5, &e), WB_ERR_FORMAT);
        assert_string_equal(e.message, "payload: ends within its nonce");
    }
    expect_refusal(
        r, r->sealed.data, 16, 0, "payload: chunk 1: missing, the file was cut off");
    expect_refusal(
        r, r->sealed.data, 17, 0, "payload: chunk 1: cut off, damaged or altered");
    expect_refusal(r, r->sealed.data, 16 + SEALED - 1, 0,
        "payload: chunk 1: cut off, damaged or altered");
    expect_refusal(r, r->sealed.data, 16 + SEALED, CHUNK,
        "payload: chunk 2: missing, the file was cut off");
    expect_refusal(r, r->sealed.data, 16 + SEALED + 10, CHUNK,
        "payload: chunk 2: cut off, damaged or altered");
    expect_refusal(r, r->sealed.data, 16 + 2 * SEALED, 2 * CHUNK,
        "payload: chunk 3: missing, the file was cut off");
    expect_refusal(r, r->sealed.data, r->sealed.size - 1, 2 * CHUNK,
        "payload: chunk 3: cut off, damaged or altered");
}

static void
bytes_behind_the_last_chunk_are_refused(void **state)
{
    struct room *r = *state;

    assert_int_equal(seal(r, CHUNK, CHUNK, NULL), WB_OK);
    wb_buf_add_text(&r->sealed, "x");
    expect_refusal(r, r->sealed.data, r->sealed.size, CHUNK,
        "payload: chunk 2: bytes behind the last chunk");
    assert_int_equal(seal(r, CHUNK + 3, CHUNK, NULL), WB_OK);
    wb_buf_add_text(&r->sealed, "x");
    expect_refusal(r, r->sealed.data, r->sealed.size, CHUNK,
        "payload: chunk 2: cut off, damaged or altered");
}

static void
chunks_in_another_order_are_refused(void **state)
{
    struct room *r = *state;
    uint8_t *swapped = wb_mem_new(MOST), *second;

    assert_int_equal(seal(r, 3 * CHUNK, CHUNK, NULL), WB_OK);
    memcpy(swapped, r->sealed.data, r->sealed.size);
    second = swapped + 16 + SEALED;
    memcpy(swapped + 16, r->sealed.data + 16 + SEALED, SEALED);
    memcpy(second, r->sealed.data + 16, SEALED);
    expect_refusal(
        r, swapped, r->sealed.size, 0, "payload: chunk 1: damaged or altered");
    memcpy(swapped, r->sealed.data, 16 + SEALED); /* one chunk left out */
    memcpy(second, r->sealed.data + 16 + 2 * SEALED, SEALED);
    expect_refusal(r, swapped, 16 + 2 * SEALED, CHUNK,
        "payload: chunk 2: cut off, damaged or altered");
    wb_mem_free(swapped);
}

/* Sealed by hand: our encoder does not make such a thing. */
static void
an_empty_last_chunk_after_others_is_refused(void **state)
{
    struct room *r = *state;
    uint8_t nonce[WB_AEAD_NONCE_BYTES] = {0}, *payload = wb_mem_new(MOST);
    struct wb_secret *key = NULL;

    assert_int_equal(wb_secret_new(&key, WB_KEY_BYTES, NULL), WB_OK);
    wb_kdf_hkdf(key, r->file_key, payload, 16, "payload");
    wb_aead_seal(payload + 16, r->plain, CHUNK, nonce, key);
    nonce[10] = nonce[11] = 1;
    wb_aead_seal(payload + 16 + SEALED, r->plain, 0, nonce, key);
    expect_refusal(
        r, payload, 16 + SEALED + 16, CHUNK, "payload: chunk 2: the last one is empty");
    wb_mem_free(payload);
    wb_secret_free(&key);
}

static void
every_flipped_bit_of_a_short_payload_is_refused(void **state)
{
    struct room *r = *state;
    size_t tried = 0;

    assert_int_equal(seal(r, 40, 40, NULL), WB_OK);
    for (; tried < r->sealed.size * 8; tried++) {
        r->sealed.data[tried / 8] ^= (uint8_t)(1 << tried % 8);
        assert_int_equal(open_in(r, r->sealed.data, r->sealed.size, SIZE_MAX, NULL),
            WB_ERR_INTEGRITY);
        assert_int_equal(r->opened.size, 0);
        r->sealed.data[tried / 8] ^= (uint8_t)(1 << tried % 8);
    }
    assert_int_equal(tried, (16 + 40 + 16) * 8);
}

static void
another_file_key_opens_nothing(void **state)
{
    struct room *r = *state;
    uint8_t *first = wb_secret_room(r->file_key);

    assert_int_equal(seal(r, 2 * CHUNK, CHUNK, NULL), WB_OK);
    first[0] ^= 1;
    expect_refusal(
        r, r->sealed.data, r->sealed.size, 0, "payload: chunk 1: damaged or altered");
    first[0] ^= 1;
}

static void
after_an_error_or_the_end_nothing_is_taken(void **state)
{
    struct room *r = *state;
    struct wb_age_sink sink = {into_buffer, &r->opened};
    struct wb_age_encoder *c = NULL;
    struct wb_age_decoder *d = NULL;
    struct wb_error e = {0};

    assert_int_equal(seal(r, CHUNK, CHUNK, NULL), WB_OK);
    wb_buf_clear(&r->opened);
    assert_int_equal(wb_age_decoder_new(&d, r->file_key, sink, &e), WB_OK);
    r->sealed.data[20] ^= 1;
    wb_buf_add_text(&r->sealed, "x");
    assert_int_equal(/* the second thread has it still */
        wb_age_decoder_push(d, r->sealed.data, r->sealed.size, &e), WB_OK);
    assert_int_equal(wb_age_decoder_end(d, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "payload: chunk 1: damaged or altered");
    assert_int_equal(wb_age_decoder_push(d, "x", 1, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "payload: goes on after an error");
    assert_int_equal(wb_age_decoder_end(d, &e), WB_ERR_INTEGRITY);
    assert_int_equal(r->opened.size, 0);
    wb_age_decoder_free(&d);

    assert_int_equal(wb_age_encoder_new(&c, r->file_key, sink, &e), WB_OK);
    assert_int_equal(wb_age_encoder_end(c, &e), WB_OK);
    assert_int_equal(wb_age_encoder_push(c, "x", 1, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "payload: has ended already");
    assert_int_equal(wb_age_encoder_end(c, &e), WB_ERR_INTERNAL);
    assert_int_equal(r->opened.size, 32);
    wb_age_encoder_free(&c);
}

/* A sink that refuses from its n-th call on. */
struct tired {
    unsigned calls, last;
};

static enum wb_status
tire(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct tired *t = context;

    (void)bytes;
    (void)size;
    return ++t->calls > t->last ? wb_fail(e, WB_ERR_IO, "disk full") : WB_OK;
}

static void
an_error_of_the_sink_comes_back_and_sticks(void **state)
{
    struct room *r = *state;

    for (unsigned last = 0; last < 4; last++) {
        struct tired t = {0, last};
        struct wb_age_encoder *c = NULL;
        struct wb_error e = {0};
        enum wb_status st =
            wb_age_encoder_new(&c, r->file_key, (struct wb_age_sink){tire, &t}, &e);

        assert_int_equal(st, last == 0 ? WB_ERR_IO : WB_OK);
        if (st == WB_OK &&
            (st = wb_age_encoder_push(c, r->plain, 3 * CHUNK, &e)) == WB_OK)
            st = wb_age_encoder_end(c, &e);
        assert_int_equal(st, WB_ERR_IO);
        assert_string_equal(e.message, "disk full");
        assert_int_equal(t.calls, last + 1);
        if (c != NULL)
            assert_int_equal(wb_age_encoder_end(c, &e), WB_ERR_IO);
        assert_int_equal(t.calls, last + 1);
        wb_age_encoder_free(&c);
    }
}

static size_t allocations, fail_at;

static bool
fail_one(size_t size)
{
    (void)size;
    return ++allocations == fail_at;
}

static enum wb_status
nowhere(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    (void)context;
    (void)bytes;
    (void)size;
    (void)e;
    return WB_OK;
}

static void
zeros(void *bytes, size_t size)
{
    memset(bytes, 0, size);
}

static void
one_thread_or_two_seal_the_same_and_open_it(void **state)
{
    struct room *r = *state;
    struct wb_age_sink sink = {into_buffer, &r->opened};
    struct wb_age_decoder *d = NULL;
    uint8_t hashes[2][WB_HASH_BYTES];

    wb_random_source = zeros;
    for (int i = 0; i < 2; i++) {
        wb_worker_alone = i == 1;
        assert_int_equal(seal(r, MOST, CHUNK / 3, NULL), WB_OK);
        wb_sha256_of(hashes[i], r->sealed.data, r->sealed.size);
        wb_buf_clear(&r->opened);
        assert_int_equal(wb_age_decoder_new(&d, r->file_key, sink, NULL), WB_OK);
        assert_int_equal(
            wb_age_decoder_push(d, r->sealed.data, r->sealed.size, NULL), WB_OK);
        assert_int_equal(wb_age_decoder_end(d, NULL), WB_OK);
        assert_int_equal(r->opened.size, MOST);
        assert_memory_equal(r->opened.data, r->plain, MOST);
        wb_age_decoder_free(&d);
    }
    wb_worker_alone = false;
    wb_random_source = NULL;
    assert_memory_equal(hashes[0], hashes[1], WB_HASH_BYTES);
}

/* All memory is taken at the start, none for a chunk. */
static void
memory_is_taken_once_and_a_failure_is_reported(void **state)
{
    struct room *r = *state;
    struct wb_age_sink sink = {nowhere, NULL};
    struct wb_age_encoder *c = NULL;
    struct wb_age_decoder *d = NULL;
    size_t reached = 0;

    wb_mem_fault = fail_one;
    for (fail_at = 1;; fail_at++, reached++) {
        allocations = 0;
        if (wb_age_encoder_new(&c, r->file_key, sink, NULL) == WB_OK &&
            wb_age_decoder_new(&d, r->file_key, sink, NULL) == WB_OK)
            break;
        assert_true(c == NULL || d == NULL);
        wb_age_encoder_free(&c);
    }
    assert_int_equal(reached, 7);
    fail_at = ++allocations;
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(wb_age_encoder_push(c, r->plain, MOST, NULL), WB_OK);
    assert_int_equal(wb_age_encoder_end(c, NULL), WB_OK);
    assert_int_equal(wb_age_decoder_push(d, r->plain, 17, NULL), WB_OK);
    assert_int_equal(allocations, fail_at);
    wb_mem_fault = NULL;
    wb_age_encoder_free(&c);
    wb_age_decoder_free(&d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_of_all_sizes_come_back_in_pieces_of_all_sizes),
        cmocka_unit_test(one_thread_or_two_seal_the_same_and_open_it),
        cmocka_unit_test(pieces_do_not_show_in_what_is_sealed),
        cmocka_unit_test(two_payloads_under_one_file_key_have_nothing_in_common),
        cmocka_unit_test(a_payload_that_was_cut_off_is_refused),
        cmocka_unit_test(bytes_behind_the_last_chunk_are_refused),
        cmocka_unit_test(chunks_in_another_order_are_refused),
        cmocka_unit_test(an_empty_last_chunk_after_others_is_refused),
        cmocka_unit_test(every_flipped_bit_of_a_short_payload_is_refused),
        cmocka_unit_test(another_file_key_opens_nothing),
        cmocka_unit_test(after_an_error_or_the_end_nothing_is_taken),
        cmocka_unit_test(an_error_of_the_sink_comes_back_and_sticks),
        cmocka_unit_test(memory_is_taken_once_and_a_failure_is_reported),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
