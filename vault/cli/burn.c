/* vault/cli/burn.c - `burn`: the vault destroyed, without any passphrase. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { ANSWER_BYTES = 16 };

struct burn_options {
    bool yes;
};

static const struct cli_option rows[] = {
    {.name = "yes",
        .kind = CLI_FLAG,
        .offset = offsetof(struct burn_options, yes),
        .help = "do not ask"},
    {.name = NULL},
};

static enum wb_status
confirm(const struct cli *c, const struct wb_burn *b, struct wb_error *e)
{
    const struct burn_options *o = (const void *)c->options.bytes;
    char answer[ANSWER_BYTES];
    enum wb_status st;

    if (o->yes)
        return WB_OK;
    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "burn: there is no terminal to ask on; confirm with --yes");
    cli_warn("%s: %" PRIu64 " bytes%s: no passphrase and no share will ever open it "
             "again; copies elsewhere are not touched",
        c->path, b->bytes, b->burnt ? cli_word(", burnt already") : "");
    st = cli_ask(answer, sizeof answer, "Type BURN to destroy this vault: ", e);
    if (st == WB_OK && strcmp(answer, "BURN") != 0)
        st = cli_fail(e, WB_ERR_USAGE, "not confirmed; nothing was destroyed");
    return st;
}

static void
tell(struct cli *c, const struct wb_burn *b)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "path", c->path);
        cli_json_count(c, "bytes", b->bytes);
        cli_json_key(c, "burnt");
        cli_json_bool(c, true);
        cli_json_close(c, '}');
    } else {
        cli_print("burnt: ");
        cli_print_safe(c->path, strlen(c->path));
        cli_print("\n");
    }
    cli_note(c,
        "the file stays, as noise, and shows that it was burnt; flash memory and "
        "images taken before may still hold the old header");
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_burn b;
    enum wb_status st;

    if ((st = wb_burn_look(&b, c->path, e)) == WB_OK &&
        (st = confirm(c, &b, e)) == WB_OK && (st = wb_burn(c->path, e)) == WB_OK)
        tell(c, &b);
    return st;
}

const struct cli_command cli_burn = {
    .name = "burn",
    .needs = CLI_PATH,
    .operands = "",
    .run = run,
    .summary = "destroy the vault",
    .options = rows,
    .options_size = sizeof(struct burn_options),
    .help =
        "Overwrites the keys in the file's header, in well under a second, whatever "
        "its\n"
        "size, and what a journal holds. Needs no passphrase; a damaged vault burns "
        "too.\n"
        "Backups are files of their own: burn each with --vault.",
};
