/* vault/cli/import.c - `import`: a bundle into the vault, beside what is there. */
#include "cli.h"
#include "commands.h"

struct import_options {
    bool accept;
};

static const struct cli_option rows[] = {
    {.name = "accept",
        .kind = CLI_FLAG,
        .offset = offsetof(struct import_options, accept),
        .help = "also from a sender whose key was not compared; it stays marked"},
    {.name = NULL},
};

static enum wb_status
import_one(struct cli *c, void *cookie, const char *path, struct wb_error *e)
{
    const struct import_options *o = cookie;
    struct wb_bundle_report *report = NULL;
    enum wb_status st;

    st = wb_import(c->vault, path, o->accept ? WB_IMPORT_ACCEPT : 0, &report, e);
    if (st != WB_OK)
        return cli_within(e, st, path);
    cli_bundle_print(c, report, true);
    wb_report_free(&report);
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    return cli_each_operand(c, 0, import_one, c->options.bytes, e);
}

const struct cli_command cli_import = {
    .name = "import",
    .needs = CLI_WRITE,
    .operands = "FILE...",
    .run = run,
    .summary = "take a bundle in",
    .options = rows,
    .options_size = sizeof(struct import_options),
    .help =
        "Each bundle is one transaction, and taking it in twice changes nothing. What\n"
        "others wrote never replaces what is ours: both are kept.",
};
