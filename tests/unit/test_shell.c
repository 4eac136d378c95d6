/* tests/unit/test_shell.c - a line typed in the shell: its words, and those before it.
 */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "cli/shell.h"

/* The words of a line, each in brackets. */
static void
assert_words(const char *line, const char *expected)
{
    char *words[SHELL_WORDS_MAX + 1], text[256], found[512] = "";
    struct wb_error e = {0};
    int count = -1;

    assert_true(strlen(line) < sizeof text);
    memcpy(text, line, strlen(line) + 1);
    assert_int_equal(shell_words(text, words, &count, &e), WB_OK);
    for (int i = 0; i < count; i++)
        (void)snprintf(
            found + strlen(found), sizeof found - strlen(found), "[%s]", words[i]);
    assert_null(words[count]);
    assert_string_equal(found, expected);
}

static void
blanks_part_words_and_quotes_hold_them_together(void **state)
{
    (void)state;
    assert_words("", "");
    assert_words("   ", "");
    assert_words("list", "[list]");
    assert_words("  list \t --kind  person ", "[list][--kind][person]");
    assert_words("add x -F 'title=A night' ", "[add][x][-F][title=A night]");
    assert_words("a\"b c\"d", "[ab cd]");
    assert_words("'it''s' \"it's\" it\\'s", "[its][it's][it's]");
    assert_words("'a\\b' \"a\\\"b\" a\\ b", "[a\\b][a\"b][a b]");
    assert_words("'' x \"\"", "[][x][]");
    assert_words("\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82 'x\ny'",
        "[\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82][x\ny]");
}

static void
a_quote_without_its_end_is_refused(void **state)
{
    static const char *const lines[] = {"'", "add 'x", "add \"x' y", "a'b"};
    char *words[SHELL_WORDS_MAX + 1], text[64];
    struct wb_error e;
    int count;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        e = (struct wb_error){0};
        memcpy(text, lines[i], strlen(lines[i]) + 1);
        assert_int_equal(shell_words(text, words, &count, &e), WB_ERR_USAGE);
        assert_string_equal(e.message, "a quote has no end: close it as it was opened");
    }
}

static void
too_many_words_are_refused(void **state)
{
    char *words[SHELL_WORDS_MAX + 1], text[2 * SHELL_WORDS_MAX + 4];
    struct wb_error e = {0};
    int count;

    (void)state;
    for (size_t i = 0; i <= SHELL_WORDS_MAX; i++)
        memcpy(text + 2 * i, "x ", 3);
    assert_int_equal(shell_words(text, words, &count, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "more than 256 words");
    for (size_t i = 0; i < SHELL_WORDS_MAX; i++)
        memcpy(text + 2 * i, "x ", 3);
    assert_int_equal(shell_words(text, words, &count, &e), WB_OK);
    assert_int_equal(count, SHELL_WORDS_MAX);
}

static void
assert_line(const struct cli_reader *r, const char *expected)
{
    assert_int_equal(r->line.size, strlen(expected));
    if (r->line.size > 0)
        assert_memory_equal(r->line.bytes, expected, r->line.size);
}

static void
the_lines_before_come_back_newest_first_and_only_so_many(void **state)
{
    static struct shell_history h;
    struct cli_reader r = {0};
    struct cli_bytes line = {0};
    char text[16];

    (void)state;
    shell_history_step(&h, &r, 1);
    assert_line(&r, "");
    for (int i = 0; i < SHELL_HISTORY + 3; i++) {
        (void)snprintf(text, sizeof text, "line %d", i);
        cli_bytes_cut(&line, 0, line.size);
        assert_true(cli_bytes_put(&line, 0, text, strlen(text)));
        shell_history_keep(&h, &line);
    }
    shell_history_step(&h, &r, 1);
    assert_line(&r, "line 34");
    shell_history_step(&h, &r, 1);
    assert_line(&r, "line 33");
    shell_history_step(&h, &r, -1);
    assert_line(&r, "line 34");
    shell_history_step(&h, &r, -1);
    assert_line(&r, "");
    for (int i = 0; i < 2 * SHELL_HISTORY; i++)
        shell_history_step(&h, &r, 1);
    assert_line(&r, "line 3");
    cli_bytes_free(&line);
    cli_reader_free(&r);
}

static void
bytes_are_put_in_and_cut_out_in_any_size(void **state)
{
    struct cli_bytes b = {0};
    char block[1000];

    (void)state;
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 500; i++)
        assert_true(cli_bytes_put(&b, b.size / 2, block, sizeof block));
    assert_int_equal(b.size, 500000);
    assert_true(cli_bytes_put(&b, 7, "abc", 3));
    cli_bytes_cut(&b, 0, 7);
    assert_memory_equal(b.bytes, "abcx", 4);
    cli_bytes_cut(&b, 3, b.size);
    assert_int_equal(b.size, 3);
    for (size_t i = 3; i < 500000; i++)
        assert_int_equal(b.bytes[i], 0); /* nothing is left behind it */
    cli_bytes_free(&b);
    assert_null(b.bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_part_words_and_quotes_hold_them_together),
        cmocka_unit_test(a_quote_without_its_end_is_refused),
        cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(the_lines_before_come_back_newest_first_and_only_so_many),
        cmocka_unit_test(bytes_are_put_in_and_cut_out_in_any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
