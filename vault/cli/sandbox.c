/* vault/cli/sandbox.c - which files a command line names; all others are given up. */
#include <string.h>

#include "cli.h"
#include "commands.h"

static void
put(struct wb_sandbox_rules *rules, const char *path, enum wb_sandbox_use use)
{
    /* the room for it was counted in most_paths */
    struct wb_sandbox_path *paths = (void *)(uintptr_t)rules->paths;

    paths[rules->count++] = (struct wb_sandbox_path){path, use};
}

static bool
is_here_without(enum cli_use use)
{
    return use == CLI_MAKES_IN || use == CLI_FILLS_HERE;
}

static void
put_word(struct wb_sandbox_rules *rules, const char *word, enum cli_use use)
{
    if (use == CLI_FIELDS) {
        word = strstr(word, "=@");
        if (word != NULL)
            put(rules, word + 2, WB_SANDBOX_READ);
        return;
    }
    if (word == NULL && is_here_without(use))
        put(rules, ".", WB_SANDBOX_WRITE);
    if (word == NULL || strcmp(word, "-") == 0)
        return;
    if (use == CLI_READS)
        put(rules, word, WB_SANDBOX_READ);
    else if (use == CLI_FILLS_HERE || (use == CLI_MAKES_IN && cli_is_folder(word)))
        put(rules, word, WB_SANDBOX_WRITE);
    else if (use != CLI_NO_FILE)
        put(rules, word, WB_SANDBOX_BESIDE);
}

static void
put_option(struct wb_sandbox_rules *rules, const struct cli_option *row,
    const unsigned char *value)
{
    const struct cli_list *list = (const void *)value;
    const char *const *word = (const void *)value;

    if (row->use == CLI_NO_FILE)
        return;
    if (row->kind == CLI_WORD)
        put_word(rules, *word, row->use);
    for (size_t i = 0; row->kind == CLI_LIST && i < list->count; i++)
        put_word(rules, list->items[i], row->use);
}

/* Each option and each word gives one at most. */
static size_t
most_paths(const struct cli *c)
{
    const struct cli_option *row;
    size_t most = 2 + c->operand_count;

    for (row = cli_globals; row->name != NULL; row++)
        most++;
    for (row = c->command->options; row != NULL && row->name != NULL; row++) {
        const struct cli_list *list = (const void *)(c->options.bytes + row->offset);

        most += row->kind == CLI_LIST ? list->count : 1;
    }
    return most;
}

enum wb_status
cli_sandbox(struct cli *c, struct wb_error *e)
{
    struct wb_sandbox_rules rules = {cli_take(most_paths(c), sizeof *rules.paths), 0};
    const unsigned char *globals = (const void *)&c->global;
    const struct cli_option *row;

    if (rules.paths == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    if (c->command->needs >= CLI_PATH) /* only the usual place is made for the user */
        put(&rules, c->path,
            c->command->needs == CLI_PATH && c->default_path ? WB_SANDBOX_MAKE
                                                             : WB_SANDBOX_BESIDE);
    for (row = cli_globals; row->name != NULL; row++)
        put_option(&rules, row, globals + row->offset);
    for (row = c->command->options; row != NULL && row->name != NULL; row++)
        put_option(&rules, row, c->options.bytes + row->offset);
    for (size_t i = 0; i < c->operand_count; i++)
        put_word(&rules, c->operands[i],
            i == 0 ? c->command->first_use : c->command->rest_use);
    if (c->command == &cli_shell) /* its commands are not known yet */
        put(&rules, ".", WB_SANDBOX_WRITE);
    return wb_sandbox_enter(&rules, e);
}
