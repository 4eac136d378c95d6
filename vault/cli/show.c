/* vault/cli/show.c - `show`: a record, one of its revisions, or all of them. */
#include <string.h>

#include "commands.h"
#include "show.h"

struct show_options {
    bool proof;
    bool history;
};

static const struct cli_option rows[] = {
    {.name = "history",
        .kind = CLI_FLAG,
        .offset = offsetof(struct show_options, history),
        .help = "all its revisions: when, by whom and why, and what each changed"},
    {.name = "proof",
        .kind = CLI_FLAG,
        .offset = offsetof(struct show_options, proof),
        .help = "its tlog-proof instead: that it stands in its author's log"},
    {.name = NULL},
};

/* Where one revision does not open, nobody can say which is the newest. */
static enum wb_status
load(struct cli *c, struct wb_record **r, const struct wb_id *id, const char *root,
    struct wb_error *e)
{
    size_t heads = 0;
    enum wb_status st;

    if (root != NULL)
        return wb_record_load_root(c->vault, r, id, root, e);
    st = wb_record_load(c->vault, r, id, e);
    if (st == WB_ERR_INTEGRITY && show_heads(c, id, &heads, NULL) == WB_ERR_INTEGRITY &&
        heads > 0)
        cli_note(c, "other revisions of it open: `show --history` has them");
    return st;
}

static enum wb_status
show_proof(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st;

    if (c->global.json)
        return cli_fail(e, WB_ERR_USAGE, "show --proof: a proof is text, not JSON");
    if ((st = wb_record_prove(c->vault, r, &text, e)) == WB_OK)
        st = cli_write_text(text, NULL, e);
    wb_text_free(text);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct show_options *o = (const void *)c->options.bytes;
    struct wb_record *r = NULL;
    const char *root;
    struct wb_id id;
    enum wb_status st;

    if ((st = cli_find_revision(c, &id, &root, c->operands[0], e)) != WB_OK)
        return st;
    if (o->history)
        return show_history(c, &id, e);
    if ((st = load(c, &r, &id, root, e)) != WB_OK)
        return st;
    if (o->proof)
        st = show_proof(c, r, e);
    else
        st = c->global.json ? show_json(c, r, e) : show_text(c, r, e);
    wb_record_free(&r);
    return st;
}

const struct cli_command cli_show = {
    .name = "show",
    .needs = CLI_READ,
    .operands = "ID[@ROOT]",
    .run = run,
    .summary = "show a record",
    .options = rows,
    .options_size = sizeof(struct show_options),
    .help =
        "ID may be the beginning of an id, four characters or more, as long as it "
        "fits\n"
        "only one record. ID@ROOT shows the revision whose root begins so. Behind the "
        "fields\nstands what belongs to the record, and what names it.",
};
