/* vault/query/gate_withhold.c - what may not go of a record that goes. */
#include <string.h>

#include "../record/withhold.h"
#include "gate.h"

static const struct wb_gate_person *
person_of(const struct wb_gate *g, const struct wb_value *v)
{
    struct wb_id id;

    if (v->state != WB_STATE_TEXT || !wb_id_parse(&id, v->text, v->size))
        return NULL;
    return wb_gate_person(g, &id);
}

static bool
goes_named(const struct wb_gate_person *person)
{
    return person->verdict.answer == WB_GOES && person->verdict.level == WB_LEVEL_NAMED;
}

static bool
is_reference(const struct wb_record *r, size_t place)
{
    return r->table != NULL && r->table->fields[place - 1].kind == WB_REF;
}

/* ---- references ---- */

/* Closes those to persons that stay behind; with `named` all to persons who do not go
 * named. */
static void
close_refs(const struct wb_gate *g, struct wb_place *p, bool named)
{
    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        const struct wb_gate_person *person = person_of(g, &p->values[i]);

        if (person == NULL ||
            (named ? goes_named(person) : person->verdict.answer == WB_GOES))
            continue;
        if (p->form == WB_FORM_LIST)
            wb_withhold_value(&p->values[i]);
        else
            wb_withhold_place(p);
    }
}

static bool
refers_to_named(const struct wb_gate *g, const struct wb_place *p)
{
    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        const struct wb_gate_person *person = person_of(g, &p->values[i]);

        if (person != NULL && goes_named(person))
            return true;
    }
    return false;
}

/* Who is said to be, or to belong to, somebody with a name has that name. */
static bool
ties_to_a_name(const struct wb_gate *g, const struct wb_record *r)
{
    if (strcmp(r->kind, "judgment") != 0 && strcmp(r->kind, "relation") != 0)
        return false;
    for (size_t i = 1; i < r->place_count; i++)
        if (is_reference(r, i) && refers_to_named(g, &r->places[i]))
            return true;
    return false;
}

/* ---- files ---- */

enum wb_status
wb_gate_hide(struct wb_gate *g, struct wb_error *e)
{
    const struct wb_gate_person *list = (const void *)g->people.data;

    for (size_t i = 0; i < g->people.size / sizeof *list; i++)
        if (!goes_named(&list[i]))
            wb_buf_add(&g->unnamed, &list[i].id, sizeof list[i].id);
    return wb_ties_below(&g->ties, &g->unnamed, e);
}

/* Where a reference is withheld already it is all the vault knows of the record `id`
 * that counts. */
static bool
leads_to_unnamed(
    const struct wb_gate *g, const struct wb_place *p, const struct wb_id *id)
{
    struct wb_id to;

    if (p->form == WB_FORM_CLOSED)
        return wb_ties_has(&g->unnamed, id);
    for (size_t i = 0; i < p->count; i++) {
        const struct wb_value *v = &p->values[i];

        if (v->state == WB_STATE_WITHHELD && wb_ties_has(&g->unnamed, id))
            return true;
        if (v->state == WB_STATE_TEXT && wb_id_parse(&to, v->text, v->size) &&
            wb_ties_has(&g->unnamed, &to))
            return true;
    }
    return false;
}

/* A face is a name, and so is a passport. */
static bool
shows_unnamed(const struct wb_gate *g, const struct wb_record *r)
{
    static const char *const fields[] = {"shown", "about"};

    if (strcmp(r->kind, "evidence") != 0 || r->table == NULL)
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (leads_to_unnamed(g,
                wb_record_place(r, wb_field_find(r->table, fields[i])->number), &r->id))
            return true;
    return false;
}

static void
close_file(struct wb_record *r)
{
    static const char *const fields[] = {"file-name", "sha256", "size"};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        wb_withhold_place(
            wb_record_place(r, wb_field_find(r->table, fields[i])->number));
}

/* ---- a record ---- */

static bool
is_empty(const struct wb_place *p)
{
    return p->form != WB_FORM_CLOSED &&
        (p->count == 0 || p->values[0].state == WB_STATE_ABSENT);
}

/* What is kept is closed only where there is something: an empty one would close all
 * empty ones. */
static bool
must_stay(const struct wb_record *r, size_t place, enum wb_level level)
{
    unsigned flags =
        r->table == NULL ? WB_IDENTIFIES : r->table->fields[place - 1].flags;

    if ((flags & WB_KEPT) != 0 && !is_empty(&r->places[place]))
        return true;
    return level < WB_LEVEL_NAMED && (flags & WB_IDENTIFIES) != 0;
}

void
wb_gate_withhold(const struct wb_gate *g, struct wb_record *r, enum wb_level level)
{
    bool shows = shows_unnamed(g, r), named = ties_to_a_name(g, r);

    for (size_t i = 1; i < r->place_count; i++) { /* 0 is the origin */
        if (must_stay(r, i, level))
            wb_withhold_place(&r->places[i]);
        if (is_reference(r, i))
            close_refs(g, &r->places[i], named);
    }
    if (shows)
        close_file(r);
    wb_withhold_end(r);
}
