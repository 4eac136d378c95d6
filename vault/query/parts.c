/* vault/query/parts.c - what belongs to a record, and what names it. */
#include <stdlib.h>
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../formats/edtf.h"
#include "../record/record.h"

enum { DEPTH_MAX = 16, LIST_BYTES_MAX = 1 << 28, TITLE_BYTES = 64, DATE_BYTES = 64 };

/* One record below another, to be sorted; `field` is the table's own. */
struct below {
    struct wb_id id;
    const char *field;
    size_t kind;
    struct wb_edtf days;     /* its text is unset: `date` has it */
    char date[DATE_BYTES];   /* "" without one, which comes last */
    char title[TITLE_BYTES]; /* its beginning */
};

struct parts {
    struct wb_vault *v;
    enum wb_parts_which which;
    bool (*each)(void *cookie, const struct wb_part *part);
    void *cookie;
    uint64_t *damaged;
    struct wb_buf seen; /* ids that were told, and the one asked for */
    bool more;
};

/* One level: what names `of` in the wanted way. */
struct level {
    const struct parts *parts;
    const struct wb_id *of;
    struct wb_buf found; /* of struct below */
};

static const char *
naming_field(const struct level *l, const struct wb_record *r)
{
    char text[WB_ID_TEXT_BYTES];

    wb_id_text(text, l->of);
    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        bool part = (f->flags & WB_PART_OF) != 0;
        const struct wb_place *p = &r->places[i + 1];

        if (f->kind != WB_REF || part != (l->parts->which == WB_PARTS))
            continue;
        for (size_t n = 0; n < p->count; n++)
            if (strcmp(p->values[n].text, text) == 0)
                return f->name;
    }
    return NULL;
}

static void
put_date(struct below *b, const struct wb_record *r)
{
    static const char *const fields[] = {"date", "when"};

    b->days = (struct wb_edtf){.earliest = INT64_MAX, .latest = INT64_MAX};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = wb_record_text(r, fields[i]);
        size_t size = strlen(text);

        if (size == 0 || size >= DATE_BYTES ||
            wb_edtf_range(&b->days, text, size, NULL) != WB_OK)
            continue;
        memcpy(b->date, text, size);
        return;
    }
}

static bool
gather(void *cookie, const struct wb_record *r)
{
    struct level *l = cookie;
    struct below b = {.id = r->id, .field = naming_field(l, r)};

    put_date(&b, r);
    while (b.kind < wb_kind_count() && strcmp(wb_kind_at(b.kind)->name, r->kind) != 0)
        b.kind++;
    memcpy(b.title, r->title, strnlen(r->title, TITLE_BYTES));
    if (b.field != NULL)
        wb_buf_add(&l->found, &b, sizeof b);
    return true;
}

/* By EDTF's own order: first day, last day, text. */
static int
compare_dates(const struct below *x, const struct below *y)
{
    struct wb_edtf left = x->days, right = y->days;

    left.text = x->date, left.size = strlen(x->date);
    right.text = y->date, right.size = strlen(y->date);
    return wb_edtf_compare(&left, &right);
}

static int
compare(const void *a, const void *b)
{
    const struct below *x = a, *y = b;
    int dates = compare_dates(x, y);
    int titles = memcmp(x->title, y->title, TITLE_BYTES);

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (dates != 0)
        return dates;
    return titles != 0 ? titles : memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

static bool
was_seen(struct parts *p, const struct wb_id *id)
{
    for (size_t at = 0; at < p->seen.size; at += sizeof id->bytes)
        if (memcmp(p->seen.data + at, id->bytes, sizeof id->bytes) == 0)
            return true;
    wb_buf_add(&p->seen, id->bytes, sizeof id->bytes);
    return false;
}

static enum wb_status
tell(struct parts *p, const struct below *b, unsigned depth, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(p->v, &r, &b->id, e);

    if (st == WB_OK) {
        const struct wb_part part = {r, b->field, b->date, depth};

        p->more = p->each(p->cookie, &part);
    }
    wb_record_free(&r);
    return st;
}

static enum wb_status
descend(struct parts *p, const struct wb_id *of, unsigned depth, struct wb_error *e)
{
    const struct wb_list_filter filter = {.refers_to = of};
    struct level l = {.parts = p, .of = of};
    const struct below *found;
    uint64_t damaged = 0;
    enum wb_status st;

    wb_buf_init(&l.found, LIST_BYTES_MAX);
    if ((st = wb_list(p->v, &filter, gather, &l, &damaged, e)) == WB_OK)
        st = wb_buf_check(&l.found, e);
    if (depth == 1)
        *p->damaged = damaged; /* each level meets the same ones */
    if (l.found.size > sizeof *found)
        qsort(l.found.data, l.found.size / sizeof *found, sizeof *found, compare);
    found = (const void *)l.found.data;
    for (size_t i = 0; st == WB_OK && p->more && i < l.found.size / sizeof *found;
         i++) {
        if (was_seen(p, &found[i].id))
            continue;
        st = tell(p, &found[i], depth, e);
        if (st == WB_OK && p->more && p->which == WB_PARTS && depth < DEPTH_MAX)
            st = descend(p, &found[i].id, depth + 1, e);
    }
    wb_buf_wipe(&l.found);
    return st;
}

enum wb_status
wb_parts(struct wb_vault *v, const struct wb_id *id, enum wb_parts_which which,
    bool (*each)(void *cookie, const struct wb_part *part), void *cookie,
    uint64_t *damaged, struct wb_error *e)
{
    struct parts p = {.v = v,
        .which = which,
        .each = each,
        .cookie = cookie,
        .damaged = damaged,
        .more = true};
    enum wb_status st;

    *damaged = 0;
    wb_buf_init(&p.seen, LIST_BYTES_MAX);
    wb_buf_add(&p.seen, id->bytes, sizeof id->bytes);
    if ((st = descend(&p, id, 1, e)) == WB_OK)
        st = wb_buf_check(&p.seen, e);
    wb_buf_wipe(&p.seen);
    return st;
}
