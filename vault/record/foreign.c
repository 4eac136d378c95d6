/* vault/record/foreign.c - what must hold of a record that somebody else wrote. */
#include "../base/fail.h"
#include "record.h"

/* Beside anything withheld an empty place that is open would say of all others that
 * they are not empty. */
static enum wb_status
check_empty(const struct wb_record *r, struct wb_error *e)
{
    if (wb_record_withheld(r) == 0)
        return WB_OK;
    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        if (p->form != WB_FORM_CLOSED &&
            (p->count == 0 || p->values[0].state == WB_STATE_ABSENT))
            return wb_fail(e, WB_ERR_FORMAT,
                "places %zu: empty and open, while something is withheld", i + 1);
    }
    return WB_OK;
}

static enum wb_status
check_values(const struct wb_record *r, struct wb_error *e)
{
    for (size_t i = 1; r->table != NULL && i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        for (size_t j = 0; j < p->count; j++) {
            const struct wb_value *v = &p->values[j];
            enum wb_status st;

            if (v->state != WB_STATE_TEXT)
                continue;
            st = wb_value_check_foreign(&r->table->fields[i - 1], v->text, v->size, e);
            if (st != WB_OK)
                return wb_within(e, WB_ERR_FORMAT, "places %zu: %s", i + 1, p->name);
        }
    }
    return WB_OK;
}

enum wb_status
wb_record_check_foreign(const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st = check_empty(r, e);

    return st == WB_OK ? check_values(r, e) : st;
}
