/* vault/report/dump_jsonl.c - a record as the line that `load` reads back. */
#include "../formats/json.h"
#include "dump.h"

static void
write_value(struct wb_json_out *o, const struct wb_value *v)
{
    if (v->state == WB_STATE_TEXT) {
        wb_json_string(o, v->text, v->size);
        return;
    }
    wb_json_object(o);
    wb_json_key(o, "state");
    wb_json_text(o, wb_state_name(v->state));
    wb_json_object_end(o);
}

static bool
is_given(const struct wb_value *v)
{
    return v->state != WB_STATE_ABSENT && v->state != WB_STATE_WITHHELD;
}

/* One value stands alone, several in an array; what has none is left out. */
static void
write_field(struct wb_json_out *o, const struct wb_place *p)
{
    size_t given = 0;

    for (size_t i = 0; i < p->count; i++)
        given += is_given(&p->values[i]);
    if (given == 0)
        return;
    wb_json_key(o, p->name);
    if (given > 1)
        wb_json_array(o);
    for (size_t i = 0; i < p->count; i++)
        if (is_given(&p->values[i]))
            write_value(o, &p->values[i]);
    if (given > 1)
        wb_json_array_end(o);
}

void
wb_dump_jsonl(struct wb_buf *out, const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES];
    struct wb_json_out o;

    wb_id_text(id, &r->id);
    wb_json_out_init(&o, out);
    o.shown = true;
    wb_json_object(&o);
    wb_json_key(&o, "kind");
    wb_json_text(&o, r->kind);
    wb_json_key(&o, "key");
    wb_json_text(&o, id);
    wb_json_key(&o, "fields");
    wb_json_object(&o);
    for (size_t i = 0; i < r->table->count; i++)
        write_field(&o, &r->places[i + 1]);
    wb_json_object_end(&o);
    wb_json_object_end(&o);
    wb_buf_add_text(out, "\n");
}
