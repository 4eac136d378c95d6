/* vault/cli/add.c - `add`: a new record, with its attachments, in one transaction. */
#include <stdlib.h>

#include "cli.h"
#include "commands.h"
#include "interview.h"

struct add_options {
    struct cli_list fields;
    struct cli_list attach;
    bool go_on;
};

static const struct cli_option rows[] = {
    {.name = "field",
        .letter = 'F',
        .kind = CLI_LIST,
        .offset = offsetof(struct add_options, fields),
        .value = "FIELD=VALUE",
        .help = "a value; FIELD=@PATH from a file, FIELD=- from standard input, "
                "FIELD:unknown",
        .use = CLI_FIELDS},
    {.name = "attach",
        .kind = CLI_LIST,
        .offset = offsetof(struct add_options, attach),
        .value = "PATH",
        .help = "a file about it, as an evidence record of its own",
        .use = CLI_READS},
    {.name = "continue",
        .kind = CLI_FLAG,
        .offset = offsetof(struct add_options, go_on),
        .help = "go on with a draft: the number that `drafts` shows, else the newest"},
    {.name = NULL},
};

static enum wb_status
attach_all(struct cli *c, struct wb_change *change, const struct wb_saved *saved,
    const struct cli_list *paths, struct wb_error *e)
{
    struct wb_saved evidence;
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < paths->count; i++)
        st = cli_attach_path(c, change, &saved->id, paths->items[i], &evidence, e);
    return st;
}

static enum wb_status
add_fields(struct cli *c, const char *kind, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    struct wb_change *change = NULL;
    struct wb_draft *draft = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_draft_new(&draft, kind, e)) != WB_OK)
        return st;
    st = cli_fields(c, draft, &o->fields, false, e);
    if (st == WB_OK)
        st = wb_change_begin(&change, c->vault, e);
    if (st == WB_OK)
        st = wb_change_add(change, draft, &saved, e);
    if (st == WB_OK)
        st = attach_all(c, change, &saved, &o->attach, e);
    if (st == WB_OK)
        st = wb_change_commit(&change, e);
    if (st == WB_OK) {
        cli_print_saved(c, &saved);
        cli_attached(c, o->attach.items, o->attach.count);
    }
    wb_change_rollback(&change);
    wb_draft_free(&draft);
    return st;
}

/* The number of a draft, in the place of a kind. */
static enum wb_status
go_on(struct cli *c, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    const char *word = c->operand_count > 0 ? c->operands[0] : "0";
    char *end;
    const unsigned long long number = strtoull(word, &end, 10);

    if (*word < '0' || *word > '9' || *end != '\0')
        return cli_fail(e, WB_ERR_USAGE,
            "add --continue: '%s' is no number of a draft; `%sdrafts` has "
            "them",
            word, cli_program());
    if (o->fields.count > 0)
        return cli_fail(
            e, WB_ERR_USAGE, "add --continue: goes on with questions, without -F");
    return cli_interview(c, NULL, number, &o->attach, e);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    const bool guided = o->go_on || o->fields.count == 0;

    if (!o->go_on && c->operand_count == 0)
        return cli_fail(e, WB_ERR_USAGE, "add: KIND is missing: add KIND");
    if (guided && !cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "add: no fields, and no terminal to ask on; say -F field=value "
            "(`%skinds %s` lists them)",
            cli_program(), o->go_on ? "KIND" : c->operands[0]);
    if (o->go_on)
        return go_on(c, e);
    return guided ? cli_interview(c, c->operands[0], 0, &o->attach, e)
                  : add_fields(c, c->operands[0], e);
}

const struct cli_command cli_add = {
    .name = "add",
    .needs = CLI_WRITE,
    .operands = "[KIND]",
    .run = run,
    .in_field = true,
    .summary = "add a record; prints its id",
    .options = rows,
    .options_size = sizeof(struct add_options),
    .help = "On a terminal, without -F, it asks: the account first, formalities after. "
            "What is\n"
            "written is sealed as a draft after each answer and every thirty seconds.\n"
            "All or nothing, attachments included. A text read from a file or from "
            "standard\n"
            "input becomes one paragraph for each run of lines between blank ones. A "
            "field\n"
            "that names another record takes its id, or a unique beginning of it.",
};
