/* vault/cli/interview_ask.c - one question, until it is answered or left. */
#include <stdio.h>
#include <string.h>

#include "interview.h"

enum {
    NAME_BYTES = 60,
    PROMPT_BYTES = 160,
    LABEL_COLUMNS = 24,
    ID_SHOWN = 8,
}; /* of a record that is referred to */

/* ---- what there is to say of a question ---- */

enum { CODES_SHOWN = 40 }; /* of a longer list the rest is for `kinds` */

static void
show_codes(const struct wb_field *f)
{
    const struct wb_code *code;

    for (size_t n = 0; (code = wb_code_at(f->list, n)) != NULL; n++) {
        if (n == CODES_SHOWN) {
            cli_tell("    and more: `%skinds` with a beginning of the word\n",
                cli_program());
            return;
        }
        cli_tell("    %-26s %s\n", code->word, code->meaning);
    }
}

static const char *
shape_of(const struct wb_field *f)
{
    switch (f->kind) {
    case WB_DATE:
        return cli_word(
            "a date as far as it is known: 2021, 2021-10, 2021-10-20, 2021~ about, "
            "2021? uncertain, 2021-03/2021-05; or today");
    case WB_REF:
        return f->target[0] == '\0'
            ? cli_word("the id of a record, or how it begins")
            : cli_word("the id of a record or how it begins, or a new name");
    case WB_CODE:
        return cli_word("one of these words, or how it begins:");
    case WB_COUNT:
        return cli_word("a number, or 3..5 where it is not sure");
    case WB_LANGUAGE:
        return cli_word("a language tag: ru, tg, uz-Cyrl, tk");
    case WB_TEXT:
        return (f->flags & WB_REPEATS) != 0
            ? cli_word("text; each Enter ends a paragraph, and what is pasted is split "
                       "at empty "
                       "lines")
            : cli_word("text of any length");
    case WB_PLACE:
        return cli_word(
            "latitude and longitude in degrees, and how many metres it may be off: "
            "geo:55.7558,37.6173;u=500");
    case WB_TERM:
        return cli_word("the number of a term of the micro-thesaurus; some of them:");
    case WB_LINE:
    case WB_DIGEST:
    case WB_NUMBER:
        break;
    }
    return cli_word("one line");
}

static void
show_help(const struct wb_field *f)
{
    cli_tell("    %s: %s%s\n    %s\n", cli_word(f->label), cli_word(f->help),
        (f->flags & WB_REPEATS) != 0 ? cli_word(" (may be answered several times)")
                                     : "",
        shape_of(f));
    if (f->list[0] != '\0')
        show_codes(f);
    cli_tell(
        "    Enter goes on, and so does an empty answer. Alone on a line:\n"
        "    ?  this help           -  back to the question before   .  enough of "
        "this\n"
        "    ,  takes the last answer back to be corrected\n"
        "    *  unknown             /  not asked                     !  refused to "
        "say\n"
        "    F1 to F4 are ? * / ! and the arrow up is - ; Control D leaves it as a "
        "draft.\n");
}

/* Of this sitting. */
static bool
show_of_sheet(const struct wb_sheet *s, const struct wb_id *id)
{
    struct wb_value_view title;

    for (size_t n = 0; n < wb_sheet_count(s); n++)
        if (wb_id_equal(id, wb_sheet_id(s, n)) &&
            wb_draft_value(wb_sheet_draft(s, n),
                wb_draft_kind(wb_sheet_draft(s, n))->title, 0, &title)) {
            cli_tell_safe(title.text, cli_cut(title.text, title.size, NAME_BYTES), 0);
            return true;
        }
    return false;
}

/* Of the vault: with the beginning of its id, since others may be called the same. */
static bool
show_of_vault(struct wb_vault *v, const struct wb_id *id)
{
    struct wb_error ignored = {0};
    struct wb_record *r = NULL;
    char text[WB_ID_TEXT_BYTES];
    const char *title;
    bool shown;

    if (wb_record_load(v, &r, id, &ignored) != WB_OK)
        return false;
    title = wb_record_title(r);
    shown = title[0] != '\0';
    if (shown) {
        wb_id_text(text, id);
        cli_tell_safe(title, cli_cut(title, strlen(title), NAME_BYTES), 0);
        cli_tell(" (%.*s)", ID_SHOWN, text);
    }
    wb_record_free(&r);
    return shown;
}

/* What a reference names; where that is not known, its id. */
static void
show_reference(const struct cli_interview *i, const struct wb_value_view *v)
{
    struct wb_id id;

    if (!wb_id_parse(&id, v->text, v->size) ||
        (!show_of_sheet(i->sheet, &id) && !show_of_vault(i->c->vault, &id)))
        cli_tell_safe(v->text, v->size, 0);
}

static void
show_label(const char *label)
{
    const size_t columns = wb_text_columns(label, strlen(label));

    cli_tell("    %s%*s", label,
        columns < LABEL_COLUMNS ? (int)(LABEL_COLUMNS - columns) + 1 : 1, "");
}

void
cli_interview_show(
    const struct cli_interview *i, const struct wb_draft *d, const struct wb_field *f)
{
    struct wb_value_view v;

    for (size_t n = 0; wb_draft_value(d, f->name, n, &v); n++) {
        show_label(n == 0 ? cli_word(f->label) : "");
        if (v.state != WB_STATE_TEXT)
            cli_tell("(%s)", cli_word(wb_state_name(v.state)));
        else if (f->kind == WB_REF)
            show_reference(i, &v);
        else
            cli_tell_safe(v.text, v.size, 29);
        cli_tell("\n");
    }
}

static bool
is_account(const struct wb_field *f)
{
    return f->kind == WB_TEXT &&
        (f->flags & (WB_REPEATS | WB_REQUIRED)) == (WB_REPEATS | WB_REQUIRED);
}

static size_t
count_of(const struct wb_draft *d, const struct wb_field *f)
{
    struct wb_value_view v;
    size_t n = 0;

    while (wb_draft_value(d, f->name, n, &v))
        n++;
    return n;
}

/* The account numbers its paragraphs, so that the place in it is seen. */
static void
make_prompt(
    char out[static PROMPT_BYTES], const struct wb_draft *d, const struct wb_field *f)
{
    if (is_account(f))
        (void)snprintf(out, PROMPT_BYTES, "%zu> ", count_of(d, f) + 1);
    else
        (void)snprintf(out, PROMPT_BYTES, "%s%s> ", cli_word(f->label),
            (f->flags & WB_REQUIRED) != 0 && count_of(d, f) == 0 ? cli_word(" (needed)")
                                                                 : "");
}

/* ---- the question ---- */

/* What was typed; an answer that was refused stays in the line to be corrected. */
static bool
take_text(struct cli_interview *i, size_t record, const struct wb_field *f)
{
    struct wb_error e = {0};
    struct cli_reader *r = &i->reader;

    if (cli_interview_store(i, record, f, r->line.bytes, r->line.size, &e) != WB_OK) {
        cli_complain(&e);
        return false;
    }
    cli_reader_clear(r);
    (void)cli_interview_seal(i);
    return true;
}

static bool
take_state(struct cli_interview *i, struct wb_draft *d, const struct wb_field *f,
    enum cli_answer answer)
{
    static const enum wb_state states[] = {
        [CLI_ANSWER_UNKNOWN - CLI_ANSWER_UNKNOWN] = WB_STATE_UNKNOWN,
        [CLI_ANSWER_NOT_ASKED - CLI_ANSWER_UNKNOWN] = WB_STATE_NOT_ASKED,
        [CLI_ANSWER_REFUSED - CLI_ANSWER_UNKNOWN] = WB_STATE_REFUSED,
    };
    struct wb_error e = {0};

    if (cli_interview_state(d, f, states[answer - CLI_ANSWER_UNKNOWN], &e) != WB_OK) {
        cli_complain(&e);
        return false;
    }
    cli_reader_clear(&i->reader);
    (void)cli_interview_seal(i);
    return true;
}

/* True when the question is left with `answer`. */
static bool
settles(struct cli_interview *i, size_t record, const struct wb_field *f,
    enum cli_answer answer)
{
    struct wb_draft *d = cli_interview_draft(i, record);
    const bool once = (f->flags & WB_REPEATS) == 0;

    switch (answer) {
    case CLI_ANSWER_TEXT:
        return take_text(i, record, f) && once;
    case CLI_ANSWER_UNKNOWN:
    case CLI_ANSWER_NOT_ASKED:
    case CLI_ANSWER_REFUSED:
        return take_state(i, d, f, answer);
    case CLI_ANSWER_HELP:
        show_help(f);
        return false;
    case CLI_ANSWER_RETRACT:
        if (cli_interview_retract(i, d, f) != WB_OK)
            cli_complain(i->e);
        return false;
    default:
        return true;
    }
}

enum cli_answer
cli_interview_ask(struct cli_interview *i, size_t record, const struct wb_field *f)
{
    const struct wb_draft *d = cli_interview_draft(i, record);
    enum cli_answer answer;
    char prompt[PROMPT_BYTES];

    if (is_account(f))
        cli_tell("The account, in the witness's own words. Enter ends a paragraph, an "
                 "empty one the account; ? helps.\n");
    else
        cli_tell("  %s\n", cli_word(f->help));
    cli_interview_show(i, d, f);
    i->reader.paragraphs = f->kind == WB_TEXT;
    do {
        make_prompt(prompt, d, f);
        answer = cli_interview_line(i, prompt);
    } while (!settles(i, record, f, answer));
    return answer;
}
