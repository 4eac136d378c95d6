/* vault/cli/import.c - `import`: a bundle into the vault, beside what is there. */
#include <string.h>

#include "arrivals.h"
#include "cli.h"
#include "commands.h"

struct import_options {
    bool accept;
    struct cli_list restore;
    struct cli_words words;
    const char *receipt;
};

static const struct cli_option rows[] = {
    {.name = "accept",
        .kind = CLI_FLAG,
        .offset = offsetof(struct import_options, accept),
        .help = "also from a sender whose key was not compared; it stays marked"},
    {.name = "restore",
        .kind = CLI_LIST,
        .offset = offsetof(struct import_options, restore),
        .value = "ID=REASON",
        .help = "take in a record that was shredded here, and say why in the log"},
    CLI_WORDS_ROWS(struct import_options),
    {.name = "receipt",
        .kind = CLI_WORD,
        .offset = offsetof(struct import_options, receipt),
        .value = "FILE",
        .help = "then write a receipt for the sender: a bundle for the way back",
        .use = CLI_MAKES},
    {.name = NULL},
};

/* ID=REASON, where the id may be any unique beginning. */
static enum wb_status
read_restore(struct cli *c, struct wb_readmit *to, const char *word, struct wb_error *e)
{
    const char *equals = strchr(word, '=');
    char text[WB_ID_TEXT_BYTES];
    struct wb_tombstone t = {0};
    enum wb_status st;

    if (equals == NULL || equals[1] == '\0' || (size_t)(equals - word) >= sizeof text)
        return cli_fail(e, WB_ERR_USAGE, "--restore: ID=REASON, with a reason");
    memcpy(text, word, (size_t)(equals - word));
    text[equals - word] = '\0';
    st = wb_tombstone_find(c->vault, &t, text, e);
    if (st == WB_ERR_NOT_FOUND)
        return cli_fail(e, st, "--restore: %s: no such record was shredded here", text);
    if (st == WB_OK)
        *to = (struct wb_readmit){t.id, equals + 1};
    wb_tombstone_free(&t);
    return st;
}

static enum wb_status
read_restores(struct cli *c, struct wb_reading *how, struct wb_error *e)
{
    const struct import_options *o = (const void *)c->options.bytes;
    struct wb_readmit *list;
    enum wb_status st = WB_OK;

    if (o->restore.count == 0)
        return WB_OK;
    list = cli_take(o->restore.count, sizeof *list);
    if (list == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; st == WB_OK && i < o->restore.count; i++)
        st = read_restore(c, &list[i], o->restore.items[i], e);
    how->readmits = list;
    how->readmit_count = o->restore.count;
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct import_options *o = (const void *)c->options.bytes;
    struct cli_arrivals files = {.reading = {.words = &o->words,
                                     .how.flags = (o->accept ? WB_IMPORT_ACCEPT : 0) |
                                         (o->receipt != NULL ? WB_IMPORT_ANSWER : 0),
                                     .read = wb_import},
        .import = true,
        .receipt = o->receipt};
    enum wb_status st;

    if (o->receipt != NULL && c->operand_count > 1)
        return cli_fail(
            e, WB_ERR_USAGE, "import: --receipt is for one bundle at a time");
    st = read_restores(c, &files.reading.how, e);
    return st == WB_OK ? cli_arrivals_run(c, &files, e) : st;
}

const struct cli_command cli_import = {
    .name = "import",
    .needs = CLI_WRITE,
    .operands = "FILE...",
    .first_use = CLI_READS,
    .rest_use = CLI_READS,
    .run = run,
    .summary = "take bundles, cards and heads in",
    .options = rows,
    .options_size = sizeof(struct import_options),
    .help =
        "Each bundle is one transaction, and taking it in twice changes nothing. What\n"
        "others wrote never replaces what is ours: both are kept. Several files are "
        "taken\n"
        "one after the other, past failures; the parts of a bundle in any order.",
};
