/* vault/report/dump_look.c - names of people, and ids, in what a dump would write. */
#include "../query/id_scan.h"
#include "dump.h"

static bool
is_kept(const struct wb_dump_look *l, const struct wb_id *person)
{
    for (size_t i = 0; i < l->request->keep_name_count; i++)
        if (wb_id_equal(&l->request->keep_names[i].id, &l->record->id) ||
            wb_id_equal(&l->request->keep_names[i].id, person))
            return true;
    return false;
}

/* `whom` is the record that the name or id leads to. */
static void
tell(struct wb_dump_look *l, const struct wb_id *whom, const char *name, bool is_id)
{
    const struct wb_dump_name told = {
        &l->record->id, l->record->kind, l->field, l->value, whom, name, is_id};

    if (is_kept(l, whom))
        return;
    l->in_the_way++;
    if (l->watch->named != NULL)
        l->watch->named(l->watch->cookie, &told);
}

static void
found(void *cookie, size_t number, const char *name)
{
    struct wb_dump_look *l = cookie;
    const struct wb_gate_person *person = wb_gate_person_at(l->gate, number);

    if (person == l->last)
        return;
    l->last = person;
    tell(l, &person->id, name, false);
}

static void
found_id(void *cookie, const struct wb_id *id, const char *name)
{
    tell(cookie, id, name, true);
}

void
wb_dump_look_text(
    void *cookie, const char *field, size_t value, const char *text, size_t size)
{
    struct wb_dump_look *l = cookie;

    l->field = field;
    l->value = value;
    l->last = NULL;
    wb_name_scan_text(&l->scan, text, size, found, l);
    if (l->ids_of != NULL)
        wb_id_scan_text(l->ids_of, text, size, found_id, l);
}

void
wb_dump_look_record(struct wb_dump_look *l, const struct wb_record *r)
{
    l->record = r;
    wb_record_each_text(r, wb_dump_look_text, l);
}
