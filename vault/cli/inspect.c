/* vault/cli/inspect.c - `inspect`: what a bundle holds; nothing is stored. */
#include "arrivals.h"
#include "cli.h"
#include "commands.h"

struct inspect_options {
    struct cli_words words;
};

static const struct cli_option rows[] = {
    CLI_WORDS_ROWS(struct inspect_options),
    {.name = NULL},
};

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct inspect_options *o = (const void *)c->options.bytes;
    struct cli_arrivals files = {.reading = {.words = &o->words, .read = wb_inspect}};

    return cli_arrivals_run(c, &files, e);
}

const struct cli_command cli_inspect = {
    .name = "inspect",
    .needs = CLI_READ,
    .operands = "FILE...",
    .first_use = CLI_READS,
    .rest_use = CLI_READS,
    .run = run,
    .summary = "check files of any kind of ours and tell what they hold",
    .options = rows,
    .options_size = sizeof(struct inspect_options),
    .help =
        "Nothing is shown before everything was checked: encryption, form, hashes,\n"
        "signature, roots and proofs. Nothing is stored. Cards, heads, requests, "
        "shares and\n"
        "vaults are told apart; the parts of a bundle may come in any order.",
};
