/* vault/cli/arrivals.c - files of any kind of ours, as `inspect` and `import` get them.
 */
#include "arrivals.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cards.h"

enum { TEXT_BYTES_MAX = 64 * 1024, OUTCOME_BYTES = 2048, STATUS_COLUMNS = 9 };

/* What became of one operand. */
struct outcome {
    const char *path;
    enum wb_status status;
    char what[OUTCOME_BYTES];
};

struct given {
    struct cli_arrivals *f;
    struct outcome *outcomes;
    size_t count;
    const char *const *parts; /* of the bundle that comes, or NULL */
    size_t part_count;
};

static void say(struct outcome *o, const char *format, ...) WB_PRINTF(2, 3);

static void
say(struct outcome *o, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(o->what, sizeof o->what, cli_word(format), args);
    va_end(args);
}

/* ---- each kind ---- */

static enum wb_status
write_receipt(struct cli *c, const struct wb_bundle_report *report, const char *path,
    struct wb_error *e)
{
    struct wb_exported done;
    enum wb_status st = wb_receipt(c->vault, report, path, &done, e);

    if (st == WB_OK)
        cli_note(c, "%s: a receipt, for the sender only", path);
    return cli_within(e, st, "receipt");
}

static void
say_bundle(struct outcome *o, const struct wb_bundle_report *report, bool imported)
{
    struct wb_sender_log log;
    const char *older = wb_report_sender_log(report, &log) && log.is_older
        ? cli_word(", older than known")
        : "";

    if (imported)
        say(o, "bundle: %" PRIu64 " added, %" PRIu64 " completed, %" PRIu64 " here%s",
            wb_report_added(report), wb_report_completed(report),
            wb_report_present(report), older);
    else
        say(o, "bundle of %zu records, %" PRIu64 " here%s",
            wb_report_record_count(report), wb_report_present(report), older);
}

/* Their log has begun anew, say: until the card is taken in, nobody compares its heads.
 * A note only: where it cannot be made, what was done is done. */
static void
note_other_card(struct cli *c, const struct wb_bundle_report *report, const char *path)
{
    const char *text = wb_report_card(report);
    struct wb_card_standing whose;
    struct wb_error unused = {0};

    if (wb_card_whose(c->vault, text, strlen(text), &whose, &unused) == WB_OK &&
        whose.state == WB_CARD_CHANGE)
        cli_note(c,
            "%s: the card in it is not the one that is known of the contact %s; "
            "`contact add` takes a newer one from the bundle",
            path, whose.label);
}

static enum wb_status
take_bundle(struct cli *c, struct given *g, struct outcome *o, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st;

    g->f->reading.how.parts = g->parts;
    g->f->reading.how.part_count = g->part_count;
    st = cli_bundle_read(c, &g->f->reading, o->path, &report, e);
    if (st != WB_OK)
        return st;
    cli_bundle_print(c, report, g->f->import);
    say_bundle(o, report, g->f->import);
    note_other_card(c, report, o->path);
    if (g->f->receipt != NULL)
        st = write_receipt(c, report, g->f->receipt, e);
    wb_report_free(&report);
    return st;
}

static enum wb_status
add_card(struct cli *c, const struct cli_bytes *b, struct wb_error *e)
{
    struct wb_saved saved;
    enum wb_status st = wb_contact_add(c->vault, b->bytes, b->size, NULL, &saved, e);

    return st == WB_OK ? cli_card_warn(c, &saved, e) : st;
}

static void
say_card(struct outcome *o, const struct wb_card_standing *whose,
    const struct wb_card *card, const char *words, bool import)
{
    if (whose->state == WB_CARD_HERE)
        say(o, "card of the contact %s, %s", whose->label,
            whose->verified ? cli_word("verified") : cli_word("not verified"));
    else if (whose->state == WB_CARD_CHANGE && import)
        say(o, "card: other keys of %s; compare its words, then `contact verify`",
            whose->label);
    else if (whose->state == WB_CARD_CHANGE)
        say(o, "another card of the contact %s: `import` takes a newer one",
            whose->label);
    else if (import)
        say(o, "card: added as %s; compare its words, then `contact verify`",
            card->name);
    else
        say(o, "card of %s, whose key no contact has: %s", card->name, words);
}

/* To look at our own, or at an older one, is no mistake. */
static enum wb_status
take_card(struct cli *c, struct given *g, struct outcome *o, const struct cli_bytes *b,
    struct wb_error *e)
{
    struct wb_card_standing whose;
    struct wb_card card;
    char *words = NULL;
    enum wb_status st = wb_card_read(&card, &words, b->bytes, b->size, e);

    if (st != WB_OK)
        return st;
    st = wb_card_whose(c->vault, b->bytes, b->size, &whose, e);
    if (st == WB_OK && g->f->import && whose.state != WB_CARD_HERE)
        st = add_card(c, b, e);
    if (st == WB_OK)
        say_card(o, &whose, &card, words, g->f->import);
    wb_text_free(words);
    if (st != WB_ERR_USAGE || g->f->import)
        return st;
    say(o, "%s", e->message);
    *e = (struct wb_error){0};
    return WB_OK;
}

static enum wb_status
take_head(struct cli *c, struct given *g, struct outcome *o, const struct cli_bytes *b,
    struct wb_error *e)
{
    struct wb_head_note note;
    enum wb_status st;

    if (!g->f->import) {
        say(o,
            "signed head of a log, or a cosignature: `import` holds it against what "
            "is known");
        return WB_OK;
    }
    st = wb_head_import(c->vault, b->bytes, b->size, &note, e);
    if (st == WB_OK)
        say(o, "head of %s at size %" PRIu64 ": remembered",
            note.ours                ? cli_word("our log")
                : note.label[0] != 0 ? note.label
                                     : note.origin,
            note.size);
    if (st == WB_OK && note.remark[0] != '\0')
        cli_warn("%s: %s", o->path, note.remark);
    return st;
}

/* What is for another command: named, and refused where it was to be taken in. */
static enum wb_status
point_elsewhere(
    struct given *g, struct outcome *o, enum cli_file_kind kind, struct wb_error *e)
{
    const char *what = kind == CLI_FILE_REQUEST
        ? cli_word("a request to cosign a head: `cosign FILE` answers it")
        : kind == CLI_FILE_SHARE
        ? cli_word("a share of a recovery key: `recovery restore`")
        : cli_word("a vault: --vault FILE opens it, `collect FILE` takes "
                   "in a field vault of ours");

    say(o, "%s", what);
    return g->f->import ? cli_fail(e, WB_ERR_USAGE, "%s: %s", o->path, what) : WB_OK;
}

/* ---- one operand ---- */

static void
json_outcome(struct cli *c, const struct outcome *o, const struct wb_error *e)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "file", o->path);
    cli_json_count(c, "status", (uint64_t)wb_status_exit(o->status));
    cli_json_pair(c, o->status == WB_OK ? "what" : "error",
        o->status == WB_OK ? o->what : e->message);
    cli_json_close(c, '}');
}

/* Names of files and of people come from others. */
static void
print_outcome(const struct outcome *o)
{
    cli_print_safe(o->path, strlen(o->path));
    cli_print(": ");
    cli_print_safe(o->what, strlen(o->what));
    cli_print("\n");
}

static enum wb_status
take_text(struct cli *c, struct given *g, struct outcome *o, enum cli_file_kind kind,
    struct wb_error *e)
{
    struct cli_bytes b = {0};
    enum wb_status st = cli_read(c, &b, o->path, TEXT_BYTES_MAX, o->path, e);

    if (st == WB_OK)
        st = kind == CLI_FILE_CARD ? take_card(c, g, o, &b, e)
                                   : take_head(c, g, o, &b, e);
    cli_bytes_free(&b);
    return st;
}

static enum wb_status
take_one(struct cli *c, struct given *g, struct outcome *o, struct wb_error *e)
{
    enum cli_file_kind kind = CLI_FILE_BUNDLE;
    enum wb_status st = WB_OK;

    if (g->part_count == 0)
        st = cli_file_recognise(c, &kind, o->path, e);
    if (st == WB_OK && kind == CLI_FILE_BUNDLE)
        return cli_within(e, take_bundle(c, g, o, e), o->path);
    if (st != WB_OK)
        return st;
    if (kind == CLI_FILE_CARD || kind == CLI_FILE_HEAD || kind == CLI_FILE_COSIGNATURE)
        st = take_text(c, g, o, kind, e);
    else
        st = point_elsewhere(g, o, kind, e);
    if (st != WB_OK)
        return cli_within(e, st, o->path);
    if (c->global.json)
        json_outcome(c, o, e);
    else
        print_outcome(o);
    return WB_OK;
}

/* ---- parts ---- */

/* Whether two paths name parts of one file. */
static bool
is_same_file(const char *a, const struct wb_part_name *of_a, const char *b)
{
    struct wb_part_name of_b;

    return wb_part_parse(&of_b, b) && of_a->stem == of_b.stem &&
        strncmp(a, b, of_a->stem) == 0;
}

/* All parts of the file that operand `at` is a part of; none where one before it was,
 * too. False: it was taken with that one. */
static bool
gather_parts(struct cli *c, struct given *g, size_t at, const char **room)
{
    struct wb_part_name name;

    g->parts = NULL;
    g->part_count = 0;
    if (!wb_part_parse(&name, c->operands[at]))
        return true;
    for (size_t i = 0; i < c->operand_count; i++) {
        if (!is_same_file(c->operands[at], &name, c->operands[i]))
            continue;
        if (i < at)
            return false;
        room[g->part_count++] = c->operands[i];
    }
    g->parts = room;
    return true;
}

/* ---- all of them ---- */

static void
print_table(const struct given *g)
{
    static const char *const words[] = {CLI_SAID("ok"), CLI_SAID("failed"),
        CLI_SAID("usage"), CLI_SAID("locked"), CLI_SAID("ALTERED"), CLI_SAID("refused"),
        CLI_SAID("not found"), CLI_SAID("in use")};

    cli_print("\n");
    for (size_t i = 0; i < g->count; i++) {
        const struct outcome *o = &g->outcomes[i];

        cli_print_label(words[wb_status_exit(o->status)], STATUS_COLUMNS);
        print_outcome(o);
    }
}

static void
tell_failure(struct cli *c, struct outcome *o, const struct wb_error *e)
{
    const size_t size = strlen(o->path);
    const bool named =
        strncmp(e->message, o->path, size) == 0 && e->message[size] == ':';

    cli_complain(e);
    say(o, "%s", e->message + (named ? size + 2 : 0));
    if (c->global.json)
        json_outcome(c, o, e);
}

static enum wb_status
take_all(struct cli *c, struct given *g, const char **room, struct wb_error *e)
{
    enum wb_status worst = WB_OK;

    for (size_t i = 0; i < c->operand_count; i++) {
        struct outcome *o = &g->outcomes[g->count];

        if (!gather_parts(c, g, i, room))
            continue;
        g->count++;
        o->path = c->operands[i];
        o->status = take_one(c, g, o, e);
        if (o->status != WB_OK)
            tell_failure(c, o, e);
        worst = cli_worse(worst, o->status);
    }
    return worst;
}

enum wb_status
cli_arrivals_run(struct cli *c, struct cli_arrivals *f, struct wb_error *e)
{
    struct given g = {.f = f};
    const char **room = cli_take(c->operand_count, sizeof *room);
    enum wb_status worst;

    g.outcomes = cli_take(c->operand_count, sizeof *g.outcomes);
    if (room == NULL || g.outcomes == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    if (c->operand_count == 1) {
        g.outcomes[0].path = c->operands[0];
        (void)gather_parts(c, &g, 0, room);
        worst = take_one(c, &g, &g.outcomes[0], e);
        cli_words_forget();
        return worst;
    }
    if (c->global.json)
        cli_json_open(c, '[');
    worst = take_all(c, &g, room, e);
    cli_words_forget();
    if (c->global.json)
        cli_json_close(c, ']');
    else if (g.count > 1)
        print_table(&g);
    e->message[0] = '\0'; /* told above */
    return worst;
}
