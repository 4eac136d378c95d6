/* vault/cli/rekey.c - `rekey`: new keys for everything, without any passphrase but one.
 */
#include "commands.h"
#include "new.h"

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    enum wb_status st = cli_rekey(c, e);

    if (st == WB_OK && c->global.json) {
        cli_json_open(c, '{');
        cli_json_key(c, "rekeyed");
        cli_json_bool(c, true);
        cli_json_close(c, '}');
    }
    return st;
}

const struct cli_command cli_rekey_command = {
    .name = "rekey",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run,
    .summary = "new keys, after a passphrase was changed or known to others",
    .help = "All passphrases and shares stay as they are. Keys that somebody copied "
            "before\n"
            "open nothing that is added from now on. All or nothing; the time goes "
            "with the\n"
            "number of revisions, not with their size.",
};
