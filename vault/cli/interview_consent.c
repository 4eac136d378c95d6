/* vault/cli/interview_consent.c - what the witness agrees to: a question for each use,
 * then once how, for how long, under which conditions.
 *
 * Consent decides about a record and about each of its subjects: an answer makes a
 * record for the account and one for the witness. Silence makes none, and means no. */
#include <stdio.h>
#include <string.h>

#include "interview.h"

/* Asked once, of the first of them, and the same in all. */
static const char *const shared[] = {"level", "conditions", "embargo", "expiry", "how",
    "when", "by", "language", "contactable"};
enum { SHARED = sizeof shared / sizeof *shared };

static const struct wb_kind *
consent(void)
{
    return wb_kind_find("consent");
}

static size_t
purpose_count(void)
{
    size_t n = 0;

    while (wb_code_at("purpose", n) != NULL)
        n++;
    return n;
}

bool
cli_consent_is_asked(const struct wb_sheet *s)
{
    const enum wb_gate_rule rule = wb_draft_kind(wb_sheet_draft(s, 0))->gate;

    return rule == WB_GATE_CONSENT || rule == WB_GATE_IDENTITY;
}

static bool
is_consent(const struct wb_sheet *s, size_t n, const char *purpose)
{
    const struct wb_draft *d = wb_sheet_draft(s, n);
    struct wb_value_view v;

    return n > 0 && strcmp(wb_draft_kind(d)->name, "consent") == 0 &&
        (purpose == NULL ||
            (wb_draft_value(d, "purpose", 0, &v) && strcmp(v.text, purpose) == 0));
}

/* The first consent, for a use or any; the count of the sheet where there is none. */
static size_t
first_consent(const struct wb_sheet *s, const char *purpose)
{
    size_t n = 0;

    while (n < wb_sheet_count(s) && !is_consent(s, n, purpose))
        n++;
    return n;
}

size_t
cli_consent_count(const struct wb_sheet *s)
{
    return purpose_count() + (first_consent(s, NULL) < wb_sheet_count(s) ? SHARED : 0);
}

/* ---- records ---- */

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    enum wb_status st = wb_draft_clear(d, field, e);

    return st == WB_OK ? wb_draft_add(d, field, WB_STATE_TEXT, text, strlen(text), e)
                       : st;
}

static enum wb_status
add_about(struct cli_interview *i, const char *about, const char *person,
    const char *purpose, const char *decision)
{
    struct wb_draft *d;
    size_t n;
    enum wb_status st = wb_sheet_add(i->sheet, &n, "consent", i->e);

    if (st != WB_OK)
        return st;
    d = cli_interview_draft(i, n);
    if ((st = put(d, "about", about, i->e)) == WB_OK && person[0] != '\0')
        st = put(d, "person", person, i->e);
    if (st == WB_OK && (st = put(d, "purpose", purpose, i->e)) == WB_OK)
        st = put(d, "decision", decision, i->e);
    return st;
}

/* The next subject of the first record, from *field and *value on. */
static bool
next_subject(const struct wb_draft *d, size_t *field, size_t *value,
    char out[static WB_ID_TEXT_BYTES])
{
    const struct wb_kind *kind = wb_draft_kind(d);
    struct wb_value_view v;

    for (; *field < kind->count; ++*field, *value = 0) {
        if ((kind->fields[*field].flags & WB_SUBJECT) == 0)
            continue;
        while (wb_draft_value(d, kind->fields[*field].name, (*value)++, &v))
            if (v.state == WB_STATE_TEXT) {
                memcpy(out, v.text, WB_ID_TEXT_BYTES);
                return true;
            }
    }
    return false;
}

/* Whoever decides: the first subject, or the person that is written down. */
static void
who(const struct wb_sheet *s, char out[static WB_ID_TEXT_BYTES])
{
    size_t field = 0, value = 0;

    out[0] = '\0';
    if (strcmp(wb_draft_kind(wb_sheet_draft(s, 0))->name, "person") == 0)
        wb_id_text(out, wb_sheet_id(s, 0));
    else
        (void)next_subject(wb_sheet_draft(s, 0), &field, &value, out);
}

/* About the first record, and about each of its subjects. */
static enum wb_status
add_all(struct cli_interview *i, const char *purpose, const char *decision)
{
    char about[WB_ID_TEXT_BYTES], person[WB_ID_TEXT_BYTES];
    size_t field = 0, value = 0;
    enum wb_status st;

    who(i->sheet, person);
    wb_id_text(about, wb_sheet_id(i->sheet, 0));
    st = add_about(i, about, person, purpose, decision);
    while (
        st == WB_OK && next_subject(cli_interview_draft(i, 0), &field, &value, about))
        st = add_about(i, about, person, purpose, decision);
    return st;
}

static enum wb_status
decide(struct cli_interview *i, const char *purpose, const char *decision)
{
    bool found = false;
    enum wb_status st = WB_OK;

    for (size_t n = 0; st == WB_OK && n < wb_sheet_count(i->sheet); n++)
        if (is_consent(i->sheet, n, purpose)) {
            st = put(cli_interview_draft(i, n), "decision", decision, i->e);
            found = true;
        }
    return found ? st : add_all(i, purpose, decision);
}

/* ---- questions ---- */

/* y, n or a, and whole words; NULL for anything else. */
static const char *
decision_of(const struct cli_bytes *line)
{
    const struct wb_code *code;

    for (size_t n = 0; (code = wb_code_at("decision", n)) != NULL; n++)
        if (line->size > 0 && strncmp(code->word, line->bytes, line->size) == 0)
            return code->word;
    return NULL;
}

static void
show_decision(const struct wb_sheet *s, const char *purpose)
{
    struct wb_value_view v;
    const size_t n = first_consent(s, purpose);

    if (n < wb_sheet_count(s) &&
        wb_draft_value(wb_sheet_draft(s, n), "decision", 0, &v))
        cli_tell("    %s\n", v.text);
}

static enum cli_answer
ask_purpose(struct cli_interview *i, const struct wb_code *code)
{
    const char *purpose = code->word;
    enum cli_answer answer;
    const char *decision;
    char prompt[64];

    cli_tell("  May it go to: %s?\n", cli_word(code->meaning));
    show_decision(i->sheet, purpose);
    (void)snprintf(prompt, sizeof prompt, cli_word("%s (yes, no, ask)> "), purpose);
    for (;;) {
        answer = cli_interview_line(i, prompt);
        if (answer == CLI_ANSWER_HELP) {
            cli_tell("    y: it may. n: it must not. a: ask again each time. Enter: "
                     "nothing was said.\n    -  back   .  enough\n");
            continue;
        }
        if (answer != CLI_ANSWER_TEXT)
            return answer;
        decision = decision_of(&i->reader.line);
        cli_reader_clear(&i->reader);
        if (decision == NULL) {
            cli_tell("    yes, no or ask; or Enter, or ?\n");
            continue;
        }
        if (decide(i, purpose, decision) != WB_OK)
            return CLI_ANSWER_STOP;
        (void)cli_interview_seal(i);
        return answer;
    }
}

/* What was said of the first holds for all. */
static enum wb_status
share(struct cli_interview *i, size_t from, const struct wb_field *f)
{
    const struct wb_draft *first = cli_interview_draft(i, from);
    struct wb_value_view v;
    enum wb_status st = WB_OK;

    for (size_t n = from + 1; st == WB_OK && n < wb_sheet_count(i->sheet); n++) {
        struct wb_draft *d = cli_interview_draft(i, n);

        if (!is_consent(i->sheet, n, NULL))
            continue;
        st = wb_draft_clear(d, f->name, i->e);
        for (size_t k = 0; st == WB_OK && wb_draft_value(first, f->name, k, &v); k++)
            st = wb_draft_add(d, f->name, v.state, v.text, v.size, i->e);
    }
    return st;
}

enum cli_answer
cli_consent_ask(struct cli_interview *i, size_t n)
{
    const size_t purposes = purpose_count(), from = first_consent(i->sheet, NULL);
    const struct wb_field *f;
    enum cli_answer answer;

    if (n < purposes) {
        if (n == 0)
            cli_tell(
                "What was agreed to. Silence counts as no, for internal use as yes.\n");
        return ask_purpose(i, wb_code_at("purpose", n));
    }
    if (from == wb_sheet_count(i->sheet))
        return CLI_ANSWER_ENOUGH;
    f = wb_field_find(consent(), shared[n - purposes]);
    answer = cli_interview_ask(i, from, f);
    return share(i, from, f) == WB_OK ? answer : CLI_ANSWER_STOP;
}
