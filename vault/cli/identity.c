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

enum { LABEL_COLUMNS = 9 };

static void
tell(struct cli *c, const struct wb_card *card, const char *mark, const char *words)
{
    const struct {
        const char *key, *value;
    } lines[] = {
        {CLI_SAID("name"), card->name},
        {CLI_SAID("recipient"), card->recipient},
        {CLI_SAID("minisign"), card->minisign},
        {CLI_SAID("log"), card->log},
        {CLI_SAID("cosigner"), card->cosigner},
        {CLI_SAID("collect"), card->collect},
        {CLI_SAID("mark"), mark},
        {CLI_SAID("words"), words},
    };

    if (c->global.json)
        cli_json_open(c, '{');
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (c->global.json) {
            cli_json_pair(c, lines[i].key, lines[i].value);
            continue;
        }
        cli_print_label(lines[i].key, LABEL_COLUMNS);
        cli_print_safe(lines[i].value, strlen(lines[i].value));
        cli_print("\n");
    }
    if (c->global.json)
        cli_json_close(c, '}');
}

/* What the card says to others: to the owner of a field vault by its mark, which is as
 * slow as a passphrase, and to whoever compares it. */
static enum wb_status
show_card(struct cli *c, const char *text, struct wb_error *e)
{
    struct wb_owner owner;
    struct wb_card card;
    char *words = NULL;
    enum wb_status st = wb_card_owner(&owner, text, strlen(text), e);

    if (st == WB_OK &&
        (st = wb_card_read(&card, &words, text, strlen(text), e)) == WB_OK)
        tell(c, &card, owner.mark, words);
    wb_text_free(words);
    return st;
}

/* Shows it, and writes the card where a path is given: "-" instead of showing. */
static enum wb_status
show_identity(struct cli *c, const char *path, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st = wb_identity_export(c->vault, &text, e);

    if (st == WB_OK && path != NULL)
        st = cli_write_text(text, path, e);
    if (st == WB_OK && (path == NULL || strcmp(path, "-") != 0))
        st = show_card(c, text, e);
    wb_text_free(text);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct identity_options *o = (const void *)c->options.bytes;

    if (o->export_to != NULL && strcmp(o->export_to, "-") == 0 && c->global.json)
        return cli_fail(e, WB_ERR_USAGE,
            "identity: --json and --export - both want standard output");
    return show_identity(c, o->export_to, e);
}

/* ---- rotate ---- */

struct rotate_options {
    bool unlinked;
};

static const struct cli_option rotate_rows[] = {
    {.name = "unlinked",
        .kind = CLI_FLAG,
        .offset = offsetof(struct rotate_options, unlinked),
        .help = "the old key does not sign that the new ones are ours"},
    {.name = NULL},
};

static enum wb_status
run_rotate(struct cli *c, struct wb_error *e)
{
    const struct rotate_options *o = (const void *)c->options.bytes;
    enum wb_status st;

    st = wb_identity_rotate(c->vault, o->unlinked ? WB_ROTATE_UNLINKED : 0, e);
    if (st != WB_OK)
        return st;
    cli_note(c,
        "other keys from now on, and a new log that commits to the old one; what was "
        "sent to the old keys still opens. Give your card to everybody again "
        "(`identity --export FILE`): %s. Then note the head (`head`)",
        o->unlinked
            ? cli_word("to them it is a stranger's")
            : cli_word(
                  "they learn that the new keys are yours, and compare them anew"));
    return show_identity(c, NULL, e);
}

const struct cli_command cli_identity_rotate = {
    .name = "identity rotate",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run_rotate,
    .summary = "other keys for who we are, after somebody may have copied them",
    .options = rotate_rows,
    .options_size = sizeof(struct rotate_options),
    .help =
        "A rekey does not change the keys that sign as you, open bundles for you and\n"
        "open field vaults made for you: whoever opened the vault once can have "
        "copied\n"
        "them. The old ones stay here, to open what was sent to them.",
};

const struct cli_command cli_identity = {
    .name = "identity",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "show our public keys, or write them as a card",
    .options = rows,
    .options_size = sizeof(struct identity_options),
    .help =
        "The card holds public keys only. Read out the words to whoever gets it, by\n"
        "voice or face to face: they stand for all of the card. The mark is what a "
        "field\n"
        "vault made for you shows (`init --owner`).",
};
