/* vault/cli/inspect.c - `inspect`: what a bundle holds; nothing is stored. */
#include "cli.h"
#include "commands.h"

static enum wb_status
inspect_one(struct cli *c, void *cookie, const char *path, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st;

    (void)cookie;
    if ((st = wb_inspect(c->vault, path, &report, e)) != WB_OK)
        return cli_within(e, st, path);
    cli_bundle_print(c, report, false);
    wb_report_free(&report);
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    return cli_each_operand(c, 0, inspect_one, NULL, e);
}

const struct cli_command cli_inspect = {
    .name = "inspect",
    .needs = CLI_READ,
    .operands = "FILE...",
    .first_use = CLI_READS,
    .rest_use = CLI_READS,
    .run = run,
    .summary = "check a bundle and tell what it holds",
    .help =
        "Nothing is shown before everything was checked: encryption, form, hashes,\n"
        "signature, roots and proofs. Nothing is stored.",
};
