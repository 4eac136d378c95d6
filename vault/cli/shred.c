/* vault/cli/shred.c - `shred`: one record destroyed, its tombstone kept. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"
#include "new.h"

enum { ANSWER_BYTES = 2048 };

struct shred_options {
    const char *reason;
    bool yes;
};

static const struct cli_option rows[] = {
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct shred_options, reason),
        .value = "TEXT",
        .help = "why: it stays in the log for ever, so name nobody in it"},
    {.name = "yes",
        .kind = CLI_FLAG,
        .offset = offsetof(struct shred_options, yes),
        .help = "do not ask"},
    {.name = NULL},
};

/* ---- who has copies ---- */

static bool
show_holder(void *cookie, const struct wb_holder *h)
{
    uint64_t *count = cookie;

    ++*count;
    cli_warn("a copy was handed to %s on %s, bundle %s: it is not destroyed",
        h->contact[0] != '\0' ? h->contact : h->recipient, h->time, h->bundle);
    return true;
}

/* ---- the question ---- */

/* The title where it has one that opens, else the id. */
static enum wb_status
confirm(struct cli *c, const struct wb_id *id, struct wb_error *e)
{
    static char answer[ANSWER_BYTES];
    char text[WB_ID_TEXT_BYTES];
    struct wb_record *r = NULL;
    struct wb_error unused = {0};
    const char *title = text;
    enum wb_status st;

    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "shred: there is no terminal to ask on; confirm with --yes");
    wb_id_text(text, id);
    if (wb_record_load(c->vault, &r, id, &unused) == WB_OK &&
        wb_record_title(r)[0] != '\0')
        title = wb_record_title(r);
    cli_warn("%s: %s: all its revisions and files will be destroyed for ever", text,
        title == text ? cli_word("no title") : title);
    st = cli_ask(answer, sizeof answer,
        title == text ? "Type its id to destroy it: "
                      : "Type its whole title to destroy it: ",
        e);
    if (st == WB_OK && strcmp(answer, title) != 0)
        st = cli_fail(e, WB_ERR_USAGE, "not confirmed; nothing was destroyed");
    wb_text_wipe(answer, sizeof answer);
    wb_record_free(&r);
    return st;
}

/* ---- afterwards ---- */

static void
tell_text(const char *id, const struct wb_shredded *done)
{
    cli_print("shredded: %s, ", id);
    cli_print_count(done->revisions, "revision", "revisions");
    cli_print(", ");
    cli_print_count(done->files, "file", "files");
    cli_print("\n");
}

static void
tell(struct cli *c, const struct wb_id *id, const struct wb_shredded *done,
    uint64_t holders)
{
    char text[WB_ID_TEXT_BYTES];

    wb_id_text(text, id);
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", id);
        cli_json_count(c, "revisions", done->revisions);
        cli_json_count(c, "files", done->files);
        cli_json_count(c, "handoffs", holders);
        cli_json_close(c, '}');
    } else
        tell_text(text, done);
    cli_note(c,
        "its roots, the time and the reason in your words stay in the log; flash "
        "memory, images and backups taken before may still hold the record");
}

static enum wb_status
offer_rekey(struct cli *c, struct wb_error *e)
{
    const struct shred_options *o = (const void *)c->options.bytes;
    static const char words[] =
        CLI_SAID("`rekey` makes keys that were copied before useless for what comes");
    bool yes = false;
    enum wb_status st = WB_OK;

    if (o->yes)
        cli_note(c, "%s", cli_word(words));
    else
        st = cli_offer(c, &yes,
            "New keys for all other records as well (rekey)? [y/N] ", words, e);
    return st == WB_OK && yes ? cli_rekey(c, e) : st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct shred_options *o = (const void *)c->options.bytes;
    struct wb_shredded done;
    uint64_t holders = 0;
    struct wb_id id;
    enum wb_status st;

    if (o->reason == NULL)
        return cli_fail(e, WB_ERR_USAGE, "shred: --reason TEXT is missing");
    if ((st = wb_find(c->vault, &id, c->operands[0], e)) != WB_OK)
        return cli_tombstone_or(c, c->operands[0], st, e);
    if ((st = wb_holder_each(c->vault, &id, show_holder, &holders, e)) != WB_OK ||
        (!o->yes && (st = confirm(c, &id, e)) != WB_OK) ||
        (st = wb_shred(c->vault, &id, o->reason, &done, e)) != WB_OK)
        return st;
    tell(c, &id, &done, holders);
    return offer_rekey(c, e);
}

const struct cli_command cli_shred = {
    .name = "shred",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run,
    .summary = "destroy one record",
    .options = rows,
    .options_size = sizeof(struct shred_options),
    .help = "All revisions and attachments, with their keys. What stays is a tombstone "
            "in the\n"
            "log: roots, time, reason. A bundle cannot bring the record back unless\n"
            "`import --restore` says so. Copies that others have are listed, not "
            "destroyed.",
};
