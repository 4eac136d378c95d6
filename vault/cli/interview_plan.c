/* vault/cli/interview_plan.c - in which order an interview asks. */
#include <string.h>

#include "interview.h"

/* A witness begins to speak before anybody has filled in a form. Fields that are not
 * named here follow in the order of the table. */
static const struct {
    const char *kind;
    const char *fields[16];
} first[] = {
    {"statement",
        {"text", "witness", "incident", "basis", "connection", "language", "date",
            "date-words", "place", "channel", "how-taken", "interviewer", "interpreter",
            "present"}},
    {"person", {"name", "pseudonym", "other-names"}},
    {"act", {"type", "incident", "victim"}},
    {"involvement", {"degree", "act", "perpetrator"}},
};

/* Position among those that come first; `most` when it is not. */
static size_t
rank_of(const struct wb_kind *kind, const struct wb_field *f, size_t most)
{
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (strcmp(first[i].kind, kind->name) != 0)
            continue;
        for (size_t n = 0; n < 16 && first[i].fields[n] != NULL; n++)
            if (strcmp(first[i].fields[n], f->name) == 0)
                return n;
    }
    return strcmp(kind->title, f->name) == 0 ? most - 1 : most;
}

static const struct wb_field *
by_rank(const struct wb_kind *kind, size_t rank, size_t *n)
{
    for (size_t i = 0; i < kind->count; i++)
        if ((kind->fields[i].flags & WB_OURS) == 0 &&
            rank_of(kind, &kind->fields[i], 17) == rank && (*n)-- == 0)
            return &kind->fields[i];
    return NULL;
}

const struct wb_field *
cli_plan_field(const struct wb_kind *kind, size_t n)
{
    const struct wb_field *f = NULL;

    for (size_t rank = 0; f == NULL && rank <= 17; rank++)
        f = by_rank(kind, rank, &n);
    return f;
}

uint32_t
cli_place(size_t record, const struct wb_field *f)
{
    return (uint32_t)record << 16 | f->number;
}

/* ---- from place to place ---- */

static bool
is_consent(const struct wb_sheet *s, size_t record)
{
    return record > 0 &&
        strcmp(wb_draft_kind(wb_sheet_draft(s, record))->name, "consent") == 0;
}

/* The first place of the first record from `record` on that is asked about. Those that
 * came by their name are not asked for it again. */
static uint32_t
first_of(const struct wb_sheet *s, size_t record)
{
    while (record < wb_sheet_count(s) && is_consent(s, record))
        record++;
    if (record < wb_sheet_count(s))
        return cli_place(record,
            cli_plan_field(wb_draft_kind(wb_sheet_draft(s, record)), record > 0));
    return cli_consent_is_asked(s) ? CLI_PLACE_CONSENT : CLI_PLACE_SUMMARY;
}

uint32_t
cli_plan_past(const struct wb_sheet *s, size_t record)
{
    return first_of(s, record + 1);
}

static uint32_t
behind_field(const struct wb_sheet *s, uint32_t place)
{
    const size_t record = place >> 16;
    const struct wb_kind *kind = wb_draft_kind(wb_sheet_draft(s, record));
    const struct wb_field *f;

    for (size_t n = 0; (f = cli_plan_field(kind, n)) != NULL; n++)
        if (f->number == (place & 0xffff)) {
            f = cli_plan_field(kind, n + 1);
            break;
        }
    return f != NULL ? cli_place(record, f) : cli_plan_past(s, record);
}

uint32_t
cli_plan_next(const struct wb_sheet *s, uint32_t place)
{
    if (place >= CLI_PLACE_SUMMARY)
        return CLI_PLACE_SUMMARY;
    if (place < CLI_PLACE_CONSENT)
        return behind_field(s, place);
    return place + 1 < CLI_PLACE_CONSENT + cli_consent_count(s) ? place + 1
                                                                : CLI_PLACE_SUMMARY;
}

uint32_t
cli_plan_back(const struct wb_sheet *s, uint32_t place)
{
    uint32_t at = first_of(s, 0), next;

    if (at == place)
        return place;
    while ((next = cli_plan_next(s, at)) != place) {
        if (next == CLI_PLACE_SUMMARY)
            return place; /* one that is asked only where it is missing */
        at = next;
    }
    return at;
}
