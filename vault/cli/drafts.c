/* vault/cli/drafts.c - `drafts`: what was begun and is not saved yet. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

struct drafts_options {
    struct cli_number remove;
    bool yes;
};

static const struct cli_option rows[] = {
    {.name = "remove",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct drafts_options, remove),
        .value = "N",
        .help = "destroy draft N instead",
        .least = 1,
        .most = INT64_MAX},
    {.name = "yes",
        .kind = CLI_FLAG,
        .offset = offsetof(struct drafts_options, yes),
        .help = "do not ask before it is destroyed"},
    {.name = NULL},
};

enum { WORDS_BYTES = 60, RECORDS_COLUMNS = 7 };

/* What the draft is known by: the beginning of its first record's title field, or of
 * what was being typed. */
static void
words_of(const struct wb_sheet *s, struct wb_value_view *words)
{
    const char *typed;

    *words = (struct wb_value_view){.state = WB_STATE_TEXT};
    (void)wb_sheet_place(s, &typed, &words->size);
    words->text = typed;
    if (wb_sheet_count(s) > 0)
        (void)wb_draft_value(
            wb_sheet_draft(s, 0), wb_draft_kind(wb_sheet_draft(s, 0))->title, 0, words);
    if (words->state != WB_STATE_TEXT)
        words->size = 0;
    words->size = cli_cut(words->text, words->size, WORDS_BYTES);
}

static const char *
kind_of(const struct wb_sheet *s)
{
    return wb_sheet_count(s) > 0 ? wb_draft_kind(wb_sheet_draft(s, 0))->name : "";
}

static void
json_row(struct cli *c, const struct wb_sealed_sheet *sheet)
{
    struct wb_value_view words;

    cli_json_open(c, '{');
    cli_json_count(c, "draft", sheet->number);
    if (sheet->sheet == NULL)
        cli_json_pair(c, "fault", sheet->fault);
    else {
        words_of(sheet->sheet, &words);
        cli_json_pair(c, "kind", kind_of(sheet->sheet));
        cli_json_count(c, "records", wb_sheet_count(sheet->sheet));
        cli_json_pair(c, "begun", sheet->begun);
        cli_json_pair(c, "sealed", sheet->sealed);
        cli_json_key(c, "words");
        cli_json_text(c, words.text, words.size);
    }
    cli_json_close(c, '}');
}

static void
text_row(const struct wb_sealed_sheet *sheet)
{
    struct wb_value_view words;
    const char *records;
    size_t count;

    cli_print("%4" PRIu64 "  ", sheet->number);
    if (sheet->sheet == NULL) {
        cli_print("cannot be opened: %s\n", sheet->fault);
        return;
    }
    words_of(sheet->sheet, &words);
    count = wb_sheet_count(sheet->sheet);
    records = cli_plural("record", "records", count);
    cli_print("%s  %-12s %3zu ", sheet->sealed, kind_of(sheet->sheet), count);
    cli_print_column(records, strlen(records), RECORDS_COLUMNS);
    cli_print_safe(words.text, words.size);
    cli_print("\n");
}

struct listing {
    struct cli *c;
    uint64_t shown, damaged;
};

static bool
show_row(void *cookie, const struct wb_sealed_sheet *sheet)
{
    struct listing *l = cookie;

    l->shown++;
    l->damaged += sheet->sheet == NULL;
    if (l->c->global.json)
        json_row(l->c, sheet);
    else
        text_row(sheet);
    return true;
}

static enum wb_status
list(struct cli *c, struct wb_error *e)
{
    struct listing l = {.c = c};
    enum wb_status st;

    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_sheet_each(c->vault, show_row, &l, e);
    if (c->global.json)
        cli_json_close(c, ']');
    if (st == WB_OK && l.shown == 0)
        cli_note(c, "no drafts: everything that was begun was saved or removed");
    if (st == WB_OK && l.damaged > 0)
        st = cli_fail(e, WB_ERR_INTEGRITY,
            "%" PRIu64 " draft%s cannot be opened; `drafts --remove N` takes one away",
            l.damaged, cli_s(l.damaged));
    return st;
}

struct sought {
    uint64_t number;
    bool found;
};

static bool
look(void *cookie, const struct wb_sealed_sheet *sheet)
{
    struct sought *s = cookie;

    s->found = sheet->number == s->number;
    return !s->found;
}

static enum wb_status
take_away(struct cli *c, uint64_t number, bool yes, struct wb_error *e)
{
    struct sought sought = {.number = number};
    enum wb_status st = wb_sheet_each(c->vault, look, &sought, e);

    if (st == WB_OK && !sought.found) /* before it is asked about */
        return wb_sheet_remove(c->vault, number, e);
    if (!yes && !cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "drafts: nobody is there to ask; --yes destroys it without asking");
    if (st == WB_OK && !yes)
        st = cli_confirm(&yes, "Destroy this draft for ever? [y/N] ", e);
    if (st == WB_OK && !yes)
        st = cli_fail(e, WB_ERR_USAGE, "not confirmed; nothing was destroyed");
    return st == WB_OK ? wb_sheet_remove(c->vault, number, e) : st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct drafts_options *o = (const void *)c->options.bytes;

    return o->remove.given ? take_away(c, o->remove.value, o->yes, e) : list(c, e);
}

const struct cli_command cli_drafts = {
    .name = "drafts",
    .needs = CLI_WRITE,
    .reads_too = true,
    .operands = "",
    .run = run,
    .summary = "list what was begun and is not saved yet",
    .options = rows,
    .options_size = sizeof(struct drafts_options),
    .help = "Number, when it was last sealed, kind, how many records, how it begins.",
};
