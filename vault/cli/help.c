/* vault/cli/help.c - `help`: read from the rows, so that it cannot drift. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { NAME_COLUMNS = 24 };

/* What an exit status says (error.h), from 0. */
static const char *const exits[] = {"done", "failed", "usage", "no passphrase fits",
    "tampered or damaged", "refused", "not found or ambiguous",
    "in use by another process"};
enum { EXITS = sizeof exits / sizeof *exits };

/* What a word names on the disk: "file", "folder", "new" for a file that is made,
 * "field" for FIELD=@PATH; "" nothing. */
static const char *
use_word(enum cli_use use)
{
    static const char *const words[] = {[CLI_NO_FILE] = "",
        [CLI_READS] = "file",
        [CLI_MAKES] = "new",
        [CLI_MAKES_IN] = "new",
        [CLI_FILLS_HERE] = "folder",
        [CLI_FIELDS] = "field"};

    return words[use];
}

static void
json_option(struct cli *c, const struct cli_option *row)
{
    const char letter[2] = {row->letter, '\0'};

    cli_json_open(c, '{');
    cli_json_pair(c, "name", row->name);
    cli_json_pair(c, "letter", letter);
    cli_json_pair(c, "value", row->value != NULL ? row->value : "");
    cli_json_pair(c, "file", use_word(row->use));
    cli_json_key(c, "repeats");
    cli_json_bool(c, row->kind == CLI_LIST);
    cli_json_pair(c, "help", row->help);
    cli_json_close(c, '}');
}

static void
json_options(struct cli *c, const struct cli_option *row)
{
    cli_json_key(c, "options");
    cli_json_open(c, '[');
    for (; row != NULL && row->name != NULL; row++)
        json_option(c, row);
    cli_json_close(c, ']');
}

static void
json_command(struct cli *c, const struct cli_command *command)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "name", command->name);
    cli_json_pair(c, "operands", command->operands);
    cli_json_pair(c, "first", use_word(command->first_use));
    cli_json_pair(c, "rest", use_word(command->rest_use));
    cli_json_pair(c, "summary", command->summary);
    cli_json_pair(c, "help", command->help);
    json_options(c, command->options);
    cli_json_close(c, '}');
}

static void
print_options(const struct cli_option *row)
{
    char left[64], letter[8];

    for (; row != NULL && row->name != NULL; row++) {
        letter[0] = '\0';
        if (row->letter != 0)
            (void)snprintf(letter, sizeof letter, "-%c, ", row->letter);
        (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name,
            row->value != NULL ? " " : "", row->value != NULL ? row->value : "");
        cli_print("  %-*s  %s%s\n", NAME_COLUMNS, left, cli_word(row->help),
            row->kind == CLI_LIST ? cli_word("; may be repeated") : "");
    }
}

void
cli_help_command(struct cli *c, const struct cli_command *command)
{
    if (c->global.json) {
        json_command(c, command);
        return;
    }
    cli_print("%s%s%s%s%s\n\n%s.\n", cli_program(), command->name,
        command->options != NULL ? " [OPTIONS]" : "",
        command->operands[0] != '\0' ? " " : "", command->operands,
        cli_word(command->summary));
    if (command->help[0] != '\0')
        cli_print("%s\n", cli_word(command->help));
    if (command->options != NULL) {
        cli_print("\n");
        print_options(command->options);
    }
    if (cli_program()[0] != '\0')
        cli_print(cli_word("\n`%shelp` lists the options that every command takes.\n"),
            cli_program());
}

static bool
is_of(const struct cli_command *command, const char *group)
{
    size_t size = group != NULL ? strlen(group) : 0;

    return group == NULL ||
        (strncmp(command->name, group, size) == 0 && command->name[size] == ' ');
}

static void
json_all(struct cli *c, const char *group)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "program", WB_PROGRAM);
    cli_json_pair(c, "variable", WB_VARIABLE);
    json_options(c, cli_globals);
    cli_json_key(c, "commands");
    cli_json_open(c, '[');
    for (size_t i = 0; cli_commands[i] != NULL; i++)
        if (is_of(cli_commands[i], group))
            json_command(c, cli_commands[i]);
    cli_json_close(c, ']');
    cli_json_key(c, "exits");
    cli_json_open(c, '[');
    for (size_t i = 0; i < EXITS; i++)
        cli_json_text(c, exits[i], strlen(exits[i]));
    cli_json_close(c, ']');
    cli_json_close(c, '}');
}

void
cli_help_all(struct cli *c, const char *group)
{
    char left[64];

    if (c->global.json) {
        json_all(c, group);
        return;
    }
    cli_print("%s[OPTIONS] %s\n\n", cli_program(), group != NULL ? group : "COMMAND");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const struct cli_command *command = cli_commands[i];

        if (!is_of(command, group))
            continue;
        (void)snprintf(left, sizeof left, "%s %s", command->name, command->operands);
        cli_print("  %-*s  %s\n", NAME_COLUMNS, left, cli_word(command->summary));
    }
    if (group != NULL || cli_program()[0] == '\0')
        return; /* in the shell they were given when it began */
    cli_print("%s", cli_word("\nWith every command:\n"));
    print_options(cli_globals);
    cli_print("%s", cli_word("\nExit status:\n"));
    for (size_t i = 0; i < EXITS; i++)
        cli_print("  %zu  %s\n", i, cli_word(exits[i]));
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct cli_command *command;
    char name[64];

    if (c->operand_count == 0) {
        cli_help_all(c, NULL);
        return WB_OK;
    }
    (void)snprintf(name, sizeof name, "%s%s%s", c->operands[0],
        c->operand_count > 1 ? " " : "", c->operand_count > 1 ? c->operands[1] : "");
    command = cli_command_find(name);
    if (command != NULL)
        cli_help_command(c, command);
    else if (cli_command_is_group(name))
        cli_help_all(c, name);
    else
        return cli_fail(e, WB_ERR_USAGE, "%s: no such command; `%shelp` lists them",
            name, cli_program());
    return WB_OK;
}

const struct cli_command cli_help = {
    .name = "help",
    .needs = CLI_NONE,
    .operands = "[COMMAND...]",
    .run = run,
    .summary = "list the commands, or explain one",
    .help = "",
};
