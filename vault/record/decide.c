/* vault/record/decide.c - the decision whether a record may go, and how far. */
#include <string.h>

#include "../base/fail.h"
#include "consent.h"

static const char *const reason_words[] = {
    [WB_REASON_GIVEN] = WB_SAID("consent is recorded"),
    [WB_REASON_INTERNAL] = WB_SAID("inside the organisation no consent is needed"),
    [WB_REASON_SILENT] = WB_SAID("no consent for this purpose is recorded"),
    [WB_REASON_EXPIRED] = WB_SAID("the consent has expired"),
    [WB_REASON_OTHERS] = WB_SAID("the consent is for other recipients"),
    [WB_REASON_ASK] = WB_SAID("must be asked again each time"),
    [WB_REASON_CONDITIONS] = WB_SAID("the consent has conditions"),
    [WB_REASON_NO] = WB_SAID("said no"),
    [WB_REASON_WITHDRAWN] = WB_SAID("the consent was withdrawn"),
};

const char *
wb_reason_words(enum wb_consent_reason reason)
{
    return reason_words[reason];
}

/* What one subject says: rises from what may go to what may not. */
struct voice {
    enum { YES, SILENT, ASK, NO } answer;
    enum wb_level level;
    enum wb_consent_reason reason;
    const struct wb_consent *by;
};

static bool
is_for(const struct wb_consent *k, const struct wb_consent_question *q)
{
    for (size_t i = 0; i < k->recipient_count; i++)
        for (size_t n = 0; n < q->name_count; n++)
            if (strcmp(k->recipients[i], q->names[n]) == 0)
                return true;
    return k->recipient_count == 0;
}

/* One head alone. */
static struct voice
hear(const struct wb_consent *k, const struct wb_consent_question *q)
{
    struct voice v = {SILENT, WB_LEVEL_NAMED, WB_REASON_SILENT, k};

    if (k->purpose != NULL && strcmp(k->purpose, q->purpose) != 0)
        return v;
    if (q->today > k->expiry) {
        v.reason = WB_REASON_EXPIRED;
    } else if (!is_for(k, q)) {
        v.reason = WB_REASON_OTHERS;
    } else if (k->answer == WB_CONSENT_NO) {
        v.answer = NO;
        v.reason = k->withdrawn ? WB_REASON_WITHDRAWN : WB_REASON_NO;
    } else {
        bool asks = k->answer == WB_CONSENT_ASK;

        v.answer = asks || k->conditions ? ASK : YES;
        v.level = k->level;
        v.reason = asks       ? WB_REASON_ASK
            : v.answer == ASK ? WB_REASON_CONDITIONS
                              : WB_REASON_GIVEN;
    }
    return v;
}

static bool
is_stricter(const struct voice *a, const struct voice *b)
{
    return a->answer != b->answer ? a->answer > b->answer : a->level < b->level;
}

/* Whether heads of one record agree on saying something: a yes that is silent in
 * another head is none. Of equals the one that is the weaker by its day. */
static bool
is_stricter_head(const struct voice *a, const struct voice *b)
{
    if (a->answer != b->answer || a->level != b->level)
        return is_stricter(a, b);
    return a->answer == YES ? a->by->when < b->by->when : a->by->when > b->by->when;
}

static bool
outranks(const struct voice *a, const struct voice *b)
{
    if (b->by == NULL || b->answer == SILENT)
        return a->answer != SILENT || a->reason > b->reason;
    if (a->answer == SILENT)
        return false;
    return a->by->when != b->by->when ? a->by->when > b->by->when : is_stricter(a, b);
}

/* The first consent about a subject; they are sorted. */
static size_t
first_about(const struct wb_consents *c, const struct wb_id *subject)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(&c->list[middle].about, subject, sizeof *subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct voice
hear_subject(const struct wb_consents *c, const struct wb_consent_question *q,
    const struct wb_id *subject)
{
    struct voice best = {SILENT, WB_LEVEL_NAMED, WB_REASON_SILENT, NULL};
    size_t i = first_about(c, subject);

    while (i < c->count && wb_id_equal(&c->list[i].about, subject)) {
        const struct wb_consent *first = &c->list[i];
        struct voice said = hear(first, q);

        for (i++; i < c->count && wb_id_equal(&c->list[i].id, &first->id) &&
             wb_id_equal(&c->list[i].about, subject);
             i++) {
            struct voice other = hear(&c->list[i], q);

            if (is_stricter_head(&other, &said))
                said = other;
        }
        if (outranks(&said, &best))
            best = said;
    }
    if (best.answer != SILENT || strcmp(q->purpose, "internal") != 0)
        return best;
    return (struct voice){YES, WB_LEVEL_NAMED, WB_REASON_INTERNAL, NULL};
}

void
wb_consents_decide(struct wb_decision *d, const struct wb_consents *c,
    const struct wb_consent_question *q, const struct wb_id *subjects, size_t count)
{
    struct voice strictest = hear_subject(c, q, &subjects[0]);
    enum wb_level level = strictest.level;
    size_t whose = 0;

    for (size_t i = 1; i < count; i++) {
        struct voice v = hear_subject(c, q, &subjects[i]);

        if (v.level < level)
            level = v.level;
        if (is_stricter(&v, &strictest)) {
            strictest = v;
            whose = i;
        }
    }
    *d = (struct wb_decision){.allowed = strictest.answer == YES,
        .level = level,
        .reason = strictest.reason,
        .subject = subjects[whose],
        .by = strictest.by};
}
