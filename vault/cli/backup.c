/* vault/cli/backup.c - `backup`: a verified copy of the whole vault. */
#include <string.h>

#include "commands.h"

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const char *path = c->operands[0];
    enum wb_status st = wb_backup(c->vault, path, e);

    if (st != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "path", path);
        cli_json_close(c, '}');
    }
    cli_note(c,
        "%s: written and verified; it opens with today's passphrases, also after they "
        "are "
        "changed here",
        path);
    return WB_OK;
}

const struct cli_command cli_backup = {
    .name = "backup",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_MAKES,
    .run = run,
    .in_field = true,
    .summary = "write a verified copy of the vault to a new file",
    .help =
        "Whole or not at all, and logged in both. To use one again: `restore`, which\n"
        "begins the log anew, so that two copies never claim the same history.",
};
