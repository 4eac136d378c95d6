/* vault/record/consent.c - consents as the decision reads them, and which are heads. */
#include "consent.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../formats/edtf.h"

static const char *const level_words[] = {"anonymous", "pseudonym", "named"};

const char *
wb_level_word(enum wb_level level)
{
    return level_words[level];
}

bool
wb_level_find(enum wb_level *level, const char *word)
{
    for (int i = WB_LEVEL_ANONYMOUS; i <= WB_LEVEL_NAMED; i++)
        if (strcmp(level_words[i], word) == 0) {
            *level = (enum wb_level)i;
            return true;
        }
    return false;
}

void
wb_consents_wipe(struct wb_consents *c)
{
    wb_arena_free(&c->arena);
    wb_mem_free(c->list);
    *c = (struct wb_consents){0};
}

/* ---- reading one ---- */

/* By number: numbers hold in every schema, names only in those that we know. */
static const struct wb_place *
place(const struct wb_record *r, const char *name)
{
    return wb_record_place(r, wb_field_find(wb_kind_find(r->kind), name)->number);
}

static bool
is_closed(const struct wb_place *p)
{
    return p != NULL && p->form == WB_FORM_CLOSED;
}

/* "" where it is no open text. */
static const char *
text(const struct wb_record *r, const char *name)
{
    const struct wb_place *p = place(r, name);

    return p == NULL || p->form == WB_FORM_CLOSED || p->count == 0 ? ""
                                                                   : p->values[0].text;
}

/* Something stands there, if only that it is unknown. Beside a closed place an empty
 * one is closed too, so that of a foreign revision nothing can be told from that. */
static bool
is_said(const struct wb_record *r, const char *name)
{
    const struct wb_place *p = place(r, name);

    return p != NULL && p->form != WB_FORM_CLOSED && p->count > 0 &&
        p->values[0].state != WB_STATE_ABSENT;
}

/* The days of a date; all of them where it is none. */
static struct wb_edtf
days(const char *date)
{
    struct wb_edtf d = {.earliest = INT64_MIN, .latest = INT64_MAX};

    if (date[0] != '\0' && wb_edtf_range(&d, date, strlen(date), NULL) != WB_OK)
        d = (struct wb_edtf){.earliest = INT64_MIN, .latest = INT64_MAX};
    return d;
}

static void
read_dates(struct wb_consent *k, const struct wb_record *r)
{
    struct wb_edtf when = days(text(r, "when")), expiry = days(text(r, "expiry"));
    struct wb_edtf withdrawn = days(text(r, "withdrawn"));

    if (k->withdrawn) { /* for good, whatever was agreed before */
        k->when = withdrawn.latest;
        k->expiry = INT64_MAX;
        return;
    }
    k->when = k->answer == WB_CONSENT_NO ? when.latest : when.earliest;
    k->expiry = k->answer == WB_CONSENT_NO ? expiry.latest : expiry.earliest;
    if (!is_said(r, "expiry"))
        k->expiry = INT64_MAX;
}

/* What a program cannot hold a record against: words, only a part of it, only later. */
static bool
has_conditions(const struct wb_record *r)
{
    static const char *const names[] = {"conditions", "material", "embargo"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_said(r, names[i]) || is_closed(place(r, names[i])))
            return true;
    return false;
}

static void
read_answer(struct wb_consent *k, const struct wb_record *r)
{
    const char *answer = text(r, "decision"), *level = text(r, "level");

    k->withdrawn = is_said(r, "withdrawn");
    k->answer = WB_CONSENT_NO;
    if (!k->withdrawn && strcmp(answer, "yes") == 0)
        k->answer = WB_CONSENT_YES;
    else if (!k->withdrawn && strcmp(answer, "ask") == 0)
        k->answer = WB_CONSENT_ASK;
    k->level = WB_LEVEL_PSEUDONYM;
    (void)wb_level_find(&k->level, level);
    k->conditions = has_conditions(r);
}

/* A yes is for what it names; a refusal that does not say is for everything. */
static enum wb_status
read_purpose(struct wb_consents *c, struct wb_consent *k, const struct wb_record *r,
    struct wb_error *e)
{
    const char *purpose = text(r, "purpose");

    k->purpose = NULL;
    if (purpose[0] == '\0' && k->answer == WB_CONSENT_NO)
        return WB_OK;
    k->purpose = wb_arena_copy(&c->arena, purpose, strlen(purpose));
    return k->purpose == NULL ? wb_fail_memory(e) : WB_OK;
}

static enum wb_status
read_recipients(struct wb_consents *c, struct wb_consent *k, const struct wb_record *r,
    struct wb_error *e)
{
    const struct wb_place *p = place(r, "recipient");
    size_t count = p == NULL || p->form == WB_FORM_CLOSED ? 0 : p->count;
    const char **names;

    if (count == 0)
        return WB_OK;
    if ((names = wb_arena_new_array(&c->arena, count, sizeof *names)) == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < count; i++) {
        const struct wb_value *v = &p->values[i];

        if (v->state != WB_STATE_TEXT && k->answer == WB_CONSENT_NO)
            return WB_OK; /* to somebody who is not named: to nobody */
        if ((names[i] = wb_arena_copy(&c->arena, v->text, v->size)) == NULL)
            return wb_fail_memory(e);
    }
    k->recipients = names;
    k->recipient_count = count;
    return WB_OK;
}

static enum wb_status
read_lineage(struct wb_consents *c, struct wb_consent *k, const struct wb_record *r,
    struct wb_error *e)
{
    const char *origin = wb_record_origin(r);

    k->id = r->id;
    k->foreign = !wb_record_is_ours(r);
    memcpy(k->root, r->root, sizeof k->root);
    if ((k->origin = wb_arena_copy(&c->arena, origin, strlen(origin))) == NULL)
        return wb_fail_memory(e);
    if (r->previous_count == 0)
        return WB_OK;
    k->previous = wb_arena_new_array(&c->arena, r->previous_count, sizeof *k->previous);
    if (k->previous == NULL)
        return wb_fail_memory(e);
    memcpy(k->previous, r->previous, r->previous_count * sizeof *k->previous);
    k->previous_count = r->previous_count;
    return WB_OK;
}

static enum wb_status
grow(struct wb_consents *c, struct wb_error *e)
{
    size_t room = c->room == 0 ? 64 : c->room * 2;
    struct wb_consent *list;

    if (c->count < c->room)
        return WB_OK;
    if ((list = wb_mem_new_array(room, sizeof *list)) == NULL)
        return wb_fail_memory(e);
    if (c->count > 0)
        memcpy(list, c->list, c->count * sizeof *list);
    wb_mem_free(c->list);
    c->list = list;
    c->room = room;
    return WB_OK;
}

/* ---- notices: what was given to us is taken back ---- */

/* For one record and one purpose (NULL: all). */
static enum wb_status
add_notice_line(struct wb_consents *c, const struct wb_record *r, const char *line,
    const char *purpose, struct wb_error *e)
{
    struct wb_consent k = {.answer = WB_CONSENT_NO,
        .level = WB_LEVEL_PSEUDONYM,
        .withdrawn = true,
        .when = days(text(r, "time")).latest,
        .expiry = INT64_MAX};
    enum wb_status st;

    if (strlen(line) < WB_ID_TEXT_BYTES ||
        !wb_id_parse(&k.about, line, WB_ID_TEXT_BYTES - 1))
        return WB_OK;
    if (purpose != NULL &&
        (k.purpose = wb_arena_copy(&c->arena, purpose, strlen(purpose))) == NULL)
        return wb_fail_memory(e);
    if ((st = read_lineage(c, &k, r, e)) != WB_OK || (st = grow(c, e)) != WB_OK)
        return st;
    c->list[c->count++] = k;
    return WB_OK;
}

/* Of ours nothing: the consents say it already. */
static enum wb_status
add_notice(struct wb_consents *c, const struct wb_record *r, struct wb_error *e)
{
    const struct wb_place *records = place(r, "records"), *uses = place(r, "purpose");
    size_t purposes = uses == NULL || uses->form == WB_FORM_CLOSED ? 0 : uses->count;
    enum wb_status st = WB_OK;

    if (!r->foreign || records == NULL || records->form == WB_FORM_CLOSED ||
        strcmp(text(r, "type"), "withdrawal") != 0)
        return WB_OK;
    for (size_t i = 0; i < records->count && st == WB_OK; i++) {
        const char *line = records->values[i].text;

        if (purposes == 0)
            st = add_notice_line(c, r, line, NULL, e);
        for (size_t n = 0; n < purposes && st == WB_OK; n++)
            st = add_notice_line(c, r, line, uses->values[n].text, e);
    }
    return st;
}

enum wb_status
wb_consents_add(struct wb_consents *c, const struct wb_record *r, struct wb_error *e)
{
    struct wb_consent k = {0};
    const char *about;
    enum wb_status st;

    if (strcmp(r->kind, "notice") == 0)
        return add_notice(c, r, e);
    if (strcmp(r->kind, "consent") != 0)
        return WB_OK;
    about = text(r, "about");
    if (!wb_id_parse(&k.about, about, strlen(about)))
        return WB_OK; /* about nothing that is known here */
    read_answer(&k, r);
    read_dates(&k, r);
    if ((st = read_purpose(c, &k, r, e)) != WB_OK ||
        (st = read_recipients(c, &k, r, e)) != WB_OK ||
        (st = read_lineage(c, &k, r, e)) != WB_OK || (st = grow(c, e)) != WB_OK)
        return st;
    c->list[c->count++] = k;
    return WB_OK;
}

/* ---- heads ---- */

static int
by_id(const void *a, const void *b)
{
    const struct wb_consent *x = a, *y = b;

    return memcmp(&x->id, &y->id, sizeof x->id);
}

static int
by_about(const void *a, const void *b)
{
    const struct wb_consent *x = a, *y = b;
    int order = memcmp(&x->about, &y->about, sizeof x->about);

    if (order == 0)
        order = by_id(a, b);
    return order != 0 ? order : memcmp(x->root, y->root, sizeof x->root);
}

/* Whether `later` takes the place of `k`. */
static bool
supersedes(const struct wb_consent *later, const struct wb_consent *k)
{
    bool of_one_origin = k->origin[0] != '\0' && strcmp(k->origin, later->origin) == 0;

    if (!(k->foreign ? of_one_origin : !later->foreign))
        return false;
    for (size_t i = 0; i < later->previous_count; i++)
        if (memcmp(later->previous[i], k->root, sizeof k->root) == 0)
            return true;
    return false;
}

/* Of a run of revisions of one record. Strangers' permissions count for nothing. */
static bool
counts(const struct wb_consent *run, size_t size, const struct wb_consent *k)
{
    for (size_t i = 0; i < size; i++)
        if (supersedes(&run[i], k))
            return false;
    return !k->foreign || k->answer == WB_CONSENT_NO;
}

void
wb_consents_settle(struct wb_consents *c)
{
    size_t kept = 0;

    if (c->count == 0)
        return;
    qsort(c->list, c->count, sizeof *c->list, by_id);
    for (size_t first = 0, last; first < c->count; first = last) {
        for (last = first; last < c->count; last++)
            if (!wb_id_equal(&c->list[last].id, &c->list[first].id))
                break;
        for (size_t i = first; i < last; i++)
            c->list[i].counts = counts(&c->list[first], last - first, &c->list[i]);
    }
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].counts)
            c->list[kept++] = c->list[i];
    c->count = kept;
    if (kept > 0)
        qsort(c->list, kept, sizeof *c->list, by_about);
}
