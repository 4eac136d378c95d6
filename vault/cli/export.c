/* vault/cli/export.c - `export`: a signed, encrypted bundle. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "cli.h"
#include "commands.h"

enum { NAME_LETTERS = 8, PATH_BYTES = 32 };

struct export_options {
    struct cli_list to;
    const char *purpose;
    const char *incident;
    bool all;
    struct cli_list redact;
    const char *output;
};

static const struct cli_option rows[] = {
    {.name = "to",
        .kind = CLI_LIST,
        .offset = offsetof(struct export_options, to),
        .value = "CONTACT",
        .help = "who can open it: a contact's label, or age1...; up to 16 times"},
    {.name = "purpose",
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, purpose),
        .value = "PURPOSE",
        .help = "what for: internal, partner (the default), national-court, "
                "international-court, un, archive, advocacy, publication, research"},
    {.name = "incident",
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, incident),
        .value = "ID",
        .help = "this incident with everything that belongs to it"},
    {.name = "all",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, all),
        .help = "everything that may leave"},
    {.name = "redact",
        .kind = CLI_LIST,
        .offset = offsetof(struct export_options, redact),
        .value = "FIELD[.N]",
        .help = "withhold a field, or its paragraph N, of the records named by ID"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, output),
        .value = "FILE",
        .help = "the file to write; else bundle-<random>.age",
        .use = CLI_MAKES_HERE},
    {.name = NULL},
};

static enum wb_status
find_records(struct cli *c, const struct wb_id **ids, struct wb_error *e)
{
    struct wb_id *found;
    enum wb_status st = WB_OK;

    if (c->operand_count == 0)
        return WB_OK;
    found = cli_take(c->operand_count, sizeof *found);
    if (found == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; st == WB_OK && i < c->operand_count; i++)
        st = wb_find(c->vault, &found[i], c->operands[i], e);
    *ids = found;
    return st;
}

/* A name that says nothing of content, sender or day. */
static enum wb_status
invent_path(char path[static PATH_BYTES], struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;

    if (getrandom(id.bytes, sizeof id.bytes, 0) != (ssize_t)sizeof id.bytes)
        return cli_fail(e, WB_ERR_IO, "no random bytes for a file name; give -o FILE");
    wb_id_text(text, &id);
    (void)snprintf(path, PATH_BYTES, "bundle-%.*s.age", NAME_LETTERS, text);
    return WB_OK;
}

static void
tell(struct cli *c, const char *path, const struct wb_exported *done)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "bundle", done->bundle);
        cli_json_pair(c, "sha256", done->sha256);
        cli_json_pair(c, "file", path);
        cli_json_count(c, "records", done->records);
        cli_json_count(c, "files", done->files);
        cli_json_count(c, "bytes", done->bytes);
        cli_json_close(c, '}');
        return;
    }
    cli_print("bundle   %s\nsha256   %s\nfile     ", done->bundle, done->sha256);
    cli_print_safe(path, strlen(path));
    cli_print("\nholds    %" PRIu64 " record%s, %" PRIu64 " file%s, %" PRIu64
              " bytes\n",
        done->records, cli_s(done->records), done->files, cli_s(done->files),
        done->bytes);
}

static enum wb_status
check_request(const struct cli *c, const struct export_options *o, struct wb_error *e)
{
    int ways = (c->operand_count > 0 || o->incident != NULL) + o->all;

    if (o->to.count == 0)
        return cli_fail(
            e, WB_ERR_USAGE, "export: --to is missing: a contact's label, or age1...");
    if (ways == 0)
        return cli_fail(
            e, WB_ERR_USAGE, "export: what? give IDs, --incident ID or --all");
    if (o->redact.count > 0 && c->operand_count == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --redact works on records that are named by their ID");
    if (ways > 1)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --all takes everything; leave out IDs and --incident");
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct export_options *o = (const void *)c->options.bytes;
    struct wb_export_request request = {.to = o->to.items,
        .to_count = o->to.count,
        .purpose = o->purpose,
        .id_count = c->operand_count,
        .all = o->all,
        .redact = o->redact.items,
        .redact_count = o->redact.count,
        .path = o->output};
    struct wb_exported done;
    char invented[PATH_BYTES];
    struct wb_id incident;
    enum wb_status st;

    if ((st = check_request(c, o, e)) != WB_OK ||
        (st = find_records(c, &request.ids, e)) != WB_OK)
        return st;
    if (o->incident != NULL) {
        if ((st = wb_find(c->vault, &incident, o->incident, e)) != WB_OK)
            return st;
        request.incident = &incident;
    }
    if (o->output == NULL) {
        if ((st = invent_path(invented, e)) != WB_OK)
            return st;
        request.path = invented;
    }
    if ((st = wb_export(c->vault, &request, &done, e)) != WB_OK)
        return st;
    tell(c, request.path, &done);
    cli_warn(
        "consents are not checked by the program yet: before you pass this on, you "
        "answer for it that everybody concerned agreed");
    return WB_OK;
}

const struct cli_command cli_export = {
    .name = "export",
    .needs = CLI_WRITE,
    .operands = "[ID...]",
    .run = run,
    .summary = "write a signed, encrypted bundle",
    .options = rows,
    .options_size = sizeof(struct export_options),
    .help = "Records that the named ones need go along. Only who is named with --to "
            "can open\n"
            "the bundle; we cannot ourselves.",
};
