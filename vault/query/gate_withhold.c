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

/* References to persons that stay behind. */
static void
close_refs(const struct wb_gate *g, struct wb_place *p)
{
    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        const struct wb_gate_person *person = person_of(g, &p->values[i]);

        if (person == NULL || person->verdict.answer == WB_GOES)
            continue;
        if (p->form == WB_FORM_LIST)
            wb_withhold_value(&p->values[i]);
        else
            wb_withhold_place(p);
    }
}

/* A face is a name. */
static bool
shows_unnamed(const struct wb_gate *g, const struct wb_record *r)
{
    const struct wb_place *p;

    if (strcmp(r->kind, "evidence") != 0 || r->table == NULL)
        return false;
    p = wb_record_place(r, wb_field_find(r->table, "shown")->number);
    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        const struct wb_gate_person *person = person_of(g, &p->values[i]);

        if (person != NULL &&
            (person->verdict.answer != WB_GOES ||
                person->verdict.level < WB_LEVEL_NAMED))
            return true;
    }
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
    bool shows = shows_unnamed(g, r);

    for (size_t i = 1; i < r->place_count; i++) { /* 0 is the origin */
        if (must_stay(r, i, level))
            wb_withhold_place(&r->places[i]);
        if (r->table != NULL && r->table->fields[i - 1].kind == WB_REF)
            close_refs(g, &r->places[i]);
    }
    if (shows)
        close_file(r);
    wb_withhold_end(r);
}
