/* vault/cli/export.c - `export`: a signed, encrypted bundle. */
#include "cli.h"
#include "commands.h"
#include "export_plan.h"
#include "export_to.h"

#include <string.h>

struct export_options {
    struct cli_export_to to;
    const char *purpose;
    const char *incident;
    bool all;
    struct cli_list redact;
    const char *level;
    bool no_proof;
    bool with_report;
    bool plan;
    bool leave_out;
    struct cli_list override;
    struct cli_list keep_name;
    const char *finish;
};

static const struct cli_option rows[] = {
    {.name = "to",
        .kind = CLI_LIST,
        .offset = offsetof(struct export_options, to.to),
        .value = "CONTACT",
        .help = "who can open it: a contact's label, or age1...; of several each gets "
                "a bundle of their own"},
    {.name = "together",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, to.together),
        .help = "one bundle for all of them, up to 16, who see who else has it"},
    {.name = "passphrase",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, to.passphrase),
        .help = "under ten words drawn by lot, shown once; it is addressed to nobody"},
    {.name = "words-fd",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct export_options, to.words_fd),
        .value = "N",
        .most = INT_MAX,
        .help = "write those words to this open descriptor instead of showing them"},
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
        .value = "[ID:]FIELD[.N]",
        .help =
            "withhold a field, or its paragraph N, of this record, or of all that are "
            "named by ID"},
    {.name = "level",
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, level),
        .value = "LEVEL",
        .help = "named, pseudonym or anonymous: identities go no further than this, "
                "whatever was agreed"},
    {.name = "no-proof",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, no_proof),
        .help = "without the proofs and whose log they are from"},
    {.name = "with-report",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, with_report),
        .help = "put a page into it for people who have only a browser: what goes, and "
                "nothing else"},
    {.name = "plan",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, plan),
        .help = "write nothing: tell what would go, what stays and why"},
    {.name = "leave-out-refused",
        .kind = CLI_FLAG,
        .offset = offsetof(struct export_options, leave_out),
        .help = "what may not go stays here, and the rest goes"},
    {.name = "override",
        .kind = CLI_LIST,
        .offset = offsetof(struct export_options, override),
        .value = "ID=REASON",
        .help = "this record or person goes all the same; the receiver sees why"},
    {.name = "keep-name",
        .kind = CLI_LIST,
        .offset = offsetof(struct export_options, keep_name),
        .value = "ID=REASON",
        .help = "names in this record, or this person's name in any, were looked at"},
    {.name = "split",
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, to.split),
        .value = "SIZE",
        .help = "in parts of so many bytes, or 100M, 4G: FILE.01-of-07 and so on"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, to.output),
        .value = "FILE",
        .help = "the file to write, or a folder for bundle-<random>.age; else here",
        .use = CLI_MAKES_IN},
    {.name = "finish",
        .kind = CLI_WORD,
        .offset = offsetof(struct export_options, finish),
        .value = "FILE",
        .help = "instead: give a bundle its name that the computer stopped before; "
                "`handoffs` shows which wait",
        .use = CLI_MAKES},
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

/* "ID:FIELD" with the whole id. */
static enum wb_status
complete_redaction(struct cli *c, const char **item, struct wb_error *e)
{
    const char *colon = strchr(*item, ':');
    size_t size = strlen(*item), id_size = colon == NULL ? 0 : (size_t)(colon - *item);
    char prefix[WB_ID_TEXT_BYTES], *whole;
    struct wb_id id;
    enum wb_status st;

    if (colon == NULL)
        return WB_OK;
    if (id_size >= sizeof prefix)
        return cli_fail(e, WB_ERR_USAGE, "must be FIELD[.N] or ID:FIELD[.N]");
    memcpy(prefix, *item, id_size);
    prefix[id_size] = '\0';
    if ((st = wb_find(c->vault, &id, prefix, e)) != WB_OK)
        return st;
    if ((whole = cli_take(WB_ID_TEXT_BYTES + size, 1)) == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    wb_id_text(whole, &id);
    memcpy(whole + WB_ID_TEXT_BYTES - 1, colon, size - id_size + 1);
    *item = whole;
    return WB_OK;
}

static enum wb_status
find_redactions(struct cli *c, struct wb_export_request *request,
    const struct cli_list *list, struct wb_error *e)
{
    const char **items;
    enum wb_status st = WB_OK;

    if (list->count == 0)
        return WB_OK;
    if ((items = cli_take(list->count, sizeof *items)) == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; st == WB_OK && i < list->count; i++) {
        items[i] = list->items[i];
        st = cli_within(e, complete_redaction(c, &items[i], e), "--redact");
    }
    request->redact = items;
    request->redact_count = list->count;
    return st;
}

/* Of no record in particular: fit only for those that are named by their id. */
static bool
redacts_all(const struct cli_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (strchr(list->items[i], ':') == NULL)
            return true;
    return false;
}

static enum wb_status
finish(struct cli *c, const struct export_options *o, struct wb_error *e)
{
    const char *path = o->finish;
    struct wb_finished done;
    enum wb_status st;

    if (c->operand_count > 0 || o->incident != NULL || o->all || o->to.to.count > 0 ||
        o->to.passphrase || o->to.output != NULL)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --finish FILE stands alone: what is in it was chosen before");
    if ((st = wb_export_finish(c->vault, path, &done, e)) != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "bundle", done.bundle);
        cli_json_pair(c, "sha256", done.sha256);
        cli_json_pair(c, "file", path);
        cli_json_close(c, '}');
        return WB_OK;
    }
    cli_exported_print(done.bundle, done.sha256, path);
    return WB_OK;
}

static enum wb_status
check_request(const struct cli *c, const struct export_options *o, struct wb_error *e)
{
    int ways = (c->operand_count > 0 || o->incident != NULL) + o->all;

    enum wb_status st = cli_export_to_check(&o->to, e);

    if (st != WB_OK)
        return st;
    if (ways == 0)
        return cli_fail(
            e, WB_ERR_USAGE, "export: what? give IDs, --incident ID or --all");
    if (redacts_all(&o->redact) && c->operand_count == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --redact FIELD works on records that are named by their ID; or "
            "--redact ID:FIELD");
    if (ways > 1)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --all takes everything; leave out IDs and --incident");
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct export_options *o = (const void *)c->options.bytes;
    struct wb_export_request request = {.purpose = o->purpose,
        .id_count = c->operand_count,
        .all = o->all,
        .level = o->level,
        .no_proof = o->no_proof,
        .page = o->with_report ? wb_report_page : NULL,
        .plan_only = o->plan,
        .leave_out_refused = o->leave_out,
        .override_count = o->override.count,
        .keep_name_count = o->keep_name.count};
    struct wb_id incident;
    enum wb_status st;

    if (o->finish != NULL)
        return finish(c, o, e);
    if ((st = check_request(c, o, e)) != WB_OK ||
        (st = cli_handoffs_remind(c, e)) != WB_OK ||
        (st = find_records(c, &request.ids, e)) != WB_OK ||
        (st = find_redactions(c, &request, &o->redact, e)) != WB_OK ||
        (st = cli_exceptions(c, &request.overrides, &o->override, "--override", e)) !=
            WB_OK ||
        (st = cli_exceptions(
             c, &request.keep_names, &o->keep_name, "--keep-name", e)) != WB_OK)
        return st;
    if (o->incident != NULL) {
        if ((st = wb_find(c->vault, &incident, o->incident, e)) != WB_OK)
            return st;
        request.incident = &incident;
    }
    return cli_export_to_each(c, &o->to, &request, e);
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
            "the bundle; we cannot ourselves. Statements, evidence of somebody and "
            "identities go only\n"
            "as far as the consents that are recorded reach; see `kinds consent`.",
};
