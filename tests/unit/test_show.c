/* tests/unit/test_show.c - text made safe for terminals and for JSON (text.h). */
#include "cm.h"

#include <string.h>
#include <witnessbox/text.h>

#include "base/mem.h"

static void
assert_shown(const char *text, size_t size, bool lines, const char *expected)
{
    char *shown = wb_text_safe(text, size, lines);

    assert_non_null(shown);
    assert_string_equal(shown, expected);
    wb_text_free(shown);
}

static void
controls_of_terminal_and_direction_are_written_out(void **state)
{
    (void)state;
    assert_shown("", 0, false, "");
    assert_shown("\x1b[31m\x7f", 6, false, "\\u{1b}[31m\\u{7f}");
    assert_shown("\xc2\x9b", 2, false, "\\u{9b}");
    assert_shown("a\xe2\x80\xae"
                 "b",
        5, false, "a\\u{202e}b");
    assert_shown("\xff\xc3", 2, false, "\\xff\\xc3");
    assert_shown("\xd0\x90", 2, false, "\xd0\x90");
}

static void
a_line_feed_stays_one_only_where_lines_are_wanted(void **state)
{
    (void)state;
    assert_shown("a\nb\r", 4, true, "a\nb\\u{d}");
    assert_shown("a\nb", 3, false, "a\\u{a}b");
}

/* The answer has room for the worst there is. */
static void
a_text_of_nothing_but_escapes_fits(void **state)
{
    char text[3000];
    char *shown;

    (void)state;
    memset(text, 1, sizeof text);
    shown = wb_text_safe(text, sizeof text, false);
    assert_int_equal(strlen(shown), 5 * sizeof text);
    wb_text_free(shown);
    memset(text, 0x1b, sizeof text);
    shown = wb_text_safe(text, sizeof text, false);
    assert_int_equal(strlen(shown), 6 * sizeof text);
    wb_text_free(shown);
    shown = wb_text_json(text, sizeof text);
    assert_int_equal(strlen(shown), 6 * sizeof text + 2);
    wb_text_free(shown);
}

static void
columns_count_wide_characters_twice_and_accents_not(void **state)
{
    (void)state;
    assert_int_equal(wb_text_columns("abc", 3), 3);
    assert_int_equal(wb_text_columns("\xe4\xba\xba", 3), 2);
    assert_int_equal(wb_text_columns("e\xcc\x81", 3), 1);
    assert_int_equal(wb_text_columns("", 0), 0);
}

static void
a_json_string_has_its_quotes_and_the_least_escapes(void **state)
{
    char *text = wb_text_json("a\"\\\n\xd0\x90/", 7);

    (void)state;
    assert_string_equal(text, "\"a\\\"\\\\\\u000a\xd0\x90/\"");
    wb_text_free(text);
    text = wb_text_json("", 0);
    assert_string_equal(text, "\"\"");
    wb_text_free(text);
    assert_null(wb_text_json("\xff", 1));
    assert_null(wb_text_json("a\0b", 3));
}

/* Readers get the same text; a terminal gets nothing to obey. */
static void
in_json_direction_and_c1_controls_are_escaped_as_well(void **state)
{
    char *text = wb_text_json("a\xe2\x80\xae"
                              "b\xc2\x9b\x7f\xd9\x8a",
        10);

    (void)state;
    assert_string_equal(text, "\"a\\u202eb\\u009b\\u007f\xd9\x8a\"");
    wb_text_free(text);
}

static bool
fail_all(size_t size)
{
    (void)size;
    return true;
}

static void
without_memory_the_answer_is_nothing(void **state)
{
    (void)state;
    wb_mem_fault = fail_all;
    assert_null(wb_text_safe("a", 1, false));
    assert_null(wb_text_json("a", 1));
    wb_mem_fault = NULL;
    wb_text_free(NULL);
}

static void
a_wiped_buffer_is_zero(void **state)
{
    char text[] = "passphrase";
    static const char zeros[sizeof text];

    (void)state;
    wb_text_wipe(text, sizeof text);
    assert_memory_equal(text, zeros, sizeof text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_of_terminal_and_direction_are_written_out),
        cmocka_unit_test(a_line_feed_stays_one_only_where_lines_are_wanted),
        cmocka_unit_test(a_text_of_nothing_but_escapes_fits),
        cmocka_unit_test(columns_count_wide_characters_twice_and_accents_not),
        cmocka_unit_test(a_json_string_has_its_quotes_and_the_least_escapes),
        cmocka_unit_test(in_json_direction_and_c1_controls_are_escaped_as_well),
        cmocka_unit_test(without_memory_the_answer_is_nothing),
        cmocka_unit_test(a_wiped_buffer_is_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
