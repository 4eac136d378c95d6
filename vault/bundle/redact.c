/* vault/bundle/redact.c - fields and paragraphs that stay behind when a record leaves.
 */
#include "redact.h"

#include <string.h>

#include "../base/fail.h"
#include "../formats/checkpoint.h"

/* Only the hash of a value is left. */
static void
close_value(struct wb_value *v)
{
    v->state = WB_STATE_WITHHELD;
    v->text = "";
    v->size = 0;
    memset(v->salt, 0, sizeof v->salt);
}

static void
close_place(struct wb_place *p)
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
            close_place(p);
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
        close_place(places[i]);
}

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
        close_place(p);
        return WB_OK;
    }
    if (p->form != WB_FORM_LIST || number > p->count)
        return wb_fail(e, WB_ERR_VALUE, "redact: %s: the field has %zu value%s", item,
            p->form == WB_FORM_LIST ? p->count : (size_t)1,
            p->form == WB_FORM_LIST && p->count != 1 ? "s" : ", no list");
    close_value(&p->values[number - 1]);
    return WB_OK;
}

enum wb_status
wb_redact(
    struct wb_record *r, const struct wb_redaction *how, bool *used, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < how->count; i++)
        st = close_one(r, how->items[i], &used[i], e);
    if (st != WB_OK || wb_record_withheld(r) == 0)
        return st;
    close_file(r);
    close_empty(r);
    return WB_OK;
}
