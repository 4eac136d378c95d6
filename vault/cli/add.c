/* vault/cli/add.c - `add`: a new record, with its attachments, in one transaction. */
#include "cli.h"
#include "commands.h"

struct add_options {
    struct cli_list fields;
    struct cli_list attach;
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
run(struct cli *c, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    const char *kind = c->operands[0];
    struct wb_change *change = NULL;
    struct wb_draft *draft = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_draft_new(&draft, kind, e)) != WB_OK)
        return st;
    if (o->fields.count == 0)
        st = cli_fail(e, WB_ERR_USAGE,
            "add %s: no fields; say -F field=value (`witnessbox kinds %s` lists them)",
            kind, kind);
    if (st == WB_OK)
        st = cli_fields(c, draft, &o->fields, false, e);
    if (st == WB_OK)
        st = wb_change_begin(&change, c->vault, e);
    if (st == WB_OK)
        st = wb_change_add(change, draft, &saved, e);
    if (st == WB_OK)
        st = attach_all(c, change, &saved, &o->attach, e);
    if (st == WB_OK)
        st = wb_change_commit(&change, e);
    if (st == WB_OK)
        cli_print_saved(c, &saved);
    wb_change_rollback(&change);
    wb_draft_free(&draft);
    return st;
}

const struct cli_command cli_add = {
    .name = "add",
    .needs = CLI_WRITE,
    .operands = "KIND",
    .run = run,
    .in_field = true,
    .summary = "add a record; prints its id",
    .options = rows,
    .options_size = sizeof(struct add_options),
    .help = "All or nothing, attachments included. A text read from a file or from "
            "standard\n"
            "input becomes one paragraph for each run of lines between blank ones. A "
            "field\n"
            "that names another record takes its id, or a unique beginning of it.",
};
