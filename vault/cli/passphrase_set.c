/* vault/cli/passphrase_set.c - `passphrase change`, `passphrase add`. */
#include <string.h>

#include "commands.h"
#include "new.h"

/* ---- change ---- */

struct change_options {
    struct cli_new from;
    struct cli_kdf kdf;
    bool calibrate;
};

static const struct cli_option change_rows[] = {
    CLI_NEW_PASSPHRASE_ROWS(struct change_options, from),
    CLI_NEW_KEY_FILE_ROWS(struct change_options, from),
    CLI_KDF_ROWS(struct change_options, kdf),
    {.name = "calibrate",
        .kind = CLI_FLAG,
        .offset = offsetof(struct change_options, calibrate),
        .help = "measure what this computer can bear in a second, and take that"},
    {.name = NULL},
};

/* The parameters that were asked for; *given false where they stay. */
static enum wb_status
choose_kdf(struct cli *c, struct wb_kdf_choice *choice, bool *given,
    const struct change_options *o, struct wb_error *e)
{
    struct wb_vault_options to = {0};
    struct wb_vault_info info;
    enum wb_status st;

    if ((st = cli_kdf_given(&o->kdf, given, e)) != WB_OK)
        return st;
    if (*given && o->calibrate)
        return cli_fail(
            e, WB_ERR_USAGE, "--calibrate measures what --portable and --kdf set");
    if ((st = wb_vault_info(c->vault, &info, e)) != WB_OK)
        return st;
    to.kdf_memory_mib = info.kdf_memory_mib;
    to.kdf_passes = info.kdf_passes;
    to.kdf_lanes = info.kdf_lanes;
    cli_kdf_put(&to, &o->kdf);
    if (o->calibrate && (st = wb_vault_calibrate(&to, e)) != WB_OK)
        return st;
    *given |= o->calibrate;
    *choice = (struct wb_kdf_choice){to.kdf_memory_mib, to.kdf_passes, to.kdf_lanes};
    return WB_OK;
}

static enum wb_status
offer_rekey(struct cli *c, struct wb_error *e)
{
    bool yes;
    enum wb_status st;

    if (wb_vault_is_field(c->vault)) /* its keys are the owner's */
        return WB_OK;
    cli_note(c,
        "a copy of the vault from before still opens with the old passphrase, and its "
        "keys open this one too, until a rekey");
    st = cli_offer(c, &yes, "Rekey now? [y/N] ", "`rekey` does it", e);
    return st == WB_OK && yes ? cli_rekey(c, e) : st;
}

static enum wb_status
run_change(struct cli *c, struct wb_error *e)
{
    static struct cli_passphrase p;
    const struct change_options *o = (const void *)c->options.bytes;
    struct wb_new_passphrase to;
    struct wb_kdf_choice kdf;
    bool given;
    enum wb_status st;

    if ((st = choose_kdf(c, &kdf, &given, o, e)) != WB_OK)
        return st;
    st = cli_new_passphrase(c, &p, &to, &o->from, e);
    if (st == WB_OK)
        st = wb_passphrase_change(c->vault, &to, given ? &kdf : NULL, e);
    cli_new_end(&p, &to);
    if (st != WB_OK)
        return st;
    if (given)
        cli_kdf_warn(kdf.memory_mib);
    cli_note(c, "changed: from now on the new passphrase opens this vault");
    return offer_rekey(c, e);
}

const struct cli_command cli_passphrase_change = {
    .name = "passphrase change",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run_change,
    .in_field = true,
    .summary = "change the passphrase that opens",
    .options = change_rows,
    .options_size = sizeof(struct change_options),
    .help =
        "The passphrase that was just given is replaced. A copy of the vault from "
        "before\n"
        "still opens with the old one: `rekey` keeps that from opening what comes\n"
        "after. Memory, passes and lanes are those of all passphrases: they change\n"
        "only while there is no other one.",
};

/* ---- add ---- */

struct add_options {
    struct cli_new from;
    const char *label;
};

static const struct cli_option add_rows[] = {
    {.name = "label",
        .kind = CLI_WORD,
        .offset = offsetof(struct add_options, label),
        .value = "LABEL",
        .help = "whose it is: stands in the log, and in `passphrase list`"},
    CLI_NEW_PASSPHRASE_ROWS(struct add_options, from),
    CLI_NEW_KEY_FILE_ROWS(struct add_options, from),
    {.name = NULL},
};

static enum wb_status
run_add(struct cli *c, struct wb_error *e)
{
    static struct cli_passphrase p;
    const struct add_options *o = (const void *)c->options.bytes;
    struct wb_new_passphrase to;
    unsigned slot;
    enum wb_status st;

    st = cli_new_passphrase(c, &p, &to, &o->from, e);
    if (st == WB_OK)
        st = wb_passphrase_add(c->vault, &slot, &to, o->label, e);
    cli_new_end(&p, &to);
    if (st != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "slot", slot);
        cli_json_close(c, '}');
    } else
        cli_print("%u\n", slot);
    return WB_OK;
}

const struct cli_command cli_passphrase_add = {
    .name = "passphrase add",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run_add,
    .summary = "let another passphrase open the vault too",
    .options = add_rows,
    .options_size = sizeof(struct add_options),
    .help =
        "Prints the number of its slot; there are eight. Whoever opens the vault can "
        "do\n"
        "everything: colleagues who must not learn identities get a bundle instead.",
};
