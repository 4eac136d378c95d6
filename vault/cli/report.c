/* vault/cli/report.c - `report incident|statement|custody`: a page to read, print,
 * sign.
 */
#include <string.h>

#include "cli.h"
#include "commands.h"

struct report_options {
    const char *purpose;
    const char *path;
};

static const struct cli_option rows[] = {
    {.name = "purpose",
        .kind = CLI_WORD,
        .offset = offsetof(struct report_options, purpose),
        .value = "PURPOSE",
        .help = "what it is for, as a word of `kinds consent`; internal unless given"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct report_options, path),
        .value = "FILE",
        .help = "the page, a new file; else standard output",
        .use = CLI_MAKES},
    {.name = NULL},
};

static enum wb_status
report(struct cli *c,
    enum wb_status (*render)(struct wb_vault *v,
        const struct wb_report_request *request, char **html, struct wb_error *e),
    struct wb_error *e)
{
    const struct report_options *o = (const void *)c->options.bytes;
    struct wb_report_request request = {.purpose = o->purpose};
    char *html = NULL;
    enum wb_status st = wb_find(c->vault, &request.id, c->operands[0], e);

    if (st != WB_OK)
        return cli_tombstone_or(c, c->operands[0], st, e);
    if ((st = render(c->vault, &request, &html, e)) != WB_OK)
        return cli_within(e, st, c->operands[0]);
    if ((st = cli_write_text(html, o->path, e)) == WB_OK)
        cli_note(c, "%s is not encrypted; remove it when it is no longer needed",
            o->path == NULL ? "the page" : o->path);
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
    .options = rows,
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
