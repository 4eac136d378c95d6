/* vault/record/sheet_codec.c - the bytes of a sheet (vault/store/FORMAT.md section 13).
 */
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "../crypto/box.h"
#include "sheet.h"

enum { VERSION = 1, FLOOR_BYTES = 4096 };

/* ---- encode ---- */

static void
put_field(struct wb_buf *out, uint16_t number, const struct wb_draft_field *values)
{
    wb_put_u16(out, number);
    wb_put_u32(out, (uint32_t)values->count);
    for (const struct wb_draft_value *v = values->first; v != NULL; v = v->next) {
        wb_put_u8(out, (uint8_t)v->state);
        wb_put_long(out, v->text, v->size);
    }
}

static void
put_item(struct wb_buf *out, const struct wb_sheet_item *item)
{
    const struct wb_kind *kind = item->draft->kind;
    uint16_t filled = 0;

    for (size_t i = 0; i < kind->count; i++)
        filled = (uint16_t)(filled + (item->draft->fields[i].count > 0));
    wb_put_short(out, kind->name, strlen(kind->name));
    wb_buf_add(out, item->id.bytes, sizeof item->id.bytes);
    wb_put_u16(out, filled);
    for (size_t i = 0; i < kind->count; i++)
        if (item->draft->fields[i].count > 0)
            put_field(out, kind->fields[i].number, &item->draft->fields[i]);
}

void
wb_sheet_encode(struct wb_buf *out, const struct wb_sheet *s, uint64_t row)
{
    const size_t start = out->size;
    size_t size;

    wb_put_u32(out, 0); /* the length, when it is known */
    wb_put_u64(out, row);
    wb_put_u8(out, VERSION);
    wb_put_u64(out, (uint64_t)s->begun);
    wb_put_u64(out, (uint64_t)s->sealed);
    wb_put_u32(out, s->place);
    wb_put_long(out, s->typed.data, s->typed.size);
    wb_put_u16(out, (uint16_t)s->count);
    for (size_t i = 0; i < s->count; i++)
        put_item(out, &s->items[i]);
    if (out->failed != WB_OK)
        return;
    size = out->size - start;
    wb_set_u32(out->data + start, (uint32_t)(size - 4));
    wb_buf_add_zeros(out, (size_t)wb_pad_length(size, FLOOR_BYTES) - size);
}

/* ---- decode ---- */

static const struct wb_field *
field_of(const struct wb_kind *kind, uint16_t number)
{
    for (size_t i = 0; i < kind->count; i++)
        if (kind->fields[i].number == number)
            return &kind->fields[i];
    return NULL;
}

/* `last`: the number of the field before, which this one is above. */
static enum wb_status
get_field(struct wb_draft *d, uint16_t *last, struct wb_cursor *c, struct wb_error *e)
{
    const uint16_t number = wb_get_u16(c);
    const uint32_t count = wb_get_u32(c);
    const struct wb_field *f = field_of(d->kind, number);
    enum wb_status st = WB_OK;

    if (c->failed || number <= *last || count == 0)
        return wb_fail(e, WB_ERR_FORMAT, "%s: its fields", d->kind->name);
    if (f == NULL)
        return wb_fail(e, WB_ERR_TOO_NEW, "%s: a field of a newer program, update this",
            d->kind->name);
    *last = number;
    for (uint32_t i = 0; st == WB_OK && !c->failed && i < count; i++) {
        enum wb_state state = (enum wb_state)wb_get_u8(c);
        size_t size;
        const uint8_t *text = wb_get_long(c, &size);

        if (size > 0 && state != WB_STATE_TEXT)
            st = wb_fail(e, WB_ERR_FORMAT, "%s: a state with a text", f->name);
        else if (!c->failed)
            st = wb_draft_put(d, f->name, state, (const char *)text, size, e);
    }
    return st;
}

static enum wb_status
get_item(struct wb_sheet *s, struct wb_cursor *c, struct wb_error *e)
{
    char kind[WB_KIND_NAME_MAX + 1] = "";
    size_t size;
    const uint8_t *name = wb_get_short(c, &size);
    struct wb_id id;
    uint16_t fields, last = 0;
    enum wb_status st;

    if (!c->failed && size <= WB_KIND_NAME_MAX)
        memcpy(kind, name, size);
    if (!c->failed && wb_kind_find(kind) == NULL)
        return wb_fail(e, WB_ERR_TOO_NEW, "a kind of a newer program, update this");
    wb_get_copy(c, id.bytes, sizeof id.bytes);
    fields = wb_get_u16(c);
    if (c->failed)
        return WB_OK; /* the end of the cursor will say it */
    st = wb_sheet_add_as(s, kind, &id, e);
    for (; st == WB_OK && !c->failed && fields > 0; fields--)
        st = get_field(s->items[s->count - 1].draft, &last, c, e);
    return st;
}

static enum wb_status
get_sheet(struct wb_sheet *s, struct wb_cursor *c, uint64_t row, struct wb_error *e)
{
    const uint8_t *typed;
    uint16_t count;
    uint8_t version;
    size_t size;
    enum wb_status st = WB_OK;

    if (wb_get_u64(c) != row)
        return wb_fail(e, WB_ERR_FORMAT, "of another row");
    version = wb_get_u8(c);
    if (version > VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW, "of a newer program, update this");
    if (version != VERSION)
        return wb_fail(e, WB_ERR_FORMAT, "version");
    s->row = row;
    s->begun = (int64_t)wb_get_u64(c);
    s->sealed = (int64_t)wb_get_u64(c);
    s->place = wb_get_u32(c);
    typed = wb_get_long(c, &size);
    if (!c->failed)
        wb_buf_add(&s->typed, typed, size);
    count = wb_get_u16(c);
    for (; st == WB_OK && !c->failed && count > 0; count--)
        st = get_item(s, c, e);
    if (st == WB_OK && (st = wb_cursor_end(c, e)) == WB_OK)
        st = wb_buf_check(&s->typed, e);
    return st;
}

enum wb_status
wb_sheet_decode(struct wb_sheet **s, const uint8_t *bytes, size_t size, uint64_t row,
    struct wb_error *e)
{
    struct wb_sheet *made = NULL;
    struct wb_cursor whole, c;
    const uint8_t *x;
    size_t length;
    enum wb_status st;

    wb_cursor_init(&whole, bytes, size);
    x = wb_get_long(&whole, &length);
    for (size_t i = 0; i < whole.left && !whole.failed; i++)
        whole.failed = whole.at[i] != 0;
    if (whole.failed || wb_pad_length(4 + length, FLOOR_BYTES) != size)
        return wb_fail(e, WB_ERR_FORMAT, "not as written");
    if ((st = wb_sheet_new(&made, e)) != WB_OK)
        return st;
    wb_cursor_init(&c, x, length);
    if ((st = get_sheet(made, &c, row, e)) == WB_OK) {
        *s = made;
        made = NULL;
    }
    wb_sheet_free(&made);
    return st;
}
