/* vault/cli/interview.h - guided entry: the account first, formalities after, all of it
 * in one transaction.
 *
 * The records that are written lie in a sheet, which is sealed as a draft after every
 * answer and every thirty seconds. Where one is, is a number (the sheet's place), so
 * that after a crash, a signal or the idle lock it goes on exactly there. */
#ifndef WB_CLI_INTERVIEW_H
#define WB_CLI_INTERVIEW_H

#include "reader.h"

/* What came of a question. */
enum cli_answer {
    CLI_ANSWER_TEXT,    /* it is in the reader's line */
    CLI_ANSWER_NOTHING, /* Enter alone */
    CLI_ANSWER_HELP,
    CLI_ANSWER_BACK,
    CLI_ANSWER_ENOUGH, /* no more of this record */
    CLI_ANSWER_RETRACT,
    CLI_ANSWER_UNKNOWN,
    CLI_ANSWER_NOT_ASKED,
    CLI_ANSWER_REFUSED,
    CLI_ANSWER_KEEP, /* leaves; the draft stays */
    CLI_ANSWER_LOCK, /* nothing was typed for too long */
    CLI_ANSWER_STOP, /* something failed: `e` says what */
};

/* Places: one of a field is the record's number x 2^16 + the field's. Then come the
 * consents, then the summary. */
enum { CLI_PLACE_CONSENT = 1 << 24, CLI_PLACE_SUMMARY = 2 << 24 };

struct cli_interview {
    struct cli *c;
    const struct cli_list *attach; /* files that go with the first record */
    struct wb_sheet *sheet;
    struct cli_reader reader;
    uint32_t place;
    bool saved;
    struct wb_error *e;
};

/* A new record of `kind`, or (NULL) the draft `number`, 0: the newest. On a terminal.
 * WB_OK when it was saved, and when it was left as a draft, which is said. */
WB_CHECKED enum wb_status cli_interview(struct cli *c, const char *kind,
    uint64_t number, const struct cli_list *attach, struct wb_error *e);

/* Marks the place and seals. Where that fails it says so and answers false. */
bool cli_interview_seal(struct cli_interview *i);

/* The draft under the record of a number. */
struct wb_draft *cli_interview_draft(const struct cli_interview *i, size_t record);

/* ---- interview_plan.c: the order of an interview ---- */

/* The question number `n` (from 0) about a record of this kind; NULL past the last. */
const struct wb_field *cli_plan_field(const struct wb_kind *kind, size_t n);
/* The place behind or before `place`. Answers the summary behind the last one, and
 * `place` itself before the first. */
uint32_t cli_plan_next(const struct wb_sheet *s, uint32_t place);
uint32_t cli_plan_back(const struct wb_sheet *s, uint32_t place);
/* Behind all questions about that record. */
uint32_t cli_plan_past(const struct wb_sheet *s, size_t record);
uint32_t cli_place(size_t record, const struct wb_field *f);

/* ---- interview_line.c ---- */

/* Reads one line under `prompt` (safe text) into the reader. */
enum cli_answer cli_interview_line(struct cli_interview *i, const char *prompt);

/* ---- interview_ask.c ---- */

/* Asks for a field until its question is left: what was answered last. */
enum cli_answer cli_interview_ask(
    struct cli_interview *i, size_t record, const struct wb_field *f);
/* Values that are there, one on a line; records by what they are called. */
void cli_interview_show(
    const struct cli_interview *i, const struct wb_draft *d, const struct wb_field *f);

/* ---- interview_store.c ---- */

/* Puts what was typed into the field: by id, prefix or new name, code, date, text. */
WB_CHECKED enum wb_status cli_interview_store(struct cli_interview *i, size_t record,
    const struct wb_field *f, const char *text, size_t size, struct wb_error *e);
/* A state instead of a value. */
WB_CHECKED enum wb_status cli_interview_state(struct wb_draft *d,
    const struct wb_field *f, enum wb_state state, struct wb_error *e);
/* Takes the last value away, back into the line. */
WB_CHECKED enum wb_status cli_interview_retract(
    struct cli_interview *i, struct wb_draft *d, const struct wb_field *f);

/* ---- interview_consent.c ---- */

/* Whether the first record is one that somebody consents to. */
bool cli_consent_is_asked(const struct wb_sheet *s);
/* How many places there are, and the question at one of them. */
size_t cli_consent_count(const struct wb_sheet *s);
enum cli_answer cli_consent_ask(struct cli_interview *i, size_t n);

/* ---- interview_end.c ---- */

/* Shows all of it and asks once. CLI_ANSWER_NOTHING when it was saved. */
enum cli_answer cli_interview_summary(struct cli_interview *i);

#endif
