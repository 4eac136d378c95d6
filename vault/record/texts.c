/* vault/record/texts.c - what somebody can read in a record. */
#include "record.h"

/* Of a schema that is not known here every value may be words. */
static bool
has_words(const struct wb_record *r, size_t place)
{
    enum wb_value_kind kind;

    if (r->table == NULL)
        return true;
    kind = r->table->fields[place - 1].kind;
    return kind == WB_LINE || kind == WB_TEXT;
}

void
wb_record_each_text(const struct wb_record *r,
    void (*each)(
        void *cookie, const char *field, size_t value, const char *text, size_t size),
    void *cookie)
{
    for (size_t i = 1; i < r->place_count; i++) { /* 0 is the origin */
        const struct wb_place *p = &r->places[i];

        if (p->form == WB_FORM_CLOSED || !has_words(r, i))
            continue;
        for (size_t n = 0; n < p->count; n++)
            if (p->values[n].state == WB_STATE_TEXT)
                each(cookie, p->name, p->form == WB_FORM_LIST ? n + 1 : 0,
                    p->values[n].text, p->values[n].size);
    }
}
