/* vault/query/gate.c - the consent gate of a vault: may a record go, and how far. */
#include "gate.h"

#include <string.h>

#include "../base/fail.h"
#include "../custody/change.h"
#include "../record/withhold.h"

enum { PARENTS_MAX = 16 };

/* ---- the decision for all recipients ---- */

static void
decide(const struct wb_gate *g, struct wb_decision *d, const struct wb_id *subjects,
    size_t count)
{
    static const struct wb_gate_recipient nobody;
    size_t askers = g->request.recipient_count > 0 ? g->request.recipient_count : 1;

    for (size_t i = 0; i < askers; i++) {
        const struct wb_gate_recipient *to =
            g->request.recipient_count > 0 ? &g->request.recipients[i] : &nobody;
        struct wb_consent_question q = {
            g->request.purpose, to->names, to->count, g->today};
        struct wb_decision one;

        wb_consents_decide(&one, &g->consents, &q, subjects, count);
        if (i == 0 || (d->allowed && !one.allowed) ||
            (d->allowed == one.allowed && one.level < d->level))
            *d = one;
    }
}

static const char *
find_override(const struct wb_gate *g, const struct wb_id *id)
{
    for (size_t i = 0; i < g->request.override_count; i++)
        if (wb_id_equal(&g->request.overrides[i].id, id))
            return g->request.overrides[i].reason;
    return NULL;
}

static enum wb_level
lower(enum wb_level a, enum wb_level b)
{
    return a < b ? a : b;
}

/* The verdict that rests on a decision. */
static struct wb_verdict
judge(const struct wb_gate *g, const struct wb_id *id, const struct wb_id *subjects,
    size_t count)
{
    struct wb_verdict v = {.asked = true, .override = find_override(g, id)};

    decide(g, &v.why, subjects, count);
    v.level = lower(v.why.level, g->request.level);
    if (v.why.allowed)
        v.override = NULL; /* it was not needed */
    v.answer = v.why.allowed || v.override != NULL ? WB_GOES : WB_REFUSED;
    return v;
}

/* ---- persons ---- */

static bool
is_silent(const struct wb_decision *d)
{
    return d->reason == WB_REASON_SILENT || d->reason == WB_REASON_EXPIRED ||
        d->reason == WB_REASON_OTHERS;
}

static struct wb_verdict
judge_person(const struct wb_gate *g, const struct wb_id *id, bool known)
{
    struct wb_verdict v = judge(g, id, id, 1);

    if (known && is_silent(&v.why))
        v = (struct wb_verdict){.level = g->request.level};
    if (v.answer == WB_REFUSED && is_silent(&v.why)) {
        v.answer = WB_GOES;
        v.level = lower(WB_LEVEL_PSEUDONYM, g->request.level);
    }
    if (v.answer == WB_GOES && v.level == WB_LEVEL_ANONYMOUS)
        v.answer = WB_STAYS;
    return v;
}

enum wb_status
wb_gate_open(struct wb_gate *g, struct wb_vault *v,
    const struct wb_gate_request *request, struct wb_error *e)
{
    struct wb_gate_person *list;
    enum wb_status st;

    *g = (struct wb_gate){.request = *request, .vault = v};
    if ((st = wb_gate_gather(g, e)) != WB_OK)
        return st;
    list = (void *)g->people.data;
    for (size_t i = 0; i < g->people.size / sizeof *list; i++)
        list[i].verdict = judge_person(g, &list[i].id, list[i].known);
    return wb_gate_hide(g, e);
}

/* ---- records ---- */

/* What a stored revision refers to in fields with one of `flags`, by appending to `out`
 * (of struct wb_id); of a schema that is not known here nothing. */
static void
add_refs(struct wb_buf *out, const struct wb_record *r, unsigned flags)
{
    struct wb_id id;

    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p = &r->places[i + 1]; /* 0 is the origin */

        if (f->kind != WB_REF || (f->flags & flags) == 0 || p->form == WB_FORM_CLOSED)
            continue;
        for (size_t n = 0; n < p->count; n++)
            if (wb_id_parse(&id, p->values[n].text, p->values[n].size))
                wb_buf_add(out, &id, sizeof id);
    }
}

static enum wb_level
level_of(const struct wb_gate *g, const struct wb_buf *ids)
{
    const struct wb_id *list = (const struct wb_id *)(const void *)ids->data;
    enum wb_level level = g->request.level;

    for (size_t i = 0; i < ids->size / sizeof *list; i++) {
        const struct wb_gate_person *person = wb_gate_person(g, &list[i]);

        if (person != NULL && person->verdict.answer != WB_GOES)
            level = WB_LEVEL_ANONYMOUS;
        else if (person != NULL)
            level = lower(level, person->verdict.level);
    }
    return level;
}

/* With consent of its own and of its subjects. */
static enum wb_status
judge_subjects(const struct wb_gate *g, struct wb_verdict *out,
    const struct wb_record *r, struct wb_error *e)
{
    struct wb_buf subjects;
    enum wb_status st;

    wb_buf_init(&subjects, WB_RECORD_BYTES_MAX);
    wb_buf_add(&subjects, &r->id, sizeof r->id);
    add_refs(&subjects, r, WB_SUBJECT);
    if ((st = wb_buf_check(&subjects, e)) == WB_OK) {
        *out = judge(g, &r->id, (const struct wb_id *)(const void *)subjects.data,
            subjects.size / sizeof r->id);
        out->level = lower(out->level, level_of(g, &subjects));
    }
    wb_buf_wipe(&subjects);
    return st;
}

/* Of a whole all persons that its parts speak of count: the place of an incident is
 * that of its victims. */
static enum wb_status
judge_whole(const struct wb_gate *g, struct wb_verdict *out, const struct wb_record *r,
    struct wb_error *e)
{
    struct wb_buf around;
    enum wb_status st;

    wb_buf_init(&around, (size_t)1 << 36);
    if ((st = wb_ties_around(&g->ties, &around, &r->id, 1, false, e)) == WB_OK)
        *out = (struct wb_verdict){.level = level_of(g, &around)};
    wb_buf_wipe(&around);
    return st;
}

static enum wb_status ask(const struct wb_gate *g, struct wb_verdict *out,
    const struct wb_record *r, unsigned depth, struct wb_error *e);

static enum wb_status
ask_parent(const struct wb_gate *g, struct wb_verdict *out, const struct wb_id *id,
    unsigned depth, struct wb_error *e)
{
    struct wb_record *parent = NULL;
    enum wb_status st = WB_ERR_NOT_FOUND;

    if (depth < PARENTS_MAX)
        st = wb_record_load(g->vault, &parent, id, e);
    if (st == WB_OK)
        st = ask(g, out, parent, depth + 1, e);
    else if (st == WB_ERR_NOT_FOUND || wb_is_damage(st)) {
        /* it came to us without, or does not open: what is said of it? */
        *out = judge(g, id, id, 1);
        st = WB_OK;
    }
    wb_record_free(&parent);
    return st;
}

static bool
is_stricter(const struct wb_verdict *a, const struct wb_verdict *b)
{
    return a->answer != b->answer ? a->answer > b->answer : a->level < b->level;
}

/* As everything goes that it belongs to; the identities in it are those it speaks of
 * itself. */
static enum wb_status
judge_part(const struct wb_gate *g, struct wb_verdict *out, const struct wb_record *r,
    unsigned depth, struct wb_error *e)
{
    struct wb_verdict strictest = {.level = g->request.level}, one;
    struct wb_buf wholes, refs;
    enum wb_status st;

    wb_buf_init(&wholes, WB_RECORD_BYTES_MAX);
    wb_buf_init(&refs, WB_RECORD_BYTES_MAX);
    add_refs(&wholes, r, WB_PART_OF);
    add_refs(&refs, r, WB_SUBJECT | WB_NEEDS);
    if ((st = wb_buf_check(&wholes, e)) != WB_OK ||
        (st = wb_buf_check(&refs, e)) != WB_OK)
        goto out;
    if (wholes.size == 0) /* withheld from us */
        strictest = judge(g, &r->id, &r->id, 1);
    for (size_t i = 0; i < wholes.size / sizeof(struct wb_id) && st == WB_OK; i++) {
        const struct wb_id *id = (const struct wb_id *)(const void *)wholes.data + i;

        if ((st = ask_parent(g, &one, id, depth, e)) == WB_OK &&
            is_stricter(&one, &strictest))
            strictest = one;
    }
    strictest.level = lower(strictest.level, level_of(g, &refs));
    if (strictest.answer == WB_REFUSED &&
        (strictest.override = find_override(g, &r->id)) != NULL)
        strictest.answer = WB_GOES;
    if (st == WB_OK)
        *out = strictest;
out:
    wb_buf_wipe(&wholes);
    wb_buf_wipe(&refs);
    return st;
}

static enum wb_status
judge_known_person(const struct wb_gate *g, struct wb_verdict *out,
    const struct wb_record *r, struct wb_error *e)
{
    const struct wb_gate_person *person = wb_gate_person(g, &r->id);

    (void)e;
    *out = person != NULL ? person->verdict : judge_person(g, &r->id, false);
    return WB_OK;
}

/* Evidence that nobody gave and that shows nobody is part of what it is about. */
static bool
has_subjects(const struct wb_record *r)
{
    struct wb_buf subjects;
    bool has;

    wb_buf_init(&subjects, WB_RECORD_BYTES_MAX);
    add_refs(&subjects, r, WB_SUBJECT);
    has = subjects.size > 0 || subjects.failed != WB_OK;
    wb_buf_wipe(&subjects);
    return has;
}

/* What was said of the record itself binds it, whatever else it goes by. */
static void
heed_its_own(const struct wb_gate *g, struct wb_verdict *out, const struct wb_record *r)
{
    const struct wb_verdict own = judge(g, &r->id, &r->id, 1);
    const bool is_said =
        own.why.reason != WB_REASON_SILENT && own.why.reason != WB_REASON_INTERNAL;

    if (is_said && is_stricter(&own, out))
        *out = own;
}

static enum wb_status
ask(const struct wb_gate *g, struct wb_verdict *out, const struct wb_record *r,
    unsigned depth, struct wb_error *e)
{
    const struct wb_kind *kind = wb_kind_find(r->kind);
    enum wb_status st;
    /* what nobody here knows may be anything */
    enum wb_gate_rule rule = kind == NULL ? WB_GATE_CONSENT : kind->gate;

    if (rule == WB_GATE_CONSENT && strcmp(r->kind, "evidence") == 0 && !has_subjects(r))
        rule = WB_GATE_PARENT;
    if (rule == WB_GATE_IDENTITY)
        return judge_known_person(g, out, r, e);
    if (rule == WB_GATE_CONSENT)
        return judge_subjects(g, out, r, e);
    st = rule == WB_GATE_PARENT ? judge_part(g, out, r, depth, e)
                                : judge_whole(g, out, r, e);
    if (st == WB_OK)
        heed_its_own(g, out, r);
    return st;
}

enum wb_status
wb_gate_ask(const struct wb_gate *g, struct wb_verdict *out, const struct wb_record *r,
    struct wb_error *e)
{
    return ask(g, out, r, 0, e);
}
