/* tests/unit/test_bech32.c - Bech32, and the keys of age written in it. */
#include "cm.h"

#include <string.h>

#include "crypto/random.h"
#include "formats/bech32.h"
#include "program.h"

/* age.md, "The X25519 recipient type": 32 bytes 0x42 and their recipient */
static const char example_identity[] =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
static const char example_recipient[] =
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

#define Q41 "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"

struct vector {
    const char *prefix;
    size_t size;
    const char *text;
};

/* BIP 173, "Test vectors" */
static const struct vector valid[] = {
    {"a", 0, "A12UEL5L"},
    {"a", 0, "a12uel5l"},
    {"an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcluded"
     "charactersbio",
        0,
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcluded"
        "charactersbio1tt5tgs"},
    {"abcdef", 20, "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"},
    {"1", 51, "11" Q41 Q41 "c8247j"},
    {"split", 30, "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"},
    {"?", 0, "?1ezyfcl"},
    /* too long for BIP 173, but age knows no limit */
    {"an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcluded"
     "charactersbio",
        0,
        "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcluded"
        "charactersbio1569pvx"},
};

static void
the_valid_vectors_of_bip_173_decode_and_come_back(void **state)
{
    char again[120], lower[120];
    uint8_t bytes[64];
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        const struct vector *v = &valid[i];
        size_t length = strlen(v->text);

        if (wb_bech32_decode(bytes, v->size, v->prefix, v->text, length, &e) != WB_OK)
            fail_msg("%s: %s", v->text, e.message);
        assert_int_equal(wb_bech32_length(strlen(v->prefix), v->size), length);
        wb_bech32_encode(again, v->prefix, bytes, v->size);
        for (size_t k = 0; k <= length; k++)
            lower[k] =
                (char)(v->text[k] >= 'A' && v->text[k] <= 'Z' ? v->text[k] - 'A' + 'a'
                                                              : v->text[k]);
        assert_string_equal(again, lower);
    }
}

static const struct vector invalid[] = {
    {"", 0, "pzry9x0s0muk"},
    {"", 0, "1pzry9x0s0muk"},
    {"x", 0, "x1b4n0q5v"},
    {"li", 0, "li1dgmt3"},
    {"a", 0, "A1G7SGD8"},
    {"", 0, "10a06t8"},
    {"", 0, "1qzzfhee"},
    {"de", 0, "de1lg7wt\xFF"},
    {"x", 0,
        "\x7F"
        "1axkwrx"},
    {"x", 0,
        "\x80"
        "1eym55h"},
    {"x", 0, " 1nwldj5"},
};

static void
the_invalid_vectors_of_bip_173_are_refused(void **state)
{
    struct wb_error e = {0};
    uint8_t bytes[64];

    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        const struct vector *v = &invalid[i];

        if (wb_bech32_decode(bytes, v->size, v->prefix, v->text, strlen(v->text), &e) !=
            WB_ERR_VALUE)
            fail_msg("accepted: number %zu", i);
    }
}

static void
bytes_of_every_length_come_back(void **state)
{
    uint8_t bytes[100], back[100];
    struct wb_error e = {0};
    char text[200];

    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++) {
        wb_random(bytes, size);
        wb_bech32_encode(text, "test", bytes, size);
        assert_int_equal(strlen(text), wb_bech32_length(4, size));
        assert_int_equal(
            wb_bech32_decode(back, size, "test", text, strlen(text), &e), WB_OK);
        assert_memory_equal(back, bytes, size);
    }
}

static struct wb_secret *
secret_of(size_t size)
{
    struct wb_secret *s = NULL;

    assert_int_equal(wb_secret_new(&s, size, NULL), WB_OK);
    return s;
}

static void
the_example_keys_of_age_decode_and_come_back(void **state)
{
    struct wb_secret *secret = secret_of(WB_KEY_BYTES);
    struct wb_secret *text = secret_of(WB_AGE_IDENTITY_CHARS + 1);
    uint8_t expected[WB_KEY_BYTES], point[WB_POINT_BYTES], own[WB_POINT_BYTES];
    char recipient[WB_AGE_RECIPIENT_CHARS + 1];
    struct wb_error e = {0};

    (void)state;
    memset(expected, 0x42, sizeof expected);
    assert_int_equal(
        wb_age_identity_decode(secret, example_identity, strlen(example_identity), &e),
        WB_OK);
    assert_memory_equal(wb_secret_bytes(secret), expected, sizeof expected);
    assert_int_equal(wb_age_recipient_decode(
                         point, example_recipient, strlen(example_recipient), &e),
        WB_OK);
    wb_point_of(own, secret);
    assert_memory_equal(own, point, sizeof own);
    wb_age_recipient_encode(recipient, point);
    assert_string_equal(recipient, example_recipient);
    wb_age_identity_encode(text, secret);
    assert_string_equal((const char *)wb_secret_bytes(text), example_identity);
    wb_secret_free(&text);
    wb_secret_free(&secret);
}

static void
expect_refusal(const char *text, size_t length, const char *message)
{
    uint8_t point[WB_POINT_BYTES], untouched[WB_POINT_BYTES];
    struct wb_error e = {0};

    memset(point, 0xAA, sizeof point);
    memset(untouched, 0xAA, sizeof untouched);
    assert_int_equal(wb_age_recipient_decode(point, text, length, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, message);
    assert_memory_equal(point, untouched, sizeof point);
}

static void
a_recipient_in_upper_case_is_read_too(void **state)
{
    uint8_t lower[WB_POINT_BYTES], upper[WB_POINT_BYTES];
    char text[] = "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ";
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(
        wb_age_recipient_decode(lower, example_recipient, strlen(text), &e), WB_OK);
    assert_int_equal(wb_age_recipient_decode(upper, text, strlen(text), &e), WB_OK);
    assert_memory_equal(upper, lower, sizeof lower);
    text[10] = 'q';
    expect_refusal(text, strlen(text), "key: lower and upper case are mixed");
}

static void
other_prefixes_and_lengths_are_refused_and_write_nothing(void **state)
{
    char text[WB_AGE_RECIPIENT_CHARS + 2];

    (void)state;
    expect_refusal("", 0, "key: does not begin with age1");
    expect_refusal("age", 3, "key: does not begin with age1");
    expect_refusal("bge1", 4, "key: does not begin with age1");
    expect_refusal("age1", 4, "key: 4 characters, must be 62");
    expect_refusal(
        example_identity, strlen(example_identity), "key: does not begin with age1");
    memcpy(text, example_recipient, WB_AGE_RECIPIENT_CHARS);
    text[WB_AGE_RECIPIENT_CHARS] = 'q';
    expect_refusal(text, WB_AGE_RECIPIENT_CHARS + 1, "key: 63 characters, must be 62");
    expect_refusal(text, WB_AGE_RECIPIENT_CHARS - 1, "key: 61 characters, must be 62");
    text[20] = 'b';
    expect_refusal(text, WB_AGE_RECIPIENT_CHARS,
        "key: a character that is not allowed, number 17 behind the prefix");
}

/* BCH codes find every single wrong character, and two swapped neighbours. */
static void
every_wrong_character_is_refused_and_writes_nothing(void **state)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    char text[WB_AGE_RECIPIENT_CHARS];
    unsigned wrong = 0;

    (void)state;
    memcpy(text, example_recipient, sizeof text);
    for (size_t i = 4; i < sizeof text; i++)
        for (size_t k = 0; k < 32; k++) {
            text[i] = alphabet[k];
            if (text[i] == example_recipient[i])
                continue;
            expect_refusal(
                text, sizeof text, "key: wrong checksum, mistyped or damaged");
            wrong++;
            text[i] = example_recipient[i];
        }
    assert_int_equal(wrong, 58 * 31);
}

/* BIP 173's own reference, to make a right checksum over wrong data. */
static uint32_t
reference_polymod(const uint8_t *digits, size_t count)
{
    static const uint32_t gen[] = {
        0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t chk = 1;

    for (size_t i = 0; i < count; i++) {
        uint32_t b = chk >> 25;

        chk = (chk & 0x1ffffff) << 5 ^ digits[i];
        for (unsigned k = 0; k < 5; k++)
            chk ^= (b >> k & 1) != 0 ? gen[k] : 0;
    }
    return chk ^ 1;
}

static void
unused_bits_must_be_zero_even_under_a_right_checksum(void **state)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    uint8_t digits[7 + 52 + 6] = {3, 3, 3, 0, 1, 7, 5};
    char text[WB_AGE_RECIPIENT_CHARS] = "age1";
    uint8_t point[WB_POINT_BYTES];
    struct wb_error e = {0};

    (void)state;
    for (unsigned last = 0; last < 32; last++) {
        uint32_t sum;

        digits[7 + 51] = (uint8_t)last;
        memset(digits + 7 + 52, 0, 6);
        sum = reference_polymod(digits, sizeof digits);
        for (unsigned i = 0; i < 6; i++)
            digits[7 + 52 + i] = (uint8_t)(sum >> (5 * (5 - i)) & 31);
        for (size_t i = 0; i < 58; i++)
            text[4 + i] = alphabet[digits[7 + i]];
        if (last % 16 == 0) {
            assert_int_equal(
                wb_age_recipient_decode(point, text, sizeof text, &e), WB_OK);
            assert_int_equal(point[31], last / 16);
        } else
            expect_refusal(text, sizeof text, "key: unused bits are not zero");
    }
}

static void
a_refused_identity_writes_nothing(void **state)
{
    struct wb_secret *secret = secret_of(WB_KEY_BYTES);
    char text[sizeof example_identity];
    uint8_t zeros[WB_KEY_BYTES] = {0};
    struct wb_error e = {0};

    (void)state;
    memcpy(text, example_identity, sizeof text);
    text[30] = text[30] == 'Q' ? 'P' : 'Q';
    assert_int_equal(
        wb_age_identity_decode(secret, text, sizeof text - 1, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "key: wrong checksum, mistyped or damaged");
    assert_int_equal(wb_age_identity_decode(
                         secret, example_recipient, sizeof example_recipient - 1, &e),
        WB_ERR_VALUE);
    assert_string_equal(e.message, "key: does not begin with age-secret-key-1");
    assert_memory_equal(wb_secret_bytes(secret), zeros, sizeof zeros);
    wb_secret_free(&secret);
}

/* Both ways: its identity gives us its recipient, ours gives it ours. */
static void
age_keygen_agrees_about_keys(void **state)
{
    struct wb_secret *secret = secret_of(WB_KEY_BYTES);
    struct wb_secret *text = secret_of(WB_AGE_IDENTITY_CHARS + 1);
    uint8_t point[WB_POINT_BYTES];
    char folder[PROGRAM_FOLDER_BYTES], ours[WB_AGE_RECIPIENT_CHARS + 2];
    struct wb_error e = {0};
    struct wb_buf b;

    (void)state;
    if (!program_is_there("age-keygen"))
        skip();
    program_folder(folder);
    wb_buf_init(&b, 4096);
    wb_point_new(secret, point);
    wb_age_identity_encode(text, secret);
    program_write(folder, "key", wb_secret_bytes(text), WB_AGE_IDENTITY_CHARS);
    assert_int_equal(program_run(folder, "age-keygen -y key"), 0);
    program_read(folder, "output", &b);
    wb_age_recipient_encode(ours, point);
    strcat(ours, "\n");
    assert_string_equal(wb_buf_text(&b), ours);

    wb_buf_clear(&b);
    assert_int_equal(program_run(folder,
                         "age-keygen | grep ^AGE >key; age-keygen -y key;"
                         " cat key"),
        0);
    program_read(folder, "output", &b);
    assert_int_equal(b.size, WB_AGE_RECIPIENT_CHARS + 1 + WB_AGE_IDENTITY_CHARS + 1);
    assert_int_equal(wb_age_identity_decode(secret,
                         (const char *)b.data + WB_AGE_RECIPIENT_CHARS + 1,
                         WB_AGE_IDENTITY_CHARS, &e),
        WB_OK);
    wb_point_of(point, secret);
    wb_age_recipient_encode(ours, point);
    assert_memory_equal(ours, b.data, WB_AGE_RECIPIENT_CHARS);
    wb_buf_wipe(&b);
    program_sweep(folder);
    wb_secret_free(&text);
    wb_secret_free(&secret);
}

static int
start(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) == WB_OK ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_valid_vectors_of_bip_173_decode_and_come_back),
        cmocka_unit_test(the_invalid_vectors_of_bip_173_are_refused),
        cmocka_unit_test(bytes_of_every_length_come_back),
        cmocka_unit_test(the_example_keys_of_age_decode_and_come_back),
        cmocka_unit_test(a_recipient_in_upper_case_is_read_too),
        cmocka_unit_test(other_prefixes_and_lengths_are_refused_and_write_nothing),
        cmocka_unit_test(every_wrong_character_is_refused_and_writes_nothing),
        cmocka_unit_test(unused_bits_must_be_zero_even_under_a_right_checksum),
        cmocka_unit_test(a_refused_identity_writes_nothing),
        cmocka_unit_test(age_keygen_agrees_about_keys),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
