/* tests/unit/test_base64.c - base64, canonical only. */
#include "cm.h"

#include <string.h>

#include "crypto/random.h"
#include "formats/base64.h"

struct pair {
    const char *plain, *padded, *raw;
};

/* RFC 4648 section 10 */
static const struct pair rfc[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
};

static void
check_both_ways(const char *plain, const char *text, enum wb_base64 form)
{
    size_t size = strlen(plain), length = strlen(text);
    char out[16];
    uint8_t back[16];

    assert_int_equal(wb_base64_length(size, form), length);
    memset(out, '#', sizeof out);
    wb_base64_encode(out, plain, size, form);
    assert_memory_equal(out, text, length);
    assert_int_equal(out[length], '#');
    memset(back, 0xAA, sizeof back);
    assert_true(wb_base64_decode(back, size, text, length, form));
    assert_memory_equal(back, plain, size);
    assert_int_equal(back[size], 0xAA);
}

static void
the_vectors_of_rfc_4648_hold_in_both_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc / sizeof *rfc; i++) {
        check_both_ways(rfc[i].plain, rfc[i].padded, WB_BASE64_PADDED);
        check_both_ways(rfc[i].plain, rfc[i].raw, WB_BASE64_RAW);
    }
}

static void
bytes_of_every_length_come_back(void **state)
{
    uint8_t bytes[200], back[200];
    char text[300];

    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++)
        for (enum wb_base64 form = WB_BASE64_PADDED; form <= WB_BASE64_RAW; form++) {
            size_t length = wb_base64_length(size, form);

            wb_random(bytes, size);
            wb_base64_encode(text, bytes, size, form);
            assert_true(wb_base64_decode(back, size, text, length, form));
            assert_memory_equal(back, bytes, size);
        }
}

/* Of all texts of two and three characters exactly as many are accepted as there are
 * values, so none has two texts. */
static void
every_value_has_exactly_one_text(void **state)
{
    unsigned one = 0, two = 0;
    uint8_t out[2];
    char text[3];

    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            text[0] = (char)a;
            text[1] = (char)b;
            one += wb_base64_decode(out, 1, text, 2, WB_BASE64_RAW);
            for (unsigned c = 0; c < 256; c++) {
                text[2] = (char)c;
                two += wb_base64_decode(out, 2, text, 3, WB_BASE64_RAW);
            }
        }
    assert_int_equal(one, 256);
    assert_int_equal(two, 65536);
}

struct refused {
    enum wb_base64 form;
    size_t size;
    const char *text;
};

static const struct refused refused[] = {
    {WB_BASE64_PADDED, 1, "Zg"},
    {WB_BASE64_PADDED, 1, "Zg="},
    {WB_BASE64_PADDED, 1, "Zg==="},
    {WB_BASE64_PADDED, 1, "Zh=="},
    {WB_BASE64_PADDED, 1, "Z==="},
    {WB_BASE64_PADDED, 1, "===="},
    {WB_BASE64_PADDED, 1, "Z=g="},
    {WB_BASE64_PADDED, 2, "Zm9="},
    {WB_BASE64_PADDED, 2, "Zg=="},
    {WB_BASE64_PADDED, 2, "Zg=8"},
    {WB_BASE64_PADDED, 0, "===="},
    {WB_BASE64_PADDED, 3, "Zm9\n"},
    {WB_BASE64_PADDED, 3, " Zm9"},
    {WB_BASE64_PADDED, 3, "Zm9v\n"},
    {WB_BASE64_PADDED, 3, "Zm-_"},
    {WB_BASE64_PADDED, 2, "Zm9v"},
    {WB_BASE64_PADDED, 4, "Zm9v"},
    {WB_BASE64_PADDED, 2, "Zg==Zg=="},
    {WB_BASE64_PADDED, 5, "Zg==Zm9v"},
    {WB_BASE64_RAW, 1, "Zg=="},
    {WB_BASE64_RAW, 1, "Zh"},
    {WB_BASE64_RAW, 2, "Zm9"},
    {WB_BASE64_RAW, 1, "Z"},
    {WB_BASE64_RAW, 3, "Zm9vY"},
    {WB_BASE64_RAW, 2, "Zm8="},
    {WB_BASE64_RAW, 3, "Z\xC3\xA9v"},
};

static void
what_is_not_canonical_is_refused_and_writes_nothing(void **state)
{
    uint8_t out[8], untouched[8];

    (void)state;
    memset(untouched, 0xAA, sizeof untouched);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct refused *r = &refused[i];

        memset(out, 0xAA, sizeof out);
        if (wb_base64_decode(out, r->size, r->text, strlen(r->text), r->form))
            fail_msg("accepted: %s", r->text);
        assert_memory_equal(out, untouched, sizeof out);
    }
}

/* Where the padding belongs, a digit of value zero would leave the bytes the same. */
static void
padding_is_nothing_but_equals_signs(void **state)
{
    static const char *const one[] = {"ZgAA", "ZgA=", "Zg=A"};
    uint8_t out[2];

    (void)state;
    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        assert_false(wb_base64_decode(out, 1, one[i], 4, WB_BASE64_PADDED));
    assert_false(wb_base64_decode(out, 2, "Zm8A", 4, WB_BASE64_PADDED));
}

static void
a_buffer_takes_text_and_bytes(void **state)
{
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 100);
    wb_base64_put(&b, "fooba", 5, WB_BASE64_PADDED);
    wb_base64_put(&b, "fo", 2, WB_BASE64_RAW);
    assert_string_equal(wb_buf_text(&b), "Zm9vYmE=Zm8");
    wb_buf_clear(&b);
    for (size_t i = 0; i < sizeof rfc / sizeof *rfc; i++) {
        assert_true(
            wb_base64_get(&b, rfc[i].padded, strlen(rfc[i].padded), WB_BASE64_PADDED));
        assert_true(wb_base64_get(&b, rfc[i].raw, strlen(rfc[i].raw), WB_BASE64_RAW));
    }
    assert_string_equal(wb_buf_text(&b), "fffofofoofoofoobfoobfoobafoobafoobarfoobar");
    wb_buf_wipe(&b);
}

static void
a_refusal_leaves_a_buffer_as_it_was(void **state)
{
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 100);
    wb_buf_add_text(&b, "kept");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct refused *r = &refused[i];
        size_t length = strlen(r->text);

        if (strcmp(r->text, "Zg==") == 0 || strcmp(r->text, "Zm9v") == 0)
            continue; /* refused above for their size only */
        assert_false(wb_base64_get(&b, r->text, length, r->form));
        assert_string_equal(wb_buf_text(&b), "kept");
    }
    assert_false(wb_base64_get(&b, "Zg==", 4, WB_BASE64_RAW));
    assert_string_equal(wb_buf_text(&b), "kept");
    wb_buf_wipe(&b);
}

static void
a_full_buffer_sticks(void **state)
{
    struct wb_error e = {0};
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 5);
    assert_true(wb_base64_get(&b, "Zm9vYmFy", 8, WB_BASE64_PADDED));
    assert_int_equal(wb_buf_check(&b, &e), WB_ERR_LIMIT);
    wb_buf_clear(&b);
    wb_base64_put(&b, "foob", 4, WB_BASE64_RAW);
    assert_int_equal(wb_buf_check(&b, &e), WB_ERR_LIMIT);
    wb_buf_wipe(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_hold_in_both_forms),
        cmocka_unit_test(bytes_of_every_length_come_back),
        cmocka_unit_test(every_value_has_exactly_one_text),
        cmocka_unit_test(what_is_not_canonical_is_refused_and_writes_nothing),
        cmocka_unit_test(padding_is_nothing_but_equals_signs),
        cmocka_unit_test(a_buffer_takes_text_and_bytes),
        cmocka_unit_test(a_refusal_leaves_a_buffer_as_it_was),
        cmocka_unit_test(a_full_buffer_sticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
