/* tests/unit/test_value.c - what each kind of value takes, and what it says otherwise.
 */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "record/record.h"

static struct wb_field field = {1, "f", WB_LINE, 0, "purpose", "", "", "", ""};

static void
assert_takes(enum wb_value_kind kind, const char *const *texts)
{
    struct wb_error e = {0};

    field.kind = kind;
    for (; *texts != NULL; texts++)
        if (wb_value_check(&field, *texts, strlen(*texts), &e) != WB_OK)
            fail_msg("%s: %s", *texts, e.message);
}

static void
assert_refuses_with(
    enum wb_value_kind kind, const char *text, size_t size, const char *message)
{
    struct wb_error e = {0};

    field.kind = kind;
    if (wb_value_check(&field, text, size, &e) != WB_ERR_VALUE)
        fail_msg("taken: %s", text);
    assert_int_equal(e.status, WB_ERR_VALUE);
    assert_string_equal(e.message, message);
}

static void
assert_refuses_all(
    enum wb_value_kind kind, const char *const *texts, const char *message)
{
    for (; *texts != NULL; texts++)
        assert_refuses_with(kind, *texts, strlen(*texts), message);
}

static void
nothing_is_not_a_value_of_any_kind(void **state)
{
    int kinds = 0;

    (void)state;
    for (enum wb_value_kind kind = WB_LINE; kind <= WB_TERM; kind++, kinds++)
        assert_refuses_with(kind, "", 0, "empty");
    assert_int_equal(kinds, 11);
}

static void
a_line_is_one_line_of_at_most_1024_bytes(void **state)
{
    static const char *const good[] = {"a", " ", "tab\there", "\x1b[31mred",
        "\xd0\x93\xd0\xb0\xd0\xb4\xd0\xbe\xd0\xb5\xd0\xb2", NULL};
    char text[1025];

    (void)state;
    assert_takes(WB_LINE, good);
    memset(text, 'x', sizeof text);
    field.kind = WB_LINE;
    assert_int_equal(wb_value_check(&field, text, 1024, NULL), WB_OK);
    assert_refuses_with(WB_LINE, text, 1025, "size: 1025 bytes, limit is 1,024");
    assert_refuses_with(
        WB_LINE, "one\ntwo", 7, "byte 4: a line break, one line is allowed");
    assert_refuses_with(
        WB_LINE, "one\r", 4, "byte 4: a line break, one line is allowed");
    assert_refuses_with(WB_LINE, "a\xff", 2, "byte 2: not UTF-8");
    assert_refuses_with(WB_LINE, "a\0b", 3, "byte 2: a zero character");
}

static void
a_paragraph_keeps_its_line_feeds_and_has_at_most_16_mebibytes(void **state)
{
    static const char *const good[] = {"one\ntwo\n", "\n", "a\r\nb", NULL};
    size_t limit = 16u * 1024 * 1024;
    char *text = malloc(limit + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', limit + 1);
    assert_takes(WB_TEXT, good);
    field.kind = WB_TEXT;
    assert_int_equal(wb_value_check(&field, text, limit, NULL), WB_OK);
    assert_refuses_with(
        WB_TEXT, text, limit + 1, "size: 16777217 bytes, limit is 16 MiB a paragraph");
    assert_refuses_with(WB_TEXT, "\xc3", 1, "byte 1: not UTF-8");
    free(text);
}

static void
a_date_is_edtf_and_its_refusal_names_the_position(void **state)
{
    static const char *const good[] = {
        "2021-10-20", "2021-03", "2019", "2019?", "2021-10/..", NULL};

    (void)state;
    assert_takes(WB_DATE, good);
    field.kind = WB_DATE;
    for (int i = 0; i < 2; i++) {
        static const char *const bad[] = {"2021-13", "last month"};
        struct wb_error e = {0};

        assert_int_equal(
            wb_value_check(&field, bad[i], strlen(bad[i]), &e), WB_ERR_VALUE);
        assert_memory_equal(e.message, "position ", 9);
    }
}

static void
a_reference_is_a_whole_id(void **state)
{
    static const char *const good[] = {"7zzzzzzzzzzzzzzzzzzzzzzzzw", NULL};
    static const char *const bad[] = {"7zzz", "7zzzzzzzzzzzzzzzzzzzzzzzzw7",
        "7zzzzzzzzzzzzzzzzzzzzzzzzz", "7ZZZZZZZZZZZZZZZZZZZZZZZZW",
        "izzzzzzzzzzzzzzzzzzzzzzzzw", NULL};

    (void)state;
    assert_takes(WB_REF, good);
    assert_refuses_all(WB_REF, bad, "not a whole id, which has 26 characters");
}

static void
a_code_is_a_word_of_its_list_and_the_refusal_names_them(void **state)
{
    static const char *const good[] = {"internal", "un", "national-court", NULL};
    static const char *const bad[] = {"UN", "u", "unn", "un ", "named", NULL};

    (void)state;
    assert_takes(WB_CODE, good);
    assert_refuses_all(WB_CODE, bad,
        "not a word of the list purpose: internal partner national-court "
        "international-court un archive advocacy publication research");
}

static void
a_long_list_is_not_poured_into_the_refusal(void **state)
{
    (void)state;
    field.list = "relation";
    assert_refuses_with(WB_CODE, "uncle", 5,
        "not one of the 47 words of the list relation; `kinds KIND FIELD` shows them");
    field.list = "purpose";
}

static void
a_code_from_elsewhere_may_be_of_a_newer_list(void **state)
{
    (void)state;
    field.kind = WB_CODE;
    assert_int_equal(wb_value_check_foreign(&field, "media", 5, NULL), WB_OK);
    assert_int_equal(wb_value_check_foreign(&field, "a\nb", 3, NULL), WB_ERR_VALUE);
    field.kind = WB_NUMBER;
    assert_int_equal(wb_value_check_foreign(&field, "x", 1, NULL), WB_ERR_VALUE);
}

static void
a_count_is_a_number_a_rising_range_or_at_least_a_number(void **state)
{
    static const char *const good[] = {"0", "3", "3..5", "9..10", "5..5",
        "999999999999", "0..999999999999", "40..", NULL};
    static const char *const bad[] = {"03", "03..", "..5", "..", "3.", "3...5", "3..05",
        "3-5", "-1", "1000000000000", "3..1000000000000", " 3", "3 ", "3.5", NULL};
    static const char *const falling[] = {"5..3", "10..9", "2..1", NULL};

    (void)state;
    assert_takes(WB_COUNT, good);
    assert_refuses_all(WB_COUNT, bad,
        "not a count: 3, or 3..5, or 40.. for at least, up to 12 digits each");
    assert_refuses_all(WB_COUNT, falling, "the range ends below its beginning");
}

static void
a_point_is_a_geo_uri(void **state)
{
    static const char *const good[] = {
        "geo:55.7558,37.6173;u=500", "geo:-33.9,18.4", NULL};

    (void)state;
    assert_takes(WB_PLACE, good);
    assert_refuses_with(
        WB_PLACE, "geo:91,0", 8, "position 5: latitude, limit is 90 degrees");
}

static void
a_term_is_a_number_of_two_digits_a_level(void **state)
{
    static const char *const good[] = {"01", "0103", "99", "123456789012", NULL};
    static const char *const bad[] = {
        "1", "010", "01 ", "0x", "abduction", "12345678901234", NULL};

    (void)state;
    assert_takes(WB_TERM, good);
    assert_refuses_all(
        WB_TERM, bad, "not a number of a thesaurus: 2 to 12 digits, two a level");
}

static void
a_number_has_up_to_18_digits_and_no_leading_zero(void **state)
{
    static const char *const good[] = {"0", "7", "999999999999999999", NULL};
    static const char *const bad[] = {
        "00", "07", "1000000000000000000", "1e3", "+1", "-1", "1 ", NULL};

    (void)state;
    assert_takes(WB_NUMBER, good);
    assert_refuses_all(
        WB_NUMBER, bad, "not a number: up to 18 digits without a zero in front");
}

static void
a_digest_has_64_lower_case_digits(void **state)
{
    static const char *const good[] = {
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", NULL};
    static const char *const bad[] = {
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
        "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", NULL};

    (void)state;
    assert_takes(WB_DIGEST, good);
    assert_refuses_all(
        WB_DIGEST, bad, "not a SHA-256: 64 lower-case hexadecimal digits");
}

/* Examples of RFC 5646 appendix A, and what its grammar does not give. */
static void
a_language_is_a_well_formed_bcp_47_tag(void **state)
{
    static const char *const good[] = {"ru", "tg", "tk", "tg-Cyrl", "zh-Hant",
        "zh-cmn-Hans-CN", "zh-yue-HK", "sr-Latn-RS", "sl-rozaj", "sl-rozaj-biske",
        "de-CH-1901", "sl-IT-nedis", "hy-Latn-IT-arevela", "es-419", "de-DE",
        "de-CH-x-phonebk", "az-Arab-x-AZE-derbend", "x-whatever", "x-a-b", "qaa-Qaaa",
        "en-US-u-islamcal", "zh-CN-a-myext-x-private", "en-a-myext-b-another", "tlh",
        "abcdefgh", NULL};
    static const char *const bad[] = {"r", "1", "12", "ru-", "-ru", "ru--RU", "ru_RU",
        "de-419-DE", "a-DE", "en-a", "en-x", "x", "abcdefghi", "de-1", "ru-R\xc3\x9c",
        "en-abcdefghi", "zh-abc-def-ghi-jkl", "en-a-b-cc", "ru RU", NULL};

    (void)state;
    assert_takes(WB_LANGUAGE, good);
    assert_refuses_all(WB_LANGUAGE, bad, "not a language tag: en, tg-Cyrl, ru-RU");
}

static void
a_language_tag_of_many_parts_is_refused_not_overrun(void **state)
{
    char tag[3 + 24 * 3 + 1] = "en-x";

    (void)state;
    for (int i = 0; i < 22; i++)
        strcat(tag, "-a");
    field.kind = WB_LANGUAGE;
    assert_int_equal(wb_value_check(&field, tag, strlen(tag), NULL), WB_OK);
    strcat(tag, "-a");
    assert_refuses_with(
        WB_LANGUAGE, tag, strlen(tag), "not a language tag: en, tg-Cyrl, ru-RU");
}

static void
states_have_names_both_ways_but_withheld_cannot_be_set(void **state)
{
    static const enum wb_state settable[] = {
        WB_STATE_ABSENT, WB_STATE_UNKNOWN, WB_STATE_NOT_ASKED, WB_STATE_REFUSED};
    enum wb_state found = WB_STATE_TEXT;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(wb_state_find(&found, wb_state_name(settable[i])));
        assert_int_equal(found, settable[i]);
    }
    assert_string_equal(wb_state_name(WB_STATE_NOT_ASKED), "not-asked");
    assert_string_equal(wb_state_name(WB_STATE_WITHHELD), "withheld");
    assert_null(wb_state_name(WB_STATE_TEXT));
    found = WB_STATE_TEXT;
    assert_false(wb_state_find(&found, "withheld"));
    assert_false(wb_state_find(&found, "Unknown"));
    assert_int_equal(found, WB_STATE_TEXT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_not_a_value_of_any_kind),
        cmocka_unit_test(a_line_is_one_line_of_at_most_1024_bytes),
        cmocka_unit_test(a_paragraph_keeps_its_line_feeds_and_has_at_most_16_mebibytes),
        cmocka_unit_test(a_date_is_edtf_and_its_refusal_names_the_position),
        cmocka_unit_test(a_reference_is_a_whole_id),
        cmocka_unit_test(a_code_is_a_word_of_its_list_and_the_refusal_names_them),
        cmocka_unit_test(a_long_list_is_not_poured_into_the_refusal),
        cmocka_unit_test(a_code_from_elsewhere_may_be_of_a_newer_list),
        cmocka_unit_test(a_count_is_a_number_a_rising_range_or_at_least_a_number),
        cmocka_unit_test(a_point_is_a_geo_uri),
        cmocka_unit_test(a_term_is_a_number_of_two_digits_a_level),
        cmocka_unit_test(a_number_has_up_to_18_digits_and_no_leading_zero),
        cmocka_unit_test(a_digest_has_64_lower_case_digits),
        cmocka_unit_test(a_language_is_a_well_formed_bcp_47_tag),
        cmocka_unit_test(a_language_tag_of_many_parts_is_refused_not_overrun),
        cmocka_unit_test(states_have_names_both_ways_but_withheld_cannot_be_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
