/* vault/cli/interview.c - guided entry, from the first question to the last. */
#include "interview.h"

#include <inttypes.h>

enum { TICK_SECONDS = 30 };

struct wb_draft *
cli_interview_draft(const struct cli_interview *i, size_t record)
{
    return wb_sheet_draft(i->sheet, record);
}

/* ---- the draft ---- */

bool
cli_interview_seal(struct cli_interview *i)
{
    const struct cli_bytes *line = &i->reader.line;
    struct wb_error e = {0};

    if (wb_sheet_mark(i->sheet, i->place, line->size > 0 ? line->bytes : "", line->size,
            &e) == WB_OK &&
        wb_sheet_seal(i->sheet, i->c->vault, &e) == WB_OK)
        return true;
    cli_warn("this is not sealed on the disk yet: %s", e.message);
    return false;
}

static void
tick(void *cookie)
{
    (void)cli_interview_seal(cookie);
}

/* The line begins with what was typed when it was sealed. */
static enum wb_status
open_draft(struct cli_interview *i, uint64_t number)
{
    const char *typed;
    size_t size;
    enum wb_status st = wb_sheet_open(&i->sheet, i->c->vault, number, i->e);

    if (st != WB_OK)
        return st;
    i->place = wb_sheet_place(i->sheet, &typed, &size);
    if (i->place < CLI_PLACE_CONSENT && i->place >> 16 >= wb_sheet_count(i->sheet))
        i->place = CLI_PLACE_SUMMARY; /* of another version of the program */
    if (!cli_bytes_put(&i->reader.line, 0, typed, size))
        return cli_fail(i->e, WB_ERR_MEMORY, "not enough memory");
    return WB_OK;
}

static bool
note_number(void *cookie, const struct wb_sealed_sheet *sheet)
{
    uint64_t *newest = cookie;

    *newest = sheet->number;
    return true;
}

static enum wb_status
go_on_with(struct cli_interview *i, uint64_t number)
{
    enum wb_status st = WB_OK;

    if (number == 0)
        st = wb_sheet_each(i->c->vault, note_number, &number, i->e);
    if (st == WB_OK && number == 0)
        return cli_fail(i->e, WB_ERR_NOT_FOUND,
            "no drafts: everything that was begun was saved or removed");
    return st == WB_OK ? open_draft(i, number) : st;
}

/* ---- the idle lock ---- */

/* The draft is sealed first, then everything of it goes, and the vault with its keys;
 * then it goes on where it was. */
static enum wb_status
lock_and_return(struct cli_interview *i)
{
    const bool sealed = cli_interview_seal(i);
    const uint64_t number = wb_sheet_number(i->sheet);
    enum wb_status st;

    wb_sheet_free(&i->sheet);
    cli_reader_free(&i->reader);
    cli_lock(i->c);
    cli_tell("Locked: nothing was typed for too long. %s\n",
        sealed ? cli_word("What was written is sealed.")
               : cli_word("What was written last could not be sealed."));
    if ((st = cli_unlock_again(i->c, i->e)) != WB_OK)
        return st;
    return open_draft(i, number);
}

/* ---- the way through ---- */

static enum cli_answer
ask_here(struct cli_interview *i)
{
    const size_t record = i->place >> 16;
    const struct wb_kind *kind;

    if (i->place >= CLI_PLACE_SUMMARY)
        return cli_interview_summary(i);
    if (i->place >= CLI_PLACE_CONSENT)
        return cli_consent_ask(i, i->place - CLI_PLACE_CONSENT);
    kind = wb_draft_kind(cli_interview_draft(i, record));
    for (size_t n = 0; n < kind->count; n++)
        if (kind->fields[n].number == (i->place & 0xffff))
            return cli_interview_ask(i, record, &kind->fields[n]);
    return CLI_ANSWER_NOTHING; /* of another version of the program */
}

static void
announce(const struct cli_interview *i, uint32_t before)
{
    const size_t record = i->place >> 16;
    const struct wb_kind *kind;
    struct wb_value_view v;

    if (i->place >= CLI_PLACE_CONSENT || record == before >> 16)
        return;
    kind = wb_draft_kind(cli_interview_draft(i, record));
    cli_tell("About the %s ", cli_word(kind->name));
    if (wb_draft_value(cli_interview_draft(i, record), kind->title, 0, &v))
        cli_tell_safe(v.text, v.size, 0);
    cli_tell(" (. is enough of it):\n");
}

/* From one question to the next. */
static void
move_on(struct cli_interview *i, enum cli_answer answer)
{
    const uint32_t before = i->place;

    if (answer == CLI_ANSWER_BACK)
        i->place = cli_plan_back(i->sheet, i->place);
    else if (answer == CLI_ANSWER_ENOUGH && i->place >= CLI_PLACE_CONSENT)
        i->place = CLI_PLACE_SUMMARY;
    else if (answer == CLI_ANSWER_ENOUGH)
        i->place = cli_plan_past(i->sheet, i->place >> 16);
    else
        i->place = cli_plan_next(i->sheet, i->place);
    announce(i, before);
}

static bool
is_empty(const struct cli_interview *i)
{
    const struct wb_kind *kind = wb_draft_kind(cli_interview_draft(i, 0));
    struct wb_value_view v;

    for (size_t n = 0; n < kind->count; n++)
        if (wb_draft_value(cli_interview_draft(i, 0), kind->fields[n].name, 0, &v))
            return false;
    return wb_sheet_count(i->sheet) == 1 && i->reader.line.size == 0;
}

/* Nothing was written: no draft of it stays either. */
static enum wb_status
leave(struct cli_interview *i)
{
    const uint64_t number = wb_sheet_number(i->sheet);

    if (is_empty(i)) {
        cli_tell("Nothing was written.\n");
        return number != 0 ? wb_sheet_remove(i->c->vault, number, i->e) : WB_OK;
    }
    if (!cli_interview_seal(i))
        return cli_fail(i->e, WB_ERR_IO, "what was written last could not be sealed");
    if (i->attach != NULL && i->attach->count > 0)
        cli_tell("A draft holds no files: give --attach again.\n");
    cli_tell("Kept as draft %" PRIu64 "; %s.\n", wb_sheet_number(i->sheet),
        wb_vault_is_field(i->c->vault)
            ? cli_word("only the owner of the vault can go on with it")
            : cli_word("`add --continue` goes on with it"));
    return WB_OK;
}

static enum wb_status
walk(struct cli_interview *i)
{
    enum wb_status st = WB_OK;

    while (st == WB_OK && !i->saved) {
        const uint32_t before = i->place;
        enum cli_answer answer = ask_here(i);

        if (answer == CLI_ANSWER_STOP)
            return i->e->status;
        if (answer == CLI_ANSWER_KEEP)
            return leave(i);
        if (answer == CLI_ANSWER_LOCK)
            st = lock_and_return(i);
        else if (!i->saved && i->place == before)
            move_on(i, answer);
    }
    return st;
}

enum wb_status
cli_interview(struct cli *c, const char *kind, uint64_t number,
    const struct cli_list *attach, struct wb_error *e)
{
    struct cli_interview i = {.c = c, .attach = attach, .e = e};
    size_t first;
    enum wb_status st;

    i.reader.tick_ms = TICK_SECONDS * cli_second_ms;
    i.reader.tick = tick;
    i.reader.cookie = &i;
    if (cli_idle_ms < 0)
        cli_idle_begin(c);
    cli_watch_begin(); /* no signal is obeyed while something is not sealed */
    if (kind == NULL)
        st = go_on_with(&i, number);
    else if ((st = wb_sheet_new(&i.sheet, e)) == WB_OK &&
        (st = wb_sheet_add(i.sheet, &first, kind, e)) == WB_OK)
        i.place =
            cli_place(0, cli_plan_field(wb_draft_kind(wb_sheet_draft(i.sheet, 0)), 0));
    if (st == WB_OK)
        st = walk(&i);
    cli_reader_free(&i.reader);
    wb_sheet_free(&i.sheet);
    cli_watch_end();
    return st;
}
