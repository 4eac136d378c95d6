/* vault/cli/withdraw.c - `withdraw`: a consent taken back, and word of it to whoever
 * has copies. */
#include <inttypes.h>
#include <string.h>

#include <witnessbox/destroy.h>
#include <witnessbox/withdraw.h>

#include "cli.h"
#include "commands.h"
#include "export_to.h"

enum { ID_SHOWN = 8, KIND_COLUMNS = 13, LABEL_COLUMNS = 8, ANSWER_BYTES = 16 };

struct withdraw_options {
    const char *reason;
    const char *output;
    bool yes;
};

static const struct cli_option rows[] = {
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct withdraw_options, reason),
        .value = "TEXT",
        .help =
            "read by everybody who is told, and kept in the log: name nobody in it"},
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct withdraw_options, output),
        .value = "FOLDER",
        .help = "where the notices go, each a bundle-<random>.age; else here",
        .use = CLI_MAKES_IN},
    {.name = "yes",
        .kind = CLI_FLAG,
        .offset = offsetof(struct withdraw_options, yes),
        .help = "do not ask"},
    {.name = NULL},
};

/* ---- what it concerns ---- */

static void
show_record(const struct wb_concerned *r)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    cli_print("%.*s  ", ID_SHOWN, id);
    cli_print_column(r->kind, strlen(r->kind), KIND_COLUMNS);
    cli_print_safe(r->title, strlen(r->title));
    cli_print("\n");
}

static void
show_told(const struct wb_told *t)
{
    static const char *const ways[] = {
        [WB_REACH_NOTICE] = CLI_SAID("will be written a notice"),
        [WB_REACH_WORDS] = CLI_SAID("had it under words: tell them by another way"),
        [WB_REACH_UNKNOWN] =
            CLI_SAID("unlinkable copies; no notice, it would say from whom"),
    };
    const char *name = t->contact[0] != '\0' ? t->contact : t->recipient;

    cli_print_label("held by", LABEL_COLUMNS);
    cli_print_safe(name, strlen(name));
    cli_print(", ");
    cli_print_count(t->records, "record", "records");
    cli_print(": %s\n", cli_word(ways[t->reach]));
}

static void
show(struct cli *c, const struct wb_withdrawal *w)
{
    struct wb_concerned record;
    struct wb_told told;
    size_t consents = wb_withdrawal_consents(w);

    if (c->global.json)
        return;
    cli_print(cli_plural("%zu consent ends, and with it:\n",
                  "%zu consents end, and with them:\n", consents),
        consents);
    for (size_t i = 0; wb_withdrawal_record(w, i, &record); i++)
        show_record(&record);
    for (size_t i = 0; wb_withdrawal_told(w, i, &told); i++)
        show_told(&told);
}

static enum wb_status
confirm(struct wb_error *e)
{
    char answer[ANSWER_BYTES];
    enum wb_status st;

    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "withdraw: there is no terminal to ask on; confirm with --yes");
    st = cli_ask(answer, sizeof answer, "Withdraw this? [y/N] ", e);
    if (st == WB_OK && strcmp(answer, "y") != 0 && strcmp(answer, "yes") != 0)
        st = cli_fail(e, WB_ERR_USAGE, "not confirmed; nothing was changed");
    return st;
}

/* ---- the notices, each for one ---- */

static enum wb_status
send_notice(struct cli *c, const struct wb_told *told, struct wb_error *e)
{
    const struct withdraw_options *o = (const void *)c->options.bytes;
    const struct wb_export_request request = {
        .to = &told->recipient, .to_count = 1, .ids = &told->notice, .id_count = 1};
    const char *to = told->contact[0] != '\0' ? told->contact : told->recipient;
    struct wb_export_request complete = request;
    struct wb_exported done;
    char path[PATH_MAX];
    enum wb_status st = cli_export_path(path, o->output, e);

    complete.path = path;
    if (st != WB_OK || (st = wb_export(c->vault, &complete, &done, e)) != WB_OK)
        return cli_within(e, st, to);
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "to", told->recipient);
        cli_json_id(c, "notice", &told->notice);
        cli_json_pair(c, "file", path);
        cli_json_pair(c, "sha256", done.sha256);
        cli_json_close(c, '}');
        return WB_OK;
    }
    cli_print_label("notice", LABEL_COLUMNS);
    cli_print("for ");
    cli_print_safe(to, strlen(to));
    cli_print(": ");
    cli_print_safe(path, strlen(path));
    cli_print("\n");
    return WB_OK;
}

static enum wb_status
send_all(struct cli *c, const struct wb_withdrawal *w, struct wb_error *e)
{
    struct wb_told told;
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && wb_withdrawal_told(w, i, &told); i++)
        if (told.reach == WB_REACH_NOTICE)
            st = send_notice(c, &told, e);
    if (st != WB_OK)
        cli_warn("the withdrawal is recorded; notices that are not written yet: `list "
                 "--kind notice`, then `export --to CONTACT ID`");
    return st;
}

/* ---- the record itself ---- */

/* What was agreed about is offered to be destroyed; persons stay, others may speak of
 * them. */
static enum wb_status
offer_shred(struct cli *c, const struct wb_withdrawal *w, struct wb_error *e)
{
    const struct withdraw_options *o = (const void *)c->options.bytes;
    static const char words[] =
        CLI_SAID("what is here stays here until you `shred` it");
    struct wb_concerned record;
    struct wb_shredded done;
    bool yes = false;
    enum wb_status st = WB_OK;

    if (o->yes)
        cli_note(c, "%s", cli_word(words));
    else
        st = cli_offer(c, &yes,
            "Destroy the statements and evidence among these here too (shred)? [y/N] ",
            words, e);
    for (size_t i = 0; yes && st == WB_OK && wb_withdrawal_record(w, i, &record); i++)
        if (strcmp(record.kind, "statement") == 0 ||
            strcmp(record.kind, "evidence") == 0)
            st = wb_shred(c->vault, &record.id, "the consent was withdrawn", &done, e);
    return st;
}

static void
begin_json(struct cli *c, const struct wb_withdrawal *w, const struct wb_id *id)
{
    struct wb_concerned record;

    cli_json_open(c, '{');
    cli_json_id(c, "id", id);
    cli_json_count(c, "consents", wb_withdrawal_consents(w));
    cli_json_key(c, "records");
    cli_json_open(c, '[');
    for (size_t i = 0; wb_withdrawal_record(w, i, &record); i++) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", &record.id);
        cli_json_pair(c, "kind", record.kind);
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
    cli_json_key(c, "notices");
    cli_json_open(c, '[');
}

static void
end_json(struct cli *c, const struct wb_withdrawal *w)
{
    struct wb_told told;

    cli_json_close(c, ']');
    cli_json_key(c, "untold");
    cli_json_open(c, '[');
    for (size_t i = 0; wb_withdrawal_told(w, i, &told); i++) {
        if (told.reach == WB_REACH_NOTICE)
            continue;
        cli_json_open(c, '{');
        cli_json_pair(c, "to", told.recipient);
        cli_json_key(c, "unlinkable");
        cli_json_bool(c, told.reach == WB_REACH_UNKNOWN);
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
    cli_json_close(c, '}');
}

static enum wb_status
withdraw(
    struct cli *c, struct wb_withdrawal *w, const struct wb_id *id, struct wb_error *e)
{
    const struct withdraw_options *o = (const void *)c->options.bytes;
    enum wb_status st = WB_OK;

    show(c, w);
    if ((!o->yes && (st = confirm(e)) != WB_OK) ||
        (st = wb_withdraw(w, c->vault, o->reason, e)) != WB_OK)
        return st;
    if (c->global.json)
        begin_json(c, w, id);
    st = send_all(c, w, e);
    if (c->global.json)
        end_json(c, w);
    return st == WB_OK ? offer_shred(c, w, e) : st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct withdraw_options *o = (const void *)c->options.bytes;
    struct wb_withdrawal *w = NULL;
    struct wb_id id;
    enum wb_status st;

    if (o->output != NULL && !cli_is_folder(o->output))
        return cli_fail(e, WB_ERR_USAGE,
            "%s: not a folder; make it first, or name another with -o", o->output);
    if ((st = wb_find(c->vault, &id, c->operands[0], e)) != WB_OK)
        return cli_tombstone_or(c, c->operands[0], st, e);
    if ((st = wb_withdrawal_look(&w, c->vault, &id, e)) != WB_OK)
        return cli_within(e, st, c->operands[0]);
    st = withdraw(c, w, &id, e);
    wb_withdrawal_free(&w);
    return st;
}

const struct cli_command cli_withdraw = {
    .name = "withdraw",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run,
    .summary = "take a consent back, and tell whoever has copies",
    .options = rows,
    .options_size = sizeof(struct withdraw_options),
    .help =
        "ID is a consent, or the person, statement or evidence whose consents end.\n"
        "Shows what rests on them and who was handed it, then records the withdrawal\n"
        "and writes a notice for each, a bundle that names only what they have.",
};
