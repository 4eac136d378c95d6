/* vault/bundle/redact.c - fields and paragraphs that stay behind when a record leaves.
 */
#include "redact.h"

#include <string.h>

#include "../base/fail.h"
#include "../formats/checkpoint.h"
#include "../record/withhold.h"

static struct wb_place *
find_place(const struct wb_record *r, const char *name, size_t size)
{
    for (size_t i = 1; i < r->place_count; i++) /* 0 is the origin */
        if (strlen(r->places[i].name) == size &&
            memcmp(r->places[i].name, name, size) == 0)
            return &r->places[i];
    return NULL;
}

static enum wb_status
close_one(struct wb_record *r, const char *item, bool *used, struct wb_error *e)
{
    const char *dot = strchr(item, '.');
    const size_t size = dot == NULL ? strlen(item) : (size_t)(dot - item);
    struct wb_place *p = find_place(r, item, size);
    uint64_t number = 0;

    if (dot != NULL &&
        (!wb_decimal_decode(&number, dot + 1, strlen(dot + 1)) || number == 0))
        return wb_fail(e, WB_ERR_USAGE, "redact: %s: must be FIELD or FIELD.N", item);
    if (p == NULL)
        return WB_OK;
    *used = true;
    if (p->form == WB_FORM_CLOSED)
        return WB_OK; /* it came to us without */
    if (dot == NULL) {
        wb_withhold_place(p);
        return WB_OK;
    }
    if (p->form != WB_FORM_LIST || number > p->count)
        return p->form == WB_FORM_LIST
            ? wb_fail(e, WB_ERR_VALUE, "redact: %s: values in the field: %zu", item,
                  p->count)
            : wb_fail(e, WB_ERR_VALUE, "redact: %s: the field is no list", item);
    wb_withhold_value(&p->values[number - 1]);
    return WB_OK;
}

/* What an item says of this record, or NULL. */
static const char *
item_for(const struct wb_record *r, const char *item, bool named)
{
    const char *colon = strchr(item, ':');
    struct wb_id id;

    if (colon == NULL)
        return named ? item : NULL;
    return wb_id_parse(&id, item, (size_t)(colon - item)) && wb_id_equal(&id, &r->id)
        ? colon + 1
        : NULL;
}

enum wb_status
wb_redact(struct wb_record *r, const struct wb_redaction *how, bool named, bool *used,
    struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < how->count; i++) {
        const char *item = item_for(r, how->items[i], named);

        if (item != NULL)
            st = close_one(r, item, &used[i], e);
    }
    if (st == WB_OK)
        wb_withhold_end(r);
    return st;
}
