/* vault/cli/amend.c - `amend`: the next revision of a record; the old one stays. */
#include "cli.h"
#include "commands.h"

struct amend_options {
    struct wb_amendment why;
    struct cli_list fields;
};

static const struct cli_option rows[] = {
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct amend_options, why.reason),
        .value = "WHY",
        .help = "transcription, witness, translation or other"},
    {.name = "field",
        .letter = 'F',
        .kind = CLI_LIST,
        .offset = offsetof(struct amend_options, fields),
        .value = "FIELD=VALUE",
        .help = "the new value; FIELD+=VALUE adds one, FIELD= takes all away",
        .use = CLI_FIELDS},
    {.name = "over-signature",
        .kind = CLI_FLAG,
        .offset = offsetof(struct amend_options, why.over_signature),
        .help = "change an account that was read back or signed"},
    {.name = "join",
        .kind = CLI_FLAG,
        .offset = offsetof(struct amend_options, why.join),
        .help = "of a fork: the new revision follows all its heads"},
    {.name = NULL},
};

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct amend_options *o = (const void *)c->options.bytes;
    struct wb_change *change = NULL;
    struct wb_draft *draft = NULL;
    struct wb_saved saved;
    struct wb_id id;
    enum wb_status st;

    if (o->why.reason == NULL)
        return cli_fail(e, WB_ERR_USAGE,
            "amend: --reason is missing: transcription, witness, translation or other");
    if (o->fields.count == 0 && !o->why.join)
        return cli_fail(
            e, WB_ERR_USAGE, "amend: nothing to change; say -F field=value");
    if ((st = wb_find(c->vault, &id, c->operands[0], e)) != WB_OK)
        return st;
    if ((st = wb_change_begin(&change, c->vault, e)) != WB_OK)
        return st;
    st = wb_change_draft(change, &draft, &id, e);
    if (st == WB_OK)
        st = cli_fields(c, draft, &o->fields, true, e);
    if (st == WB_OK)
        st = wb_change_amend(change, &id, draft, &o->why, &saved, e);
    if (st == WB_OK)
        st = wb_change_commit(&change, e);
    if (st == WB_OK)
        cli_print_saved(c, &saved);
    wb_change_rollback(&change);
    wb_draft_free(&draft);
    return st;
}

const struct cli_command cli_amend = {
    .name = "amend",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run,
    .summary = "write the next revision of a record",
    .options = rows,
    .options_size = sizeof(struct amend_options),
    .help =
        "Every revision is kept. The first -F FIELD=VALUE of a field replaces what it\n"
        "had; fields that are not named stay as they are. What a witness had read back "
        "or\n"
        "signed stays: a supplementary statement adds to it (-F supplements=ID). Where "
        "a\n"
        "record has several heads (`show` says so), --join makes one: what this vault "
        "has,\n"
        "with your changes, follows all of them.",
};
