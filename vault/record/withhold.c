/* vault/record/withhold.c - closing places of a record that leaves: only their hashes
 * go. */
#include "withhold.h"

#include <string.h>

/* Only the hash of a value is left. */
void
wb_withhold_value(struct wb_value *v)
{
    v->state = WB_STATE_WITHHELD;
    v->text = "";
    v->size = 0;
    memset(v->salt, 0, sizeof v->salt);
}

void
wb_withhold_place(struct wb_place *p)
{
    p->form = WB_FORM_CLOSED;
    p->values = NULL;
    p->count = 0;
    memset(p->salt, 0, sizeof p->salt);
}

/* Beside anything withheld nothing empty lies open: both look alike. */
static void
close_empty(struct wb_record *r)
{
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form != WB_FORM_CLOSED &&
            (p->count == 0 || p->values[0].state == WB_STATE_ABSENT))
            wb_withhold_place(p);
    }
}

/* A hash without a size, or the other way round, is no evidence that can be read. */
static void
close_file(struct wb_record *r)
{
    static const char *const pair[] = {"sha256", "size"};
    struct wb_place *places[2];
    bool closed = false;

    if (strcmp(r->kind, "evidence") != 0 || r->table == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        places[i] = wb_record_place(r, wb_field_find(r->table, pair[i])->number);
        closed |= places[i]->form == WB_FORM_CLOSED;
    }
    for (int i = 0; closed && i < 2; i++)
        wb_withhold_place(places[i]);
}

void
wb_withhold_end(struct wb_record *r)
{
    if (wb_record_withheld(r) == 0)
        return;
    close_file(r);
    close_empty(r);
}
