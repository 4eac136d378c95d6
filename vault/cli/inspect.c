/* vault/cli/inspect.c - `inspect`: what a bundle holds; nothing is stored. */
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
inspect_one(struct cli *c, void *cookie, const char *path, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st;

    if ((st = cli_bundle_read(c, cookie, path, &report, e)) != WB_OK)
        return st;
    cli_bundle_print(c, report, false);
    wb_report_free(&report);
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct inspect_options *o = (const void *)c->options.bytes;
    struct cli_reading reading = {.words = &o->words, .read = wb_inspect};

    return cli_each_operand(c, 0, inspect_one, &reading, e);
}

const struct cli_command cli_inspect = {
    .name = "inspect",
    .needs = CLI_READ,
    .operands = "FILE...",
    .first_use = CLI_READS,
    .rest_use = CLI_READS,
    .run = run,
    .summary = "check a bundle and tell what it holds",
    .options = rows,
    .options_size = sizeof(struct inspect_options),
    .help =
        "Nothing is shown before everything was checked: encryption, form, hashes,\n"
        "signature, roots and proofs. Nothing is stored.",
};
