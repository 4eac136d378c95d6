/* vault/cli/interview_end.c - the summary, and one confirmation for all of it. */
#include <string.h>

#include "interview.h"

static void
show_record(const struct cli_interview *i, size_t n)
{
    const struct wb_draft *d = wb_sheet_draft(i->sheet, n);
    const struct wb_kind *kind = wb_draft_kind(d);

    cli_tell("  %s\n", cli_word(kind->name));
    for (size_t k = 0; k < kind->count; k++)
        cli_interview_show(i, d, &kind->fields[k]);
}

/* The first field that is needed and has no value. */
static bool
find_missing(const struct wb_sheet *s, uint32_t *place, const struct wb_field **missing)
{
    struct wb_value_view v;

    for (size_t n = 0; n < wb_sheet_count(s); n++) {
        const struct wb_draft *d = wb_sheet_draft(s, n);
        const struct wb_kind *kind = wb_draft_kind(d);

        for (size_t i = 0; i < kind->count; i++) {
            const struct wb_field *f = &kind->fields[i];

            if ((f->flags & WB_REQUIRED) != 0 && !wb_draft_value(d, f->name, 0, &v)) {
                *place = cli_place(n, f);
                *missing = f;
                return true;
            }
        }
    }
    return false;
}

static enum wb_status
attach_all(struct cli_interview *i, struct wb_change *change, const struct wb_id *about)
{
    struct wb_saved evidence;
    enum wb_status st = WB_OK;

    for (size_t n = 0; st == WB_OK && i->attach != NULL && n < i->attach->count; n++)
        st = cli_attach_path(i->c, change, about, i->attach->items[n], &evidence, i->e);
    return st;
}

static enum wb_status
save(struct cli_interview *i, struct wb_saved *saved)
{
    struct wb_change *change = NULL;
    enum wb_status st = wb_change_begin(&change, i->c->vault, i->e);

    if (st == WB_OK)
        st = wb_sheet_save(i->sheet, change, saved, i->e);
    if (st == WB_OK)
        st = attach_all(i, change, &saved[0].id);
    if (st == WB_OK)
        st = wb_change_commit(&change, i->e);
    wb_change_rollback(&change);
    return st;
}

static enum cli_answer
save_and_tell(struct cli_interview *i)
{
    struct wb_saved *saved = cli_take(WB_SHEET_MAX, sizeof *saved);
    const size_t count = wb_sheet_count(i->sheet);
    const char *kind = wb_draft_kind(cli_interview_draft(i, 0))->name;
    enum wb_status st = saved == NULL
        ? cli_fail(i->e, WB_ERR_MEMORY, "not enough memory")
        : save(i, saved);

    if (st != WB_OK) {
        cli_complain(i->e);
        return CLI_ANSWER_HELP; /* it is all still there */
    }
    i->saved = true;
    cli_tell("Saved: %zu record%s.\n", count, cli_s(count));
    cli_print_saved(i->c, &saved[0]);
    if (strcmp(kind, "incident") == 0)
        cli_note(i->c,
            "what belongs to it names it by the beginning of this id: `%sadd "
            "statement`, `%sadd act`",
            cli_program(), cli_program());
    if (i->attach != NULL)
        cli_attached(i->c, i->attach->items, i->attach->count);
    return CLI_ANSWER_NOTHING;
}

static bool
is_yes(const struct cli_bytes *line)
{
    return (line->size == 1 && line->bytes[0] == 'y') ||
        (line->size == 3 && memcmp(line->bytes, "yes", 3) == 0);
}

/* The first question that must be answered and is not; false when all are. */
static bool
goes_back_to_missing(struct cli_interview *i)
{
    const struct wb_field *f;
    uint32_t place;

    if (!find_missing(i->sheet, &place, &f))
        return false;
    cli_tell("  It cannot be saved yet: %s is needed.\n", f->name);
    i->place = place;
    return true;
}

enum cli_answer
cli_interview_summary(struct cli_interview *i)
{
    enum cli_answer answer;
    bool yes;

    cli_tell("This is what was written:\n");
    for (size_t n = 0; n < wb_sheet_count(i->sheet); n++)
        show_record(i, n);
    for (size_t n = 0; i->attach != NULL && n < i->attach->count; n++) {
        cli_tell("  and the file ");
        cli_tell_safe(i->attach->items[n], strlen(i->attach->items[n]), 0);
        cli_tell("\n");
    }
    i->reader.paragraphs = false;
    for (;;) {
        answer = cli_interview_line(i,
            cli_word("Save it? y saves all of it, - goes back, Enter "
                     "keeps it as a draft> "));
        yes = answer == CLI_ANSWER_TEXT && is_yes(&i->reader.line);
        if (answer != CLI_ANSWER_TEXT && answer != CLI_ANSWER_HELP)
            return answer == CLI_ANSWER_NOTHING ? CLI_ANSWER_KEEP : answer;
        cli_reader_clear(&i->reader);
        if (yes && goes_back_to_missing(i))
            return CLI_ANSWER_TEXT;
        if (yes && (answer = save_and_tell(i)) == CLI_ANSWER_NOTHING)
            return answer;
    }
}
