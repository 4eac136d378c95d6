/* tests/unit/test_options.c - the words of a command line against its rows. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { WORDS_MAX = 16 };

/* Parses `text`, whose words are divided by single spaces, as if typed. */
static enum wb_status
parse(struct cli *c, const char *text, struct wb_error *e)
{
    static char copy[512];
    char *argv[WORDS_MAX + 1] = {NULL}, *rest = copy;
    int argc = 0;

    (void)snprintf(copy, sizeof copy, "witnessbox %s", text);
    while (argc < WORDS_MAX && (argv[argc] = strsep(&rest, " ")) != NULL)
        argc++;
    *c = (struct cli){0};
    return cli_parse(c, argc, argv, e);
}

static void
refused(const char *text, const char *message)
{
    struct wb_error e = {0};
    struct cli c;

    assert_int_equal(parse(&c, text, &e), WB_ERR_USAGE);
    assert_int_equal(e.status, WB_ERR_USAGE);
    assert_string_equal(e.message, message);
}

/* Parsed, then the operands are counted. */
static void
refused_operands(const char *text, const char *message)
{
    struct wb_error e = {0};
    struct cli c;

    assert_int_equal(parse(&c, text, &e), WB_OK);
    assert_int_equal(cli_check_operands(&c, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, message);
}

static const void *
member(const struct cli *c, const char *name)
{
    const struct cli_option *row = c->command->options;

    while (strcmp(row->name, name) != 0)
        row++;
    return c->options.bytes + row->offset;
}

static const struct cli_list *
list(const struct cli *c, const char *name)
{
    return member(c, name);
}

static const char *
word(const struct cli *c, const char *name)
{
    const char *const *at = member(c, name);

    return *at;
}

static void
global_options_stand_before_and_behind_the_command(void **state)
{
    struct wb_error e = {0};
    struct cli c;

    (void)state;
    assert_int_equal(
        parse(&c, "--vault a --json show x --quiet --passphrase-fd=7", &e), WB_OK);
    assert_string_equal(c.command->name, "show");
    assert_string_equal(c.global.vault, "a");
    assert_true(c.global.json && c.global.quiet && c.global.passphrase_fd.given);
    assert_int_equal(c.global.passphrase_fd.value, 7);
    assert_int_equal(c.operand_count, 1);
    assert_string_equal(c.operands[0], "x");
}

static void
a_value_is_joined_or_follows(void **state)
{
    struct wb_error e = {0};
    struct cli c;

    (void)state;
    assert_int_equal(
        parse(&c, "add k -Fa=1 -F b=2 --field c=3 --field=d=4 --attach p", &e), WB_OK);
    assert_int_equal(list(&c, "field")->count, 4);
    assert_string_equal(list(&c, "field")->items[0], "a=1");
    assert_string_equal(list(&c, "field")->items[1], "b=2");
    assert_string_equal(list(&c, "field")->items[2], "c=3");
    assert_string_equal(list(&c, "field")->items[3], "d=4");
    assert_int_equal(list(&c, "attach")->count, 1);
    assert_string_equal(list(&c, "attach")->items[0], "p");
}

static void
two_dashes_end_the_options_and_one_is_a_word(void **state)
{
    struct wb_error e = {0};
    struct cli c;

    (void)state;
    assert_int_equal(parse(&c, "attach - -- --json", &e), WB_OK);
    assert_false(c.global.json);
    assert_int_equal(c.operand_count, 2);
    assert_string_equal(c.operands[0], "-");
    assert_string_equal(c.operands[1], "--json");
}

static void
a_group_takes_a_second_word(void **state)
{
    struct wb_error e = {0};
    struct cli c;

    (void)state;
    assert_int_equal(parse(&c, "contact --json verify anna --how voice", &e), WB_OK);
    assert_string_equal(c.command->name, "contact verify");
    assert_string_equal(word(&c, "how"), "voice");
    assert_null(c.group);
    assert_int_equal(parse(&c, "contact", &e), WB_OK);
    assert_null(c.command);
    assert_string_equal(c.group, "contact");
}

static void
an_unknown_command_is_told_where_to_look(void **state)
{
    (void)state;
    refused("lst", "lst: no such command; `witnessbox help` lists them");
    refused(
        "contact lst", "contact lst: no such command; `witnessbox help` lists them");
}

static void
an_unknown_option_is_told_what_there_is_without_its_value(void **state)
{
    (void)state;
    refused("contact verify --hwo=name-of-a-witness",
        "contact verify: --hwo: no such option; it takes --how --words --organisation "
        "and the "
        "global ones");
    refused("info -xname-of-a-witness",
        "info: -x: no such option; it takes no options of its own");
    refused("--deep verify",
        "--deep: no such option before a command; `witnessbox help` "
        "lists them");
}

static void
an_option_without_its_value_is_refused(void **state)
{
    (void)state;
    refused("list --kind", "--kind: KIND is missing behind it");
    refused("verify --deep=yes", "--deep: takes no value");
}

static void
an_option_given_twice_is_refused(void **state)
{
    (void)state;
    refused("list --kind a --kind b", "--kind: given twice");
    refused("--passphrase-fd 3 list --passphrase-fd 3", "--passphrase-fd: given twice");
}

static void
a_number_is_digits_within_its_range(void **state)
{
    static const char *const wrong[] = {
        "63", "4097", "-64", "+64", "64x", "0x40", "", "18446744073709551680"};
    char text[64], message[128];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        (void)snprintf(text, sizeof text, "init --kdf-memory %s", wrong[i]);
        (void)snprintf(message, sizeof message,
            "--kdf-memory: '%s' is not a number from 64 to 4096", wrong[i]);
        refused(text, message);
    }
    refused("list --limit 0", "--limit: '0' is not a number of 1 or more");
}

static void
operands_are_counted_by_the_row(void **state)
{
    struct wb_error e = {0};
    struct cli c;

    (void)state;
    refused_operands("amend", "amend: ID is missing: amend ID");
    refused_operands("attach x", "attach: PATH is missing: attach ID PATH...");
    refused_operands("show a b", "show: 'b' is one word too many: show ID[@ROOT]");
    refused_operands("list a", "list: 'a' is one word too many: list takes none");
    refused_operands("inspect", "inspect: FILE is missing: inspect FILE...");
    assert_int_equal(parse(&c, "attach x a b c", &e), WB_OK);
    assert_int_equal(cli_check_operands(&c, &e), WB_OK);
    assert_int_equal(parse(&c, "kinds", &e), WB_OK);
    assert_int_equal(cli_check_operands(&c, &e), WB_OK);
    assert_int_equal(parse(&c, "export", &e), WB_OK);
    assert_int_equal(cli_check_operands(&c, &e), WB_OK);
}

static size_t
value_size(enum cli_option_kind kind)
{
    switch (kind) {
    case CLI_FLAG:
        return sizeof(bool);
    case CLI_WORD:
        return sizeof(const char *);
    case CLI_NUMBER:
        return sizeof(struct cli_number);
    case CLI_LIST:
        return sizeof(struct cli_list);
    }
    return 0;
}

static bool
is_global(const char *name)
{
    for (const struct cli_option *row = cli_globals; row->name != NULL; row++)
        if (strcmp(row->name, name) == 0)
            return true;
    return false;
}

/* A row that is off would write past the options, or could never be reached. */
static void
every_row_is_sound(void **state)
{
    size_t commands = 0, options = 0;

    (void)state;
    for (; cli_commands[commands] != NULL; commands++) {
        const struct cli_command *command = cli_commands[commands];
        const struct cli_option *row = command->options;

        assert_ptr_equal(cli_command_find(command->name), command);
        assert_non_null(command->run);
        assert_non_null(command->help);
        assert_true(command->summary[0] != '\0');
        assert_true(command->options_size <= CLI_OPTIONS_BYTES);
        for (; row != NULL && row->name != NULL; row++, options++) {
            assert_true(row->offset + value_size(row->kind) <= command->options_size);
            assert_true(row->help[0] != '\0');
            assert_true((row->kind == CLI_FLAG) == (row->value == NULL));
            assert_false(is_global(row->name));
        }
    }
    assert_true(commands > 20);
    assert_true(options > 25);
}

static bool
names_a_file(const char *word)
{
    static const char *const words[] = {
        "FILE", "PATH", "DIR", "CARD", "VAULT", "@PATH"};

    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strncmp(word + (word[0] == '['), words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* Else the sandbox closes it off. */
static void
every_word_that_names_a_file_says_for_what(void **state)
{
    unsigned files = 0;

    (void)state;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const struct cli_command *c = cli_commands[i];
        const char *second = strchr(c->operands, ' ');

        if (names_a_file(c->operands)) {
            assert_true(c->first_use != CLI_NO_FILE);
            files++;
        }
        if (second != NULL && names_a_file(second + 1)) {
            assert_true(c->rest_use != CLI_NO_FILE);
            files++;
        }
        for (const struct cli_option *row = c->options;
             row != NULL && row->name != NULL; row++)
            if (names_a_file(row->value)) {
                assert_true(row->use != CLI_NO_FILE);
                files++;
            }
    }
    assert_true(files > 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(global_options_stand_before_and_behind_the_command),
        cmocka_unit_test(a_value_is_joined_or_follows),
        cmocka_unit_test(two_dashes_end_the_options_and_one_is_a_word),
        cmocka_unit_test(a_group_takes_a_second_word),
        cmocka_unit_test(an_unknown_command_is_told_where_to_look),
        cmocka_unit_test(an_unknown_option_is_told_what_there_is_without_its_value),
        cmocka_unit_test(an_option_without_its_value_is_refused),
        cmocka_unit_test(an_option_given_twice_is_refused),
        cmocka_unit_test(a_number_is_digits_within_its_range),
        cmocka_unit_test(operands_are_counted_by_the_row),
        cmocka_unit_test(every_row_is_sound),
        cmocka_unit_test(every_word_that_names_a_file_says_for_what),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
