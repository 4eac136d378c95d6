/* vault/cli/head.c - `head`: the newest signed checkpoint, and what people do with it.
 */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { HEAD_BYTES_MAX = 2 * 1024 * 1024 };

struct head_options {
    bool words;
    const char *import_from;
    const char *request;
    struct cli_number from;
    bool restart;
    const char *reason;
    const char *output;
};

static const struct cli_option rows[] = {
    {.name = "words",
        .kind = CLI_FLAG,
        .offset = offsetof(struct head_options, words),
        .help = "twelve words and the size, for telephone and paper"},
    {.name = "import",
        .kind = CLI_WORD,
        .offset = offsetof(struct head_options, import_from),
        .value = "FILE",
        .help = "take in a head: ours that came back, a cosignature, a contact's",
        .use = CLI_READS},
    {.name = "request",
        .kind = CLI_WORD,
        .offset = offsetof(struct head_options, request),
        .value = "NAME",
        .help = "write the request for this contact to `cosign`"},
    {.name = "from",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct head_options, from),
        .value = "N",
        .most = INT64_MAX,
        .help = "with --request: prove from size N, as the contact's refusal says"},
    {.name = "restart",
        .kind = CLI_FLAG,
        .offset = offsetof(struct head_options, restart),
        .help = "begin a new log that commits to the old one; needs --reason"},
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct head_options, reason),
        .value = "TEXT",
        .help = "with --restart: why, for ever in the log"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct head_options, output),
        .value = "FILE",
        .help = "write there instead of to standard output",
        .use = CLI_MAKES},
    {.name = NULL},
};

static enum wb_status
import_head(struct cli *c, const char *path, struct wb_error *e)
{
    struct wb_head_note note;
    struct cli_bytes b = {0};
    enum wb_status st = cli_read(c, &b, path, HEAD_BYTES_MAX, "--import", e);

    if (st == WB_OK)
        st = wb_head_import(c->vault, b.bytes, b.size, &note, e);
    cli_bytes_free(&b);
    if (st != WB_OK)
        return cli_within(e, st, path);
    cli_note(c, "remembered: %s at size %" PRIu64 "%s%s%s", note.origin, note.size,
        note.label[0] == '\0' ? ""
            : note.ours       ? cli_word(", cosigned by ")
                              : cli_word(", log of "),
        note.label,
        note.ours ? cli_word(": nothing before it can be changed unseen") : "");
    if (note.remark[0] != '\0')
        cli_warn("%s", note.remark);
    return WB_OK;
}

static enum wb_status
print_request(struct cli *c, const struct head_options *o, struct wb_error *e)
{
    int64_t from = o->from.given ? (int64_t)o->from.value : WB_FROM_REMEMBERED;
    char *text = NULL;
    enum wb_status st = wb_head_request(c->vault, o->request, from, &text, e);

    if (st == WB_OK)
        st = cli_write_text(text, o->output, e);
    if (st == WB_OK)
        cli_note(
            c, "for %s: `cosign FILE` there, then `head --import` here", o->request);
    wb_text_free(text);
    return st;
}

static enum wb_status
print_words(struct cli *c, const struct head_options *o, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st = wb_head_words(c->vault, &text, e);

    if (st == WB_OK)
        st = cli_write_text(text, o->output, e);
    wb_text_free(text);
    return st;
}

static enum wb_status
restart(struct cli *c, const char *reason, struct wb_error *e)
{
    enum wb_status st;

    if (reason == NULL)
        return cli_fail(e, WB_ERR_USAGE, "head --restart: --reason TEXT is missing");
    if ((st = wb_head_restart(c->vault, reason, e)) == WB_OK)
        cli_note(c, "a new log begins; send your card again: `identity --export FILE`");
    return st;
}

static enum wb_status
print_head(struct cli *c, const struct head_options *o, struct wb_error *e)
{
    const char *checkpoint;
    enum wb_status st = wb_head(c->vault, &checkpoint, e);

    if (st != WB_OK)
        return st;
    if (!c->global.json)
        return cli_write_text(checkpoint, o->output, e);
    cli_json_open(c, '{');
    cli_json_pair(c, "checkpoint", checkpoint);
    cli_json_close(c, '}');
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct head_options *o = (const void *)c->options.bytes;
    int asked = o->words + (o->import_from != NULL) + (o->request != NULL) + o->restart;
    enum wb_status st = WB_OK;

    if (asked > 1)
        return cli_fail(e, WB_ERR_USAGE,
            "head: one of --words, --import, --request, --restart at a time");
    if (c->global.json && (o->words || o->request != NULL))
        return cli_fail(e, WB_ERR_USAGE, "head: words and requests are text, not JSON");
    if (o->words)
        return print_words(c, o, e);
    if (o->request != NULL)
        return print_request(c, o, e);
    if (o->import_from != NULL)
        st = import_head(c, o->import_from, e);
    else if (o->restart)
        st = restart(c, o->reason, e);
    if (st != WB_OK || (asked > 0 && !c->global.json))
        return st;
    return print_head(c, o, e);
}

const struct cli_command cli_head = {
    .name = "head",
    .needs = CLI_WRITE,
    .reads_too = true,
    .operands = "",
    .run = run,
    .in_field = true,
    .summary = "print the log's signed checkpoint, or have it cosigned",
    .options = rows,
    .options_size = sizeof(struct head_options),
    .help = "A C2SP tlog-checkpoint. Kept outside of the vault it shows later that "
            "nothing\n"
            "was rolled back or rewritten: `verify --head FILE` compares. A contact's\n"
            "cosignature makes even you unable to change what it covers.",
};
