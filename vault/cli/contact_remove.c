/* vault/cli/contact_remove.c - `contact remove`: somebody whom we do not know any more.
 */
#include <string.h>

#include "cli.h"
#include "commands.h"

struct remove_options {
    const char *reason;
    bool yes;
};

static const struct cli_option rows[] = {
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct remove_options, reason),
        .value = "TEXT",
        .help = "why: it stays in the log for ever, so name nobody in it"},
    {.name = "yes",
        .kind = CLI_FLAG,
        .offset = offsetof(struct remove_options, yes),
        .help = "do not ask"},
    {.name = NULL},
};

struct seeking {
    const char *label;
    struct wb_id id;
    bool found;
};

static bool
seek(void *cookie, const struct wb_contact *contact)
{
    struct seeking *s = cookie;

    s->found = strcmp(contact->label, s->label) == 0;
    if (s->found)
        s->id = contact->id;
    return !s->found;
}

static enum wb_status
confirm(const struct seeking *s, struct wb_error *e)
{
    bool yes = false;
    enum wb_status st;

    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "contact remove: there is no terminal to ask on; confirm with --yes");
    cli_warn(
        "%s: the contact and all cards of theirs will be destroyed for ever", s->label);
    st = cli_confirm(&yes, "Remove this contact? [y/N] ", e);
    if (st == WB_OK && !yes)
        st = cli_fail(e, WB_ERR_USAGE, "not confirmed; nothing was destroyed");
    return st;
}

static void
tell(struct cli *c, const struct seeking *s, const struct wb_shredded *done)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", &s->id);
        cli_json_pair(c, "label", s->label);
        cli_json_count(c, "revisions", done->revisions);
        cli_json_close(c, '}');
    } else {
        cli_print("removed: ");
        cli_print_safe(s->label, strlen(s->label));
        cli_print("\n");
    }
    cli_note(c,
        "what they sent stays; what comes with their key from now on is from somebody "
        "unknown. Tell partners who know this card");
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct remove_options *o = (const void *)c->options.bytes;
    struct seeking s = {.label = c->operands[0]};
    struct wb_shredded done;
    enum wb_status st;

    if (o->reason == NULL)
        return cli_fail(e, WB_ERR_USAGE, "contact remove: --reason TEXT is missing");
    if ((st = wb_contact_each(c->vault, seek, &s, e)) != WB_OK)
        return st;
    if (!s.found)
        return cli_fail(e, WB_ERR_NOT_FOUND,
            "%s: no contact has this label; `contact list` shows them", s.label);
    if ((!o->yes && (st = confirm(&s, e)) != WB_OK) ||
        (st = wb_shred(c->vault, &s.id, o->reason, &done, e)) != WB_OK)
        return st;
    tell(c, &s, &done);
    return WB_OK;
}

const struct cli_command cli_contact_remove = {
    .name = "contact remove",
    .needs = CLI_WRITE,
    .operands = "LABEL",
    .run = run,
    .summary = "destroy a contact whose keys are not to be trusted any more",
    .options = rows,
    .options_size = sizeof(struct remove_options),
    .help = "As `shred` does: their card and every earlier one, with the keys. A "
            "tombstone\n"
            "stays in the log: roots, time, reason. Nothing goes to this label any "
            "more,\n"
            "and a bundle signed with their key is somebody's who is unknown.",
};
