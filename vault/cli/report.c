/* vault/cli/report.c - `report incident|statement|custody`: a page to read, print,
 * sign.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "export_plan.h"

enum { ID_SHOWN = 8 };

struct report_options {
    const char *level;
    const char *purpose;
    struct cli_list keep_name;
    const char *path;
};

#define ROWS_OF_ALL                                                                    \
    {.name = "purpose",                                                                \
        .kind = CLI_WORD,                                                              \
        .offset = offsetof(struct report_options, purpose),                            \
        .value = "PURPOSE",                                                            \
        .help =                                                                        \
            "what it is for, as a word of `kinds consent`; internal unless given"},    \
        {.name = "keep-name",                                                          \
            .kind = CLI_LIST,                                                          \
            .offset = offsetof(struct report_options, keep_name),                      \
            .value = "ID=REASON",                                                      \
            .help = "names in this record, or this person's name in any, were looked " \
                    "at"},                                                             \
        {.name = "output",                                                             \
            .letter = 'o',                                                             \
            .kind = CLI_WORD,                                                          \
            .offset = offsetof(struct report_options, path),                           \
            .value = "FILE",                                                           \
            .help = "the page, a new file; else standard output",                      \
            .use = CLI_MAKES},                                                         \
    {                                                                                  \
        .name = NULL                                                                   \
    }

static const struct cli_option rows[] = {ROWS_OF_ALL};

static const struct cli_option incident_rows[] = {
    {.name = "level",
        .kind = CLI_WORD,
        .offset = offsetof(struct report_options, level),
        .value = "LEVEL",
        .help = "named, pseudonym or anonymous: identities go no further than this, "
                "whatever was agreed"},
    ROWS_OF_ALL,
};

/* How many are in the way, and how many of them are ids. */
struct found {
    uint64_t in_the_way, ids;
};

/* What is in the way; the page itself may be going to standard output. */
static void
tell(void *cookie, const struct wb_plan_line *line)
{
    char id[WB_ID_TEXT_BYTES], person[WB_ID_TEXT_BYTES];
    struct found *found = cookie;

    if (line->state != WB_PLAN_NAME || line->keep != NULL)
        return;
    found->in_the_way++;
    found->ids += line->is_id;
    wb_id_text(id, line->id);
    wb_id_text(person, line->person);
    if (line->is_id)
        cli_warn("%s %.*s: %s %zu has the id %s", line->kind, ID_SHOWN, id, line->field,
            line->value == 0 ? 1 : line->value, line->name);
    else
        cli_warn("%s %.*s: %s %zu names %s, person %.*s", line->kind, ID_SHOWN, id,
            line->field, line->value == 0 ? 1 : line->value, line->name, ID_SHOWN,
            person);
}

static enum wb_status
refuse(const struct found *found, struct wb_error *e)
{
    if (found->ids > 0)
        return cli_fail(e, WB_ERR_POLICY,
            "%" PRIu64 " names or ids that lead back would stand on the page: amend "
            "the text, or --keep-name ID=REASON",
            found->in_the_way);
    return cli_fail(e, WB_ERR_POLICY,
        "%" PRIu64 " name%s of those who stay unnamed would stand on the page: amend "
        "the text, or --keep-name ID=REASON",
        found->in_the_way, cli_s(found->in_the_way));
}

static enum wb_status
make(struct cli *c, char **html,
    enum wb_status (*render)(struct wb_vault *v,
        const struct wb_report_request *request, char **html, struct wb_error *e),
    struct wb_error *e)
{
    const struct report_options *o = (const void *)c->options.bytes;
    struct found found = {0};
    struct wb_report_request request = {.purpose = o->purpose,
        .level = o->level,
        .keep_name_count = o->keep_name.count,
        .tell = tell,
        .cookie = &found};
    enum wb_status st = wb_find(c->vault, &request.id, c->operands[0], e);

    if (st != WB_OK)
        return cli_tombstone_or(c, c->operands[0], st, e);
    if ((st = cli_exceptions(
             c, &request.keep_names, &o->keep_name, "--keep-name", e)) != WB_OK)
        return st;
    st = render(c->vault, &request, html, e);
    if (st == WB_ERR_POLICY && found.in_the_way > 0)
        st = refuse(&found, e);
    return cli_within(e, st, c->operands[0]);
}

static enum wb_status
report(struct cli *c,
    enum wb_status (*render)(struct wb_vault *v,
        const struct wb_report_request *request, char **html, struct wb_error *e),
    struct wb_error *e)
{
    const struct report_options *o = (const void *)c->options.bytes;
    char *html = NULL;
    enum wb_status st;

    if (o->path == NULL && isatty(STDOUT_FILENO))
        return cli_fail(e, WB_ERR_USAGE,
            "%s: a page is for a browser, not for a terminal; name a file: -o "
            "page.html",
            c->command->name);
    if ((st = make(c, &html, render, e)) != WB_OK)
        return st;
    if ((st = cli_write_text(html, o->path, e)) == WB_OK)
        cli_note(c, "%s is not encrypted; remove it when it is no longer needed",
            o->path == NULL ? cli_word("the page") : o->path);
    wb_text_free(html);
    return st;
}

static enum wb_status
run_incident(struct cli *c, struct wb_error *e)
{
    return report(c, wb_report_incident, e);
}

static enum wb_status
run_statement(struct cli *c, struct wb_error *e)
{
    return report(c, wb_report_statement, e);
}

static enum wb_status
run_custody(struct cli *c, struct wb_error *e)
{
    return report(c, wb_report_custody, e);
}

#define HELP                                                                           \
    "One HTML file without scripts or anything from outside, for a browser and for\n"  \
    "A4. It says no more than an export for the same purpose would carry. The log\n"   \
    "keeps an entry."

const struct cli_command cli_report_incident = {
    .name = "report incident",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run_incident,
    .summary = "write the dossier of an incident, to read and print",
    .options = incident_rows,
    .options_size = sizeof(struct report_options),
    .help = HELP,
};

const struct cli_command cli_report_statement = {
    .name = "report statement",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run_statement,
    .summary = "write the sheet that a witness checks and signs",
    .options = rows,
    .options_size = sizeof(struct report_options),
    .help = HELP,
};

const struct cli_command cli_report_custody = {
    .name = "report custody",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run_custody,
    .summary = "write what a qualified person certifies of an evidence item",
    .options = rows,
    .options_size = sizeof(struct report_options),
    .help = HELP,
};
