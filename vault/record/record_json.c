/* vault/record/record_json.c - a record written as canonical JSON,
 * vault/bundle/FORMAT.md section 4. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../formats/json.h"
#include "record.h"

enum { NUMBER_BYTES = 11 };

static void
write_number(struct wb_json_out *o, const char *key, uint32_t value)
{
    char text[NUMBER_BYTES];

    (void)snprintf(text, sizeof text, "%" PRIu32, value);
    wb_json_key(o, key);
    wb_json_text(o, text);
}

static void
write_text(struct wb_json_out *o, const char *key, const char *text)
{
    wb_json_key(o, key);
    wb_json_text(o, text);
}

static void
write_hex(struct wb_json_out *o, const char *key, const uint8_t *bytes, size_t size)
{
    wb_json_key(o, key);
    wb_json_hex(o, bytes, size);
}

/* Salt and value, or the hash in their place. */
static void
write_value(struct wb_json_out *o, const struct wb_value *v)
{
    if (v->state == WB_STATE_WITHHELD) {
        write_hex(o, "closed", v->hash, sizeof v->hash);
        return;
    }
    write_hex(o, "salt", v->salt, sizeof v->salt);
    if (v->state == WB_STATE_TEXT) {
        wb_json_key(o, "value");
        wb_json_string(o, v->text, v->size);
    } else
        write_text(o, "state", wb_state_name(v->state));
}

static void
write_place(struct wb_json_out *o, const struct wb_place *p)
{
    wb_json_object(o);
    write_number(o, "field", p->field);
    write_text(o, "name", p->name);
    switch (p->form) {
    case WB_FORM_CLOSED:
        write_hex(o, "closed", p->hash, sizeof p->hash);
        break;
    case WB_FORM_SINGLE:
        write_value(o, &p->values[0]);
        break;
    case WB_FORM_LIST:
        write_hex(o, "salt", p->salt, sizeof p->salt);
        wb_json_key(o, "values");
        wb_json_array(o);
        for (size_t i = 0; i < p->count; i++) {
            wb_json_object(o);
            write_value(o, &p->values[i]);
            wb_json_object_end(o);
        }
        wb_json_array_end(o);
        break;
    }
    wb_json_object_end(o);
}

static void
write_proof(struct wb_json_out *o, const struct wb_record_proof *p)
{
    wb_json_object(o);
    if (p->time[0] != '\0') {
        write_text(o, "time", p->time);
        write_hex(o, "salt", p->salt, sizeof p->salt);
    }
    wb_json_key(o, "proof");
    wb_json_string(o, p->text, p->size);
    wb_json_object_end(o);
}

static void
write_head(struct wb_json_out *o, const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    write_text(o, "witnessbox", WB_RECORD_JSON_VERSION);
    write_text(o, "kind", r->kind);
    write_number(o, "schema", r->schema);
    write_text(o, "id", id);
    write_number(o, "revision", r->revision);
    wb_json_key(o, "previous");
    wb_json_array(o);
    for (size_t i = 0; i < r->previous_count; i++)
        wb_json_hex(o, r->previous[i], WB_ROOT_BYTES);
    wb_json_array_end(o);
    write_hex(o, "root", r->root, sizeof r->root);
}

void
wb_record_json_write(struct wb_buf *out, const struct wb_record *r, int latest)
{
    struct wb_json_out o;

    wb_json_out_init(&o, out);
    wb_json_object(&o);
    write_head(&o, r);
    if (latest >= 0)
        write_text(&o, "latest", latest > 0 ? "yes" : "no");
    wb_json_key(&o, "places");
    wb_json_array(&o);
    for (size_t i = 0; i < r->place_count; i++)
        write_place(&o, &r->places[i]);
    wb_json_array_end(&o);
    wb_json_key(&o, "proofs");
    wb_json_array(&o);
    for (size_t i = 0; i < r->proof_count; i++)
        write_proof(&o, &r->proofs[i]);
    wb_json_array_end(&o);
    wb_json_object_end(&o);
    wb_buf_add(out, "\n", 1);
}

/* The one byte string per content: written again, it must be the same. */
enum wb_status
wb_record_json_check(const struct wb_record *r, int latest, const uint8_t *bytes,
    size_t size, struct wb_error *e)
{
    struct wb_buf again;
    size_t same = 0;
    enum wb_status st;

    wb_buf_init(&again, 2 * (size_t)WB_RECORD_BYTES_MAX);
    wb_record_json_write(&again, r, latest);
    st = wb_buf_check(&again, e);
    while (st == WB_OK && same < size && same < again.size &&
        bytes[same] == again.data[same])
        same++;
    if (st == WB_OK && (same < size || same < again.size))
        st =
            wb_fail(e, WB_ERR_FORMAT, "position %zu: not the canonical form", same + 1);
    wb_buf_wipe(&again);
    return st;
}
