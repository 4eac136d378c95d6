/* vault/cli/options.c - argv against the rows of options. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const struct cli_option cli_globals[] = {
    {.name = "vault",
        .kind = CLI_WORD,
        .offset = offsetof(struct cli_global, vault),
        .value = "FILE",
        .help = "the vault; else $" WB_VARIABLE ", else the usual place"},
    {.name = "passphrase-fd",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct cli_global, passphrase_fd),
        .value = "N",
        .most = INT_MAX,
        .help = "read the passphrase from this open descriptor"},
    {.name = "passphrase-file",
        .kind = CLI_WORD,
        .offset = offsetof(struct cli_global, passphrase_file),
        .value = "FILE",
        .help = "read the passphrase from this file",
        .use = CLI_READS},
    {.name = "key-file",
        .kind = CLI_WORD,
        .offset = offsetof(struct cli_global, key_file),
        .value = "FILE",
        .help = "a file that the passphrase opens together with",
        .use = CLI_READS},
    {.name = "head-file",
        .kind = CLI_WORD,
        .offset = offsetof(struct cli_global, head_file),
        .value = "FILE",
        .help = "compare with the head kept there, then keep the newest one there",
        .use = CLI_MAKES},
    {.name = "idle",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct cli_global, idle),
        .value = "MINUTES",
        .help = "without a key for so long, wipe all keys and ask again (15)",
        .least = 1,
        .most = 1440},
    {.name = "json",
        .kind = CLI_FLAG,
        .offset = offsetof(struct cli_global, json),
        .help = "answer with one JSON document"},
    {.name = "quiet",
        .kind = CLI_FLAG,
        .offset = offsetof(struct cli_global, quiet),
        .help = "leave out the notes"},
    {.name = "help",
        .kind = CLI_FLAG,
        .offset = offsetof(struct cli_global, help),
        .help = "what the command does"},
    {.name = "version",
        .kind = CLI_FLAG,
        .offset = offsetof(struct cli_global, version),
        .help = "which version this is"},
    {.name = NULL},
};

/* The words that are left, and the room for lists: each list can take at most argc. */
struct words {
    struct cli *c;
    char **argv;
    int argc;
    int at;
    struct wb_error *e;
};

static const struct cli_option *
find_row(const struct cli_option *rows, const char *name, size_t size, char letter)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (letter != 0 && rows->letter == letter)
            return rows;
        if (letter == 0 && strlen(rows->name) == size &&
            memcmp(rows->name, name, size) == 0)
            return rows;
    }
    return NULL;
}

/* The row of an option and the struct its value goes to. */
static const struct cli_option *
find_option(struct cli *c, void **base, const char *name, size_t size, char letter)
{
    const struct cli_option *row = NULL;

    *base = c->options.bytes;
    if (c->command != NULL)
        row = find_row(c->command->options, name, size, letter);
    if (row == NULL) {
        *base = &c->global;
        row = find_row(cli_globals, name, size, letter);
    }
    return row;
}

static enum wb_status
no_such_option(const struct words *w, const char *word)
{
    char known[256] = "";
    const struct cli_option *row;
    size_t used = 0;

    if (w->c->command == NULL)
        return cli_fail(w->e, WB_ERR_USAGE,
            "%s: no such option before a command; `%shelp` lists them", word,
            cli_program());
    for (row = w->c->command->options; row != NULL && row->name != NULL; row++)
        if (used < sizeof known)
            used +=
                (size_t)snprintf(known + used, sizeof known - used, " --%s", row->name);
    return cli_fail(w->e, WB_ERR_USAGE, "%s: %s: no such option; it takes%s%s",
        w->c->command->name, word,
        used > 0 ? known : cli_word(" no options of its own"),
        used > 0 ? cli_word(" and the global ones") : "");
}

static enum wb_status
put_number(struct cli_number *to, const struct cli_option *row, const char *text,
    struct words *w)
{
    unsigned long long value;
    char *end = NULL;

    errno = 0;
    value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
        value < row->least || value > row->most) {
        if (row->most == UINT64_MAX)
            return cli_fail(w->e, WB_ERR_USAGE,
                "--%s: '%s' is not a number of %ju or more", row->name, text,
                (uintmax_t)row->least);
        return cli_fail(w->e, WB_ERR_USAGE,
            "--%s: '%s' is not a number from %ju to %ju", row->name, text,
            (uintmax_t)row->least, (uintmax_t)row->most);
    }
    to->given = true;
    to->value = value;
    return WB_OK;
}

static enum wb_status
put_item(struct cli_list *to, const char *text, struct words *w)
{
    if (to->items == NULL)
        to->items = cli_take((size_t)w->argc, sizeof *to->items);
    if (to->items == NULL)
        return cli_fail(w->e, WB_ERR_MEMORY, "not enough memory");
    to->items[to->count++] = text;
    return WB_OK;
}

static enum wb_status
put_value(void *base, const struct cli_option *row, const char *text, struct words *w)
{
    unsigned char *to = (unsigned char *)base + row->offset;
    struct cli_number *number = (void *)to;
    const char **word = (void *)to;
    bool given = (row->kind == CLI_NUMBER && number->given) ||
        (row->kind == CLI_WORD && *word != NULL);

    if (given)
        return cli_fail(w->e, WB_ERR_USAGE, "--%s: given twice", row->name);
    switch (row->kind) {
    case CLI_FLAG:
        *(bool *)to = true;
        return WB_OK;
    case CLI_WORD:
        *word = text;
        return WB_OK;
    case CLI_NUMBER:
        return put_number(number, row, text, w);
    case CLI_LIST:
        return put_item((void *)to, text, w);
    }
    return WB_OK;
}

/* --name, --name=value, --name value, -n value, -nvalue. */
static enum wb_status
take_option(struct words *w)
{
    char *word = w->argv[w->at];
    bool is_long = word[1] == '-';
    size_t size = is_long ? strcspn(word + 2, "=") : 1;
    const char *text = word + (is_long ? 2 : 1) + size;
    const struct cli_option *row;
    void *base;

    row = find_option(
        w->c, &base, is_long ? word + 2 : NULL, size, is_long ? 0 : word[1]);
    if (row == NULL) {
        word[is_long ? 2 + size : 2] = '\0'; /* the value stays out of the message */
        return no_such_option(w, word);
    }
    if (row->kind == CLI_FLAG) {
        if (*text != '\0')
            return cli_fail(w->e, WB_ERR_USAGE, "--%s: takes no value", row->name);
    } else if (*text == '\0') {
        if (++w->at >= w->argc)
            return cli_fail(w->e, WB_ERR_USAGE, "--%s: %s is missing behind it",
                row->name, row->value);
        text = w->argv[w->at];
    } else if (is_long)
        text++; /* past the '=' */
    return put_value(base, row, text, w);
}

/* `identity` is a command, and the first word of another one. */
static void
take_second(struct words *w, const char *word)
{
    const struct cli_command *longer;
    char name[64];

    if (w->at + 1 >= w->argc || !cli_command_is_group(word))
        return;
    (void)snprintf(name, sizeof name, "%s %s", word, w->argv[w->at + 1]);
    if ((longer = cli_command_find(name)) == NULL)
        return;
    w->c->command = longer;
    w->at++;
}

static enum wb_status
take_command(struct words *w)
{
    const char *word = w->argv[w->at];
    char name[64];

    (void)snprintf(name, sizeof name, "%s%s%s", w->c->group != NULL ? w->c->group : "",
        w->c->group != NULL ? " " : "", word);
    w->c->command = cli_command_find(name);
    if (w->c->command != NULL && w->c->group == NULL)
        take_second(w, word);
    if (w->c->command != NULL) {
        assert(w->c->command->options_size <= CLI_OPTIONS_BYTES);
        w->c->group = NULL;
        return WB_OK;
    }
    if (w->c->group == NULL && cli_command_is_group(word)) {
        w->c->group = word;
        return WB_OK;
    }
    return cli_fail(w->e, WB_ERR_USAGE, "%s: no such command; `%shelp` lists them",
        name, cli_program());
}

enum wb_status
cli_parse(struct cli *c, int argc, char **argv, struct wb_error *e)
{
    struct words w = {.c = c, .argv = argv, .argc = argc, .at = 1, .e = e};
    bool options_end = false;
    enum wb_status st = WB_OK;

    c->operands = cli_take((size_t)argc + 1, sizeof *c->operands);
    if (c->operands == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (; st == WB_OK && w.at < argc; w.at++) {
        char *word = argv[w.at];

        if (!options_end && strcmp(word, "--") == 0)
            options_end = true;
        else if (!options_end && word[0] == '-' && word[1] != '\0')
            st = take_option(&w);
        else if (c->command == NULL)
            st = take_command(&w);
        else
            c->operands[c->operand_count++] = word;
    }
    return st;
}

enum wb_status
cli_check_operands(const struct cli *c, struct wb_error *e)
{
    const char *at = c->command->operands;
    size_t most = 0;
    bool repeats = false;

    while (*at != '\0') {
        size_t size = strcspn(at, " ");

        repeats = strstr(at, "...") != NULL;
        if (*at != '[' && c->operand_count <= most)
            return cli_fail(e, WB_ERR_USAGE, "%s: %.*s is missing: %s %s",
                c->command->name, (int)strcspn(at, " ."), at, c->command->name,
                c->command->operands);
        most++;
        at += size + (at[size] == ' ');
    }
    if (!repeats && c->operand_count > most)
        return cli_fail(e, WB_ERR_USAGE, "%s: '%s' is one word too many: %s %s",
            c->command->name, c->operands[most], c->command->name,
            most > 0 ? c->command->operands : cli_word("takes none"));
    return WB_OK;
}
