/* vault/cli/dump.c - `dump`: everything as plain text, for other programs. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "export_plan.h"

struct dump_options {
    const char *format;
    const char *kind;
    const char *purpose;
    bool leave_out_refused;
    struct cli_list keep_name;
    const char *output;
};

static const struct cli_option rows[] = {
    {.name = "format",
        .kind = CLI_WORD,
        .offset = offsetof(struct dump_options, format),
        .value = "FORMAT",
        .help = "jsonl (the default; load reads it back) or csv (for Uwazi)"},
    {.name = "kind",
        .kind = CLI_WORD,
        .offset = offsetof(struct dump_options, kind),
        .value = "KIND",
        .help = "csv: the kind of record, one a file"},
    {.name = "purpose",
        .kind = CLI_WORD,
        .offset = offsetof(struct dump_options, purpose),
        .value = "PURPOSE",
        .help = "what for, as consent was given; internal is the default"},
    {.name = "leave-out-refused",
        .kind = CLI_FLAG,
        .offset = offsetof(struct dump_options, leave_out_refused),
        .help = "write the rest where consent keeps some records here"},
    {.name = "keep-name",
        .kind = CLI_LIST,
        .offset = offsetof(struct dump_options, keep_name),
        .value = "ID=REASON",
        .help = "names in this record, or this person's name in any, were looked at"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct dump_options, output),
        .value = "FILE",
        .help = "the new file to write; else standard output",
        .use = CLI_MAKES},
    {.name = NULL},
};

/* ---- what is told ---- */

/* The title of what stays here is for the vault's own eyes: on a terminal, not in it.
 */
static void
tell_refused(void *cookie, const struct wb_dump_refusal *r)
{
    char id[WB_ID_TEXT_BYTES], subject[WB_ID_TEXT_BYTES];

    (void)cookie;
    wb_id_text(id, r->id);
    wb_id_text(subject, r->subject);
    cli_warn("%s %s stays here: %s%s%s", r->kind, id, cli_word(r->reason),
        strcmp(id, subject) == 0 ? "" : cli_word(", for "),
        strcmp(id, subject) == 0 ? "" : subject);
}

static void
tell_named(void *cookie, const struct wb_dump_name *n)
{
    char id[WB_ID_TEXT_BYTES], person[WB_ID_TEXT_BYTES];

    (void)cookie;
    wb_id_text(id, n->id);
    wb_id_text(person, n->person);
    if (n->is_id) {
        cli_warn("%s %s: %s %zu has the id %s", n->kind, id, n->field,
            n->value == 0 ? 1 : n->value, n->name);
        return;
    }
    cli_warn("%s %s: %s %zu names %s, person %s", n->kind, id, n->field,
        n->value == 0 ? 1 : n->value, n->name, person);
}

static void
tell_damaged(void *cookie, const char *where, const char *what)
{
    (void)cookie;
    cli_warn("%s: %s", where, what);
}

static void
tell(struct cli *c, const struct wb_dumped *d)
{
    const struct {
        const char *key, *words;
        uint64_t count;
    } rows_told[] = {
        {"records", CLI_SAID("written"), d->records},
        {"refused", CLI_SAID("kept here by consent"), d->refused},
        {"stay", "left out: persons who go anonymously at most, and what is about them",
            d->stay},
        {"reduced", CLI_SAID("of them are written without what identifies somebody"),
            d->reduced},
        {"withheld", CLI_SAID("of them came to us with something withheld"),
            d->withheld},
        {"files", CLI_SAID("of them name a file, which `extract` writes"), d->files},
        {"damaged", CLI_SAID("do not open"), d->damaged},
        {"unknown", CLI_SAID("of a kind that this version does not know, left out"),
            d->unknown},
    };

    if (c->global.json) {
        cli_json_open(c, '{');
        for (size_t i = 0; i < sizeof rows_told / sizeof *rows_told; i++)
            cli_json_count(c, rows_told[i].key, rows_told[i].count);
        cli_json_close(c, '}');
        return;
    }
    for (size_t i = 0; i < sizeof rows_told / sizeof *rows_told; i++)
        if (rows_told[i].count > 0)
            cli_note(
                c, "%" PRIu64 " %s", rows_told[i].count, cli_word(rows_told[i].words));
}

/* ---- running ---- */

static enum wb_status
read_options(struct cli *c, struct wb_dump_request *q, struct wb_error *e)
{
    const struct dump_options *o = (const void *)c->options.bytes;
    bool to_stdout = o->output == NULL || strcmp(o->output, "-") == 0;

    *q = (struct wb_dump_request){.kind = o->kind,
        .purpose = o->purpose != NULL ? o->purpose : "internal",
        .leave_out_refused = o->leave_out_refused,
        .keep_name_count = o->keep_name.count};
    if (o->format != NULL && strcmp(o->format, "csv") == 0)
        q->format = WB_DUMP_CSV;
    else if (o->format != NULL && strcmp(o->format, "jsonl") != 0)
        return cli_fail(e, WB_ERR_USAGE, "--format: jsonl or csv");
    if (to_stdout && c->global.json)
        return cli_fail(e, WB_ERR_USAGE, "dump --json: name a file with -o");
    if (to_stdout && q->format == WB_DUMP_CSV && isatty(STDOUT_FILENO))
        return cli_fail(e, WB_ERR_USAGE,
            "dump: CSV is not safe to show on a terminal; name a file with -o");
    return cli_exceptions(c, &q->keep_names, &o->keep_name, "--keep-name", e);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct dump_options *o = (const void *)c->options.bytes;
    struct wb_dump_request request;
    struct wb_dumped dumped = {0};
    struct cli_sink sink;
    const struct wb_dump_watch watch = {
        cli_sink_write, tell_refused, tell_named, tell_damaged, &sink};
    struct wb_error damage = {0};
    enum wb_status st;

    if ((st = read_options(c, &request, e)) != WB_OK ||
        (st = cli_sink_open(&sink, o->output, e)) != WB_OK)
        return st;
    st = wb_dump(c->vault, &request, &watch, &dumped, e);
    if (st == WB_ERR_INTEGRITY && dumped.records > 0) {
        damage = *e; /* what opened was written all the same */
        st = WB_OK;
    }
    if ((st = cli_sink_close(&sink, st, e)) != WB_OK)
        return st;
    tell(c, &dumped);
    cli_warn("%s is not encrypted: whoever has it can read it",
        o->output != NULL ? o->output : cli_word("what was written"));
    if (damage.status != WB_OK) {
        *e = damage;
        st = damage.status;
    }
    return st;
}

const struct cli_command cli_dump = {
    .name = "dump",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run,
    .summary = "write everything as plain text, for other programs",
    .options = rows,
    .options_size = sizeof(struct dump_options),
    .help = "Records of all kinds that `add` knows, by their newest revision. jsonl is "
            "what\n"
            "`load` reads, with ids as keys: loaded elsewhere it makes the same "
            "records under\n"
            "new ids. csv is one kind as Uwazi imports it: dates are ranges of days "
            "with the\n"
            "date as recorded beside them, names of records end with the beginning of "
            "their\n"
            "id. Attachments are not in it: an evidence record names its file by name, "
            "size\n"
            "and sha256, and `extract` writes it. Consent for the purpose decides what "
            "may\n"
            "leave, fields that never leave are left out, texts are looked through for "
            "names\n"
            "of those who stay unnamed, for publication all ids are new and texts are "
            "looked\n"
            "through for ids of this vault, and what leaves is logged.",
};
