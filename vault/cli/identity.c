/* vault/cli/identity.c - `identity`: who we are to others. */
#include <string.h>

#include "cli.h"
#include "commands.h"

struct identity_options {
    const char *export_to;
};

static const struct cli_option rows[] = {
    {.name = "export",
        .kind = CLI_WORD,
        .offset = offsetof(struct identity_options, export_to),
        .value = "FILE",
        .help = "write the card there, for `contact add`; - is standard output",
        .use = CLI_MAKES},
    {.name = NULL},
};

static void
tell(struct cli *c, const struct wb_card *card, const char *mark)
{
    const struct {
        const char *key, *value;
    } lines[] = {
        {"name", card->name},
        {"recipient", card->recipient},
        {"minisign", card->minisign},
        {"log", card->log},
        {"cosigner", card->cosigner},
        {"collect", card->collect},
        {"mark", mark},
    };

    if (c->global.json)
        cli_json_open(c, '{');
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (c->global.json) {
            cli_json_pair(c, lines[i].key, lines[i].value);
            continue;
        }
        cli_print("%-9s  ", lines[i].key);
        cli_print_safe(lines[i].value, strlen(lines[i].value));
        cli_print("\n");
    }
    if (c->global.json)
        cli_json_close(c, '}');
}

/* Writes the card where a path was given; what it says to the owner of a field vault.
 */
static enum wb_status
export_card(struct cli *c, struct wb_owner *owner, const char *path, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st = wb_identity_export(c->vault, &text, e);

    if (st == WB_OK)
        st = wb_card_owner(owner, text, strlen(text), e);
    if (st == WB_OK && path != NULL)
        st = cli_write_text(text, path, e);
    wb_text_free(text);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct identity_options *o = (const void *)c->options.bytes;
    bool to_stdout = o->export_to != NULL && strcmp(o->export_to, "-") == 0;
    struct wb_owner owner;
    struct wb_card card;
    enum wb_status st;

    if (to_stdout && c->global.json)
        return cli_fail(e, WB_ERR_USAGE,
            "identity: --json and --export - both want standard output");
    if ((st = wb_identity(c->vault, &card, e)) != WB_OK ||
        (st = export_card(c, &owner, o->export_to, e)) != WB_OK)
        return st;
    if (!to_stdout)
        tell(c, &card, owner.mark);
    return WB_OK;
}

const struct cli_command cli_identity = {
    .name = "identity",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "show our public keys, or write them as a card",
    .options = rows,
    .options_size = sizeof(struct identity_options),
    .help =
        "The card holds public keys only. Whoever gets it should compare the minisign\n"
        "line with you by voice before trusting it; the mark is what a field vault "
        "made\n"
        "for you shows (`init --owner`).",
};
