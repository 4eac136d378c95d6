/* vault/cli/contact.c - `contact add`, `contact list`, `contact verify`: whom we trust.
 */
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { CARD_BYTES_MAX = 64 * 1024, LABEL_COLUMNS = 20 };

/* ---- add ---- */

struct add_options {
    const char *label;
};

static const struct cli_option add_rows[] = {
    {.name = "label",
        .kind = CLI_WORD,
        .offset = offsetof(struct add_options, label),
        .value = "LABEL",
        .help = "what we call them; else the name on the card"},
    {.name = NULL},
};

/* The one that the card has changed. */
static bool
warn_change(void *cookie, const struct wb_contact *contact)
{
    if (!wb_id_equal(&contact->id, cookie))
        return true;
    cli_warn("KEY CHANGE: %s has other keys now, signed with the old one. Whoever has "
             "copied the old key could have made this card: compare the new key anew "
             "before you trust it, or send anything to it",
        contact->label);
    return false;
}

static enum wb_status
run_add(struct cli *c, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    struct cli_bytes card = {0};
    struct wb_saved saved;
    enum wb_status st;

    st = cli_read(c, &card, c->operands[0], CARD_BYTES_MAX, "the card", e);
    if (st != WB_OK)
        return st;
    st = wb_contact_add(c->vault, card.bytes, card.size, o->label, &saved, e);
    cli_bytes_free(&card);
    if (st != WB_OK)
        return cli_within(e, st,
            strcmp(c->operands[0], "-") == 0 ? "standard input" : c->operands[0]);
    cli_print_saved(c, &saved);
    if (saved.revision > 1 &&
        (st = wb_contact_each(c->vault, warn_change, &saved.id, e)) != WB_OK)
        return st;
    cli_note(c,
        "not verified yet: compare the minisign key by voice, then "
        "`witnessbox contact verify`");
    return WB_OK;
}

const struct cli_command cli_contact_add = {
    .name = "contact add",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run_add,
    .summary = "add a contact from an identity card",
    .options = add_rows,
    .options_size = sizeof(struct add_options),
    .help = "The card is what `identity --export` writes; - reads standard input. One "
            "that\n"
            "is signed with the key of a contact too, after `identity rotate`, changes "
            "the\n"
            "keys of that contact: they are to be compared anew.",
};

/* ---- list ---- */

static bool
show_contact(void *cookie, const struct wb_contact *contact)
{
    struct cli *c = cookie;

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", &contact->id);
        cli_json_pair(c, "label", contact->label);
        cli_json_pair(c, "name", contact->name);
        cli_json_pair(c, "recipient", contact->recipient);
        cli_json_pair(c, "minisign", contact->minisign);
        cli_json_key(c, "verified");
        cli_json_bool(c, contact->verified);
        cli_json_pair(c, "how", contact->verified_how);
        cli_json_close(c, '}');
        return true;
    }
    cli_print_column(contact->label, strlen(contact->label), LABEL_COLUMNS);
    cli_print("%s  ", contact->minisign);
    cli_print("%s", contact->verified ? "verified: " : "not verified");
    cli_print_safe(contact->verified_how, strlen(contact->verified_how));
    cli_print("\n");
    return true;
}

static enum wb_status
run_list(struct cli *c, struct wb_error *e)
{
    enum wb_status st;

    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_contact_each(c->vault, show_contact, c, e);
    if (c->global.json)
        cli_json_close(c, ']');
    return st;
}

const struct cli_command cli_contact_list = {
    .name = "contact list",
    .needs = CLI_READ,
    .operands = "",
    .run = run_list,
    .summary = "list contacts and whether their keys were compared",
    .help = "Label, minisign key, and how the key was compared with its owner.",
};

/* ---- verify ---- */

struct verify_options {
    const char *how;
    const char *organisation;
};

static const struct cli_option verify_rows[] = {
    {.name = "how",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, how),
        .value = "TEXT",
        .help = "how the key was compared: by voice, in person, ..."},
    {.name = "organisation",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, organisation),
        .value = "own/other",
        .help = "of our own organisation, so that purpose internal is open to them"},
    {.name = NULL},
};

static enum wb_status
run_verify(struct cli *c, struct wb_error *e)
{
    const struct verify_options *o = (const void *)c->options.bytes;
    const char *label = c->operands[0];
    enum wb_status st;

    if (o->how == NULL || o->how[0] == '\0')
        return cli_fail(e, WB_ERR_USAGE,
            "contact verify: --how is missing: say how you compared the key");
    if ((st = wb_contact_verify(c->vault, label, o->how, o->organisation, e)) != WB_OK)
        return st;
    if (!c->global.json)
        return WB_OK;
    cli_json_open(c, '{');
    cli_json_pair(c, "label", label);
    cli_json_key(c, "verified");
    cli_json_bool(c, true);
    cli_json_close(c, '}');
    return WB_OK;
}

const struct cli_command cli_contact_verify = {
    .name = "contact verify",
    .needs = CLI_WRITE,
    .operands = "LABEL",
    .run = run_verify,
    .summary = "record that a contact's key was compared",
    .options = verify_rows,
    .options_size = sizeof(struct verify_options),
    .help = "From then on bundles signed by this key are accepted without a question.",
};
