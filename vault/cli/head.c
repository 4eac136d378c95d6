/* vault/cli/head.c - `head`: the newest signed checkpoint, byte for byte. */
#include "cli.h"
#include "commands.h"

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const char *checkpoint;
    enum wb_status st = wb_head(c->vault, &checkpoint, e);

    if (st != WB_OK)
        return st;
    if (!c->global.json) {
        cli_print("%s", checkpoint);
        return WB_OK;
    }
    cli_json_open(c, '{');
    cli_json_pair(c, "checkpoint", checkpoint);
    cli_json_close(c, '}');
    return WB_OK;
}

const struct cli_command cli_head = {
    .name = "head",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "print the log's signed checkpoint",
    .help = "A C2SP tlog-checkpoint. Kept outside of the vault it shows later that "
            "nothing\n"
            "was rolled back or rewritten.",
};
