/* tests/unit/test_age_header.c - the header of an age v1 file. */
#include "cm.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/random.h"
#include "formats/age_header.h"
#include "formats/base64.h"

enum { KEYS = 4, LOG_N = 4 };

struct room {
    struct wb_secret *keys[KEYS];
    uint8_t points[KEYS][WB_POINT_BYTES];
    struct wb_secret *file_key;
    struct wb_secret *out; /* of unlocking */
    struct wb_secret *passphrase;
    struct wb_buf header; /* for keys[0], no dummies */
    struct wb_buf scrypt;
};

static struct wb_secret *
secret_of(size_t size)
{
    struct wb_secret *s = NULL;

    if (wb_secret_new(&s, size, NULL) == WB_OK)
        wb_random_secret(s);
    return s;
}

static int
enter(void **state)
{
    static struct room r;

    if (wb_crypto_start(NULL) != WB_OK)
        return -1;
    for (size_t i = 0; i < KEYS; i++) {
        r.keys[i] = secret_of(WB_KEY_BYTES);
        wb_point_new(r.keys[i], r.points[i]);
    }
    r.file_key = secret_of(WB_AGE_FILE_KEY_BYTES);
    r.out = secret_of(WB_AGE_FILE_KEY_BYTES);
    r.passphrase = secret_of(12);
    wb_buf_init(&r.header, WB_AGE_HEADER_BYTES_MAX);
    wb_buf_init(&r.scrypt, WB_AGE_HEADER_BYTES_MAX);
    *state = &r;
    return wb_age_header_write(&r.header, r.points[0], 1, 0, r.file_key, NULL) ==
                WB_OK &&
            wb_age_header_write_scrypt(
                &r.scrypt, r.passphrase, 12, LOG_N, r.file_key, NULL) == WB_OK
        ? 0
        : -1;
}

static int
leave(void **state)
{
    struct room *r = *state;

    for (size_t i = 0; i < KEYS; i++)
        wb_secret_free(&r->keys[i]);
    wb_secret_free(&r->file_key);
    wb_secret_free(&r->out);
    wb_secret_free(&r->passphrase);
    wb_buf_wipe(&r->header);
    wb_buf_wipe(&r->scrypt);
    return 0;
}

/* Feeds all of it in pieces; *used counts over all. */
static enum wb_status
feed(struct wb_age_header **h, size_t *used, const void *bytes, size_t size,
    size_t piece, struct wb_error *e)
{
    enum wb_status st = wb_age_header_new(h, e);
    size_t took;

    *used = 0;
    for (size_t at = 0; st == WB_OK && at < size && !wb_age_header_is_complete(*h);
         at += piece) {
        took = 77777;
        st = wb_age_header_feed(*h, &took, (const uint8_t *)bytes + at,
            size - at < piece ? size - at : piece, e);
        *used += st == WB_OK ? took : 0;
    }
    return st;
}

/* What becomes of a header with a key; r->out is wiped before. */
static enum wb_status
unlock(struct room *r, const void *bytes, size_t size, struct wb_secret *key,
    struct wb_error *e)
{
    struct wb_age_header *h = NULL;
    enum wb_status st;
    size_t used;

    wb_secret_clear(r->out);
    if ((st = feed(&h, &used, bytes, size, size + 1, e)) == WB_OK)
        st = wb_age_header_unlock(r->out, h, &key, 1, e);
    wb_age_header_free(&h);
    return st;
}

static bool
out_is_zero(const struct room *r)
{
    static const uint8_t zeros[WB_AGE_FILE_KEY_BYTES];

    return memcmp(wb_secret_bytes(r->out), zeros, sizeof zeros) == 0;
}

static bool
out_is_file_key(const struct room *r)
{
    return memcmp(wb_secret_bytes(r->out), wb_secret_bytes(r->file_key),
               WB_AGE_FILE_KEY_BYTES) == 0;
}

static void
every_recipient_opens_the_file_key_and_nobody_else(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    for (size_t dummies = 0; dummies <= 13; dummies += 13) {
        wb_buf_clear(&b);
        assert_int_equal(
            wb_age_header_write(&b, r->points[0], 3, dummies, r->file_key, &e), WB_OK);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(unlock(r, b.data, b.size, r->keys[i], &e), WB_OK);
            assert_true(out_is_file_key(r));
        }
        assert_int_equal(unlock(r, b.data, b.size, r->keys[3], &e), WB_ERR_POLICY);
        assert_string_equal(
            e.message, "age header: not addressed to a key of this vault");
        assert_true(out_is_zero(r));
    }
    wb_buf_wipe(&b);
}

static void
one_of_several_identities_is_enough(void **state)
{
    struct room *r = *state;
    struct wb_age_header *h = NULL;
    struct wb_secret *mine[] = {r->keys[3], r->keys[2], r->keys[0]};
    struct wb_error e = {0};
    size_t used;

    assert_int_equal(feed(&h, &used, r->header.data, r->header.size, 1000, &e), WB_OK);
    assert_int_equal(wb_age_header_stanzas(h), 1);
    assert_false(wb_age_header_is_scrypt(h));
    assert_int_equal(wb_age_header_unlock(r->out, h, mine, 3, &e), WB_OK);
    assert_true(out_is_file_key(r));
    wb_secret_clear(r->out);
    assert_int_equal(wb_age_header_unlock(r->out, h, mine, 2, &e), WB_ERR_POLICY);
    assert_int_equal(wb_age_header_unlock(r->out, h, mine, 0, &e), WB_ERR_POLICY);
    assert_true(out_is_zero(r));
    wb_age_header_free(&h);
}

/* However it comes in, the header ends where it ends, and what follows is not touched.
 */
static void
a_header_may_come_in_pieces_of_any_size_with_the_payload_behind_it(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, 4096);
    wb_buf_add(&b, r->header.data, r->header.size);
    wb_buf_add_text(&b, "--- payload\n-> of any bytes\n");
    for (size_t piece = 1; piece <= b.size; piece++) {
        struct wb_age_header *h = NULL;
        size_t used;

        assert_int_equal(feed(&h, &used, b.data, b.size, piece, &e), WB_OK);
        assert_int_equal(used, r->header.size);
        assert_true(wb_age_header_is_complete(h));
        assert_int_equal(wb_age_header_feed(h, &used, "more", 4, &e), WB_OK);
        assert_int_equal(used, 0);
        assert_int_equal(wb_age_header_unlock(r->out, h, &r->keys[0], 1, &e), WB_OK);
        wb_age_header_free(&h);
    }
    wb_buf_wipe(&b);
}

/* The lines of the stanzas lie at fixed places: 22 bytes, then 98 each. */
static void
stanza_at(const struct wb_buf *b, size_t i, uint8_t share[static WB_POINT_BYTES],
    uint8_t body[static WB_AGE_BODY_BYTES])
{
    const char *at = (const char *)b->data + 22 + 98 * i;

    assert_memory_equal(at, "-> X25519 ", 10);
    assert_true(wb_base64_decode(share, WB_POINT_BYTES, at + 10, 43, WB_BASE64_RAW));
    assert_true(wb_base64_decode(body, WB_AGE_BODY_BYTES, at + 54, 43, WB_BASE64_RAW));
}

/* 1 real stanza among 8: 400 headers put it 50 times at each place, and 20 is 4.5
 * standard deviations away. The top bit of a real share is never set, that of 32 random
 * bytes every other time. */
static void
real_stanzas_stand_anywhere_and_dummies_look_like_them(void **state)
{
    struct room *r = *state;
    unsigned places[8] = {0}, opened = 0;
    uint8_t share[WB_POINT_BYTES], body[WB_AGE_BODY_BYTES];
    struct wb_age_wrap w;
    struct wb_buf b;

    assert_int_equal(wb_age_wrap_init(&w, NULL), WB_OK);
    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    for (unsigned round = 0; round < 400; round++) {
        wb_buf_clear(&b);
        assert_int_equal(
            wb_age_header_write(&b, r->points[0], 1, 7, r->file_key, NULL), WB_OK);
        assert_int_equal(b.size, 22 + 98 * 8 + 48);
        for (unsigned i = 0; i < 8; i++) {
            stanza_at(&b, i, share, body);
            assert_int_equal(share[31] >> 7, 0);
            if (!wb_age_wrap_agree(&w, r->keys[0], share, share, r->points[0]))
                fail_msg("a share of low order");
            if (wb_age_wrap_open(&w, body)) {
                places[i]++;
                opened++;
            }
        }
    }
    assert_int_equal(opened, 400);
    for (unsigned i = 0; i < 8; i++)
        assert_in_range(places[i], 20, 80);
    wb_buf_wipe(&b);
    wb_age_wrap_wipe(&w);
}

static void
a_passphrase_opens_what_it_closed(void **state)
{
    struct room *r = *state;
    struct wb_age_header *h = NULL;
    struct wb_error e = {0};
    size_t used;

    assert_int_equal(feed(&h, &used, r->scrypt.data, r->scrypt.size, 1, &e), WB_OK);
    assert_true(wb_age_header_is_scrypt(h));
    wb_secret_clear(r->out);
    assert_int_equal(
        wb_age_header_unlock_scrypt(r->out, h, r->passphrase, 11, LOG_N, &e),
        WB_ERR_PASSPHRASE);
    assert_string_equal(
        e.message, "age header: wrong passphrase, keyboard layout, or damaged header");
    assert_int_equal(
        wb_age_header_unlock_scrypt(r->out, h, r->passphrase, 12, LOG_N - 1, &e),
        WB_ERR_LIMIT);
    assert_string_equal(e.message, "age header: scrypt work factor 4, limit is 3");
    assert_int_equal(wb_age_header_unlock(r->out, h, r->keys, KEYS, &e), WB_ERR_POLICY);
    assert_string_equal(
        e.message, "age header: opens with a passphrase, not with a key");
    assert_true(out_is_zero(r));
    assert_int_equal(
        wb_age_header_unlock_scrypt(r->out, h, r->passphrase, 12, LOG_N, &e), WB_OK);
    assert_true(out_is_file_key(r));
    wb_age_header_free(&h);
}

static void
a_passphrase_does_not_open_what_is_for_keys(void **state)
{
    struct room *r = *state;
    struct wb_age_header *h = NULL;
    struct wb_error e = {0};
    size_t used;

    assert_int_equal(feed(&h, &used, r->header.data, r->header.size, 7, &e), WB_OK);
    wb_secret_clear(r->out);
    assert_int_equal(
        wb_age_header_unlock_scrypt(r->out, h, r->passphrase, 12, WB_AGE_LOG_N_MAX, &e),
        WB_ERR_POLICY);
    assert_string_equal(
        e.message, "age header: opens with a key, not with a passphrase");
    assert_true(out_is_zero(r));
    wb_age_header_free(&h);
}

/* Also for those whose share and body are whole: then the MAC says it. */
static void
every_flipped_bit_and_every_truncation_is_refused(void **state)
{
    struct room *r = *state;
    unsigned counts[WB_ERR_BUSY + 1] = {0};
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, 4096);
    assert_int_equal(
        wb_age_header_write(&b, r->points[0], 1, 1, r->file_key, &e), WB_OK);
    for (size_t i = 0; i < b.size * 8; i++) {
        enum wb_status st;

        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
        st = unlock(r, b.data, b.size, r->keys[0], &e);
        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
        if (st == WB_OK)
            fail_msg("bit %zu does not matter", i);
        assert_true(out_is_zero(r));
        counts[st]++;
    }
    assert_int_equal(counts[WB_ERR_FORMAT] + counts[WB_ERR_TOO_NEW] +
            counts[WB_ERR_POLICY] + counts[WB_ERR_INTEGRITY],
        b.size * 8);
    assert_true(counts[WB_ERR_TOO_NEW] > 0 && counts[WB_ERR_POLICY] > 100 &&
        counts[WB_ERR_INTEGRITY] > 100);
    for (size_t size = 0; size < b.size; size++) {
        assert_int_equal(unlock(r, b.data, size, r->keys[0], &e), WB_ERR_FORMAT);
        assert_non_null(strstr(e.message, ": ends too early"));
    }
    assert_string_equal(e.message, "age header: line 6: ends too early");
    wb_buf_wipe(&b);
}

/* 32 bytes in base64 */
#define B32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define S16 "AAAAAAAAAAAAAAAAAAAAAA"
#define V1 "age-encryption.org/v1\n"
#define X "-> X25519 " B32 "\n" B32 "\n"
#define MAC "--- " B32 "\n"
#define C64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

struct refusal {
    const char *text;
    enum wb_status status;
    const char *message;
};

static const struct refusal refusals[] = {
    {"agf", WB_ERR_FORMAT, "line 1: not a binary age file"},
    {"-----BEGIN AGE", WB_ERR_FORMAT, "line 1: not a binary age file"},
    {"age-encryption.org/v1\r\n", WB_ERR_FORMAT,
        "line 1: a character that cannot be in a version"},
    {"age-encryption.org/\n", WB_ERR_FORMAT, "line 1: no version"},
    {"age-encryption.org/v2\n", WB_ERR_TOO_NEW,
        "line 1: a version of age other than v1"},
    {"age-encryption.org/v\n", WB_ERR_TOO_NEW,
        "line 1: a version of age other than v1"},
    {V1 MAC, WB_ERR_FORMAT, "line 2: no stanza"},
    {V1 "\n", WB_ERR_FORMAT, "line 2: neither a stanza nor the MAC"},
    {V1 "->X25519\n", WB_ERR_FORMAT, "line 2: neither a stanza nor the MAC"},
    {V1 "-> \n", WB_ERR_FORMAT, "line 2: stanza: arguments with one space between"},
    {V1 "-> a  b\n", WB_ERR_FORMAT, "line 2: stanza: arguments with one space between"},
    {V1 "-> a \n", WB_ERR_FORMAT, "line 2: stanza: arguments with one space between"},
    {V1 "-> a\tb\n", WB_ERR_FORMAT, "line 2: stanza: arguments with one space between"},
    {V1 "-> a\x7f\n", WB_ERR_FORMAT,
        "line 2: stanza: arguments with one space between"},
    {V1 "-> X25519\n", WB_ERR_FORMAT,
        "line 2: X25519 stanza: not one share of 32 bytes"},
    {V1 "-> X25519 " B32 " a\n", WB_ERR_FORMAT,
        "line 2: X25519 stanza: not one share of 32 bytes"},
    {V1 "-> X25519 " S16 "\n", WB_ERR_FORMAT,
        "line 2: X25519 stanza: not one share of 32 bytes"},
    {V1 "-> scrypt " S16 "\n", WB_ERR_FORMAT,
        "line 2: scrypt stanza: not a salt of 16 bytes and a work factor"},
    {V1 "-> scrypt " S16 " 018\n", WB_ERR_FORMAT,
        "line 2: scrypt stanza: not a salt of 16 bytes and a work factor"},
    {V1 "-> scrypt " S16 " 1x\n", WB_ERR_FORMAT,
        "line 2: scrypt stanza: not a salt of 16 bytes and a work factor"},
    {V1 "-> scrypt " S16 " 18 a\n", WB_ERR_FORMAT,
        "line 2: scrypt stanza: not a salt of 16 bytes and a work factor"},
    {V1 X "-> scrypt " S16 " 18\n", WB_ERR_FORMAT,
        "line 4: a scrypt stanza is not the only one"},
    {V1 "-> scrypt " S16 " 18\n" B32 "\n-> other\n", WB_ERR_FORMAT,
        "line 4: a scrypt stanza is not the only one"},
    {V1 "-> X25519 " B32 "\n\n", WB_ERR_FORMAT, "line 3: body: 0 bytes, must be 32"},
    {V1 "-> X25519 " B32 "\n" C64 "\n" C64 "\n\n", WB_ERR_FORMAT,
        "line 5: body: 96 bytes, must be 32"},
    {V1 "-> scrypt " S16 " 18\nAAAA\n", WB_ERR_FORMAT,
        "line 3: body: 3 bytes, must be 32"},
    {V1 "-> other\n" C64 "A\n", WB_ERR_FORMAT, "line 3: body: 65 columns, limit is 64"},
    {V1 "-> other\nAB\n", WB_ERR_FORMAT, "line 3: body: not canonical base64"},
    {V1 "-> other\nAA==\n", WB_ERR_FORMAT, "line 3: body: not canonical base64"},
    {V1 "-> other\nAA\r\n", WB_ERR_FORMAT, "line 3: body: not canonical base64"},
    {V1 "-> other\n" C64 "\n" MAC, WB_ERR_FORMAT, "line 4: body: not canonical base64"},
    {V1 "-> other\nAA\nAA\n", WB_ERR_FORMAT, "line 4: neither a stanza nor the MAC"},
    {V1 X "---\n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
    {V1 X "---" B32 "\n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
    {V1 X "---  " B32 "\n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
    {V1 X "--- " B32 " \n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
    {V1 X "--- " B32 "=\n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
    {V1 X "--- " S16 "\n", WB_ERR_FORMAT, "line 4: not a MAC of 32 bytes in base64"},
};

static void
what_is_not_an_age_header_is_refused_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        for (size_t piece = 1; piece <= 1000; piece += 999) {
            const struct refusal *x = &refusals[i];
            struct wb_age_header *h = NULL;
            struct wb_error e = {0};
            size_t used;

            assert_int_equal(
                feed(&h, &used, x->text, strlen(x->text), piece, &e), x->status);
            assert_int_equal(strncmp(e.message, "age header: ", 12), 0);
            assert_string_equal(e.message + 12, x->message);
            used = 7;
            assert_int_equal(wb_age_header_feed(h, &used, "more", 4, &e), x->status);
            assert_string_equal(e.message, "age header: goes on after an error");
            assert_int_equal(used, 7);
            assert_false(wb_age_header_is_complete(h));
            wb_age_header_free(&h);
        }
}

static void
a_share_of_low_order_aborts(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};

    assert_int_equal(
        unlock(r, V1 X MAC, strlen(V1 X MAC), r->keys[0], &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "age header: stanza 1: a share of low order");
    assert_true(out_is_zero(r));
}

static void
unknown_stanzas_are_kept_and_ignored(void **state)
{
    static const char text[] =
        V1 "-> grease !\"#$%&' ~\n" C64 "\n" C64 "\n\n-> x25519 A\nAA\n" MAC;
    struct room *r = *state;
    struct wb_error e = {0};

    assert_int_equal(unlock(r, text, strlen(text), r->keys[0], &e), WB_ERR_POLICY);
}

/* Limits: one at the edge, one over it. */
static void
sixty_four_stanzas_are_read_and_not_one_more(void **state)
{
    struct room *r = *state;
    struct wb_age_header *h = NULL;
    struct wb_error e = {0};
    struct wb_buf b;
    size_t used;

    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    assert_int_equal(
        wb_age_header_write(&b, r->points[0], 4, 60, r->file_key, &e), WB_OK);
    assert_int_equal(feed(&h, &used, b.data, b.size, 4096, &e), WB_OK);
    assert_int_equal(wb_age_header_stanzas(h), 64);
    assert_int_equal(wb_age_header_unlock(r->out, h, &r->keys[3], 1, &e), WB_OK);
    assert_true(out_is_file_key(r));
    wb_age_header_free(&h);
    b.size -= 48; /* the MAC gives way to one more stanza */
    wb_buf_add_text(&b, X MAC);
    assert_int_equal(feed(&h, &used, b.data, b.size, 4096, &e), WB_ERR_LIMIT);
    assert_string_equal(
        e.message, "age header: line 130: stanzas: too many, limit is 64");
    wb_age_header_free(&h);
    wb_buf_wipe(&b);
}

static void
a_header_of_256_kib_is_read_and_not_a_byte_more(void **state)
{
    static const char end[] = "\n\n" X MAC;

    (void)state;
    for (size_t more = 0; more <= 1; more++) {
        size_t size = WB_AGE_HEADER_BYTES_MAX + more, used;
        struct wb_age_header *h = NULL;
        struct wb_error e = {0};
        char *text = wb_mem_new(size);

        memset(text, 'a', size);
        memcpy(text, V1 "-> ", strlen(V1 "-> "));
        memcpy(text + size - strlen(end), end, strlen(end));
        assert_int_equal(
            feed(&h, &used, text, size, 1000, &e), more == 0 ? WB_OK : WB_ERR_LIMIT);
        if (more == 0)
            assert_int_equal(used, size);
        else
            assert_string_equal(
                e.message, "age header: line 6: size: more than 262144 bytes");
        wb_age_header_free(&h);
        wb_mem_free(text);
    }
}

static void
what_cannot_be_written_is_refused_and_leaves_the_buffer_as_it_was(void **state)
{
    struct room *r = *state;
    uint8_t points[2][WB_POINT_BYTES] = {{0}};
    struct wb_error e = {0};
    struct wb_buf b;

    memcpy(points[0], r->points[0], WB_POINT_BYTES);
    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    wb_buf_add_text(&b, "kept");
    assert_int_equal(
        wb_age_header_write(&b, points[0], 2, 2, r->file_key, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "recipient 2: a point of low order, nobody's key");
    assert_int_equal(
        wb_age_header_write(&b, points[0], 0, 4, r->file_key, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "recipients: 0 and 4 dummies, limit is 64");
    assert_int_equal(
        wb_age_header_write(&b, points[0], 1, 64, r->file_key, &e), WB_ERR_LIMIT);
    assert_int_equal(
        wb_age_header_write(&b, points[0], 2, SIZE_MAX, r->file_key, &e), WB_ERR_LIMIT);
    assert_int_equal(
        wb_age_header_write_scrypt(&b, r->passphrase, 12, 31, r->file_key, &e),
        WB_ERR_LIMIT);
    assert_string_equal(e.message, "scrypt: work factor 31, limit is 30");
    assert_string_equal(wb_buf_text(&b), "kept");
    b.max = 100;
    assert_int_equal(
        wb_age_header_write(&b, points[0], 1, 0, r->file_key, &e), WB_ERR_LIMIT);
    wb_buf_wipe(&b);
}

static size_t allocations, fail_at;

static bool
fail_one(size_t size)
{
    (void)size;
    return ++allocations == fail_at;
}

static enum wb_status
write_and_read(struct room *r, struct wb_buf *b, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_age_header_write(b, r->points[0], 2, 2, r->file_key, e)) != WB_OK)
        return st;
    return unlock(r, b->data, b->size, r->keys[1], e);
}

static void
every_failing_allocation_is_reported(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};
    enum wb_status st;
    size_t reached = 0;
    struct wb_buf b;

    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    wb_mem_fault = fail_one;
    for (;; reached++) {
        wb_buf_wipe(&b);
        wb_secret_clear(r->out);
        allocations = 0;
        fail_at = reached + 1;
        if ((st = write_and_read(r, &b, &e)) == WB_OK)
            break;
        assert_int_equal(st, WB_ERR_MEMORY);
        assert_true(out_is_zero(r));
    }
    wb_mem_fault = NULL;
    wb_buf_wipe(&b);
    assert_true(out_is_file_key(r));
    assert_true(reached >= 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recipient_opens_the_file_key_and_nobody_else),
        cmocka_unit_test(one_of_several_identities_is_enough),
        cmocka_unit_test(
            a_header_may_come_in_pieces_of_any_size_with_the_payload_behind_it),
        cmocka_unit_test(real_stanzas_stand_anywhere_and_dummies_look_like_them),
        cmocka_unit_test(a_passphrase_opens_what_it_closed),
        cmocka_unit_test(a_passphrase_does_not_open_what_is_for_keys),
        cmocka_unit_test(every_flipped_bit_and_every_truncation_is_refused),
        cmocka_unit_test(what_is_not_an_age_header_is_refused_by_line),
        cmocka_unit_test(a_share_of_low_order_aborts),
        cmocka_unit_test(unknown_stanzas_are_kept_and_ignored),
        cmocka_unit_test(sixty_four_stanzas_are_read_and_not_one_more),
        cmocka_unit_test(a_header_of_256_kib_is_read_and_not_a_byte_more),
        cmocka_unit_test(
            what_cannot_be_written_is_refused_and_leaves_the_buffer_as_it_was),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
