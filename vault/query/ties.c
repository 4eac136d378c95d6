/* vault/query/ties.c - which persons a record speaks of, and which its incident does.
 */
#include "ties.h"

#include <stdlib.h>
#include <string.h>

#define TIES_BYTES_MAX ((size_t)1 << 36)

struct tie {
    struct wb_id from, to;
};

void
wb_ties_init(struct wb_ties *t)
{
    wb_buf_init(&t->people, TIES_BYTES_MAX);
    wb_buf_init(&t->parts, TIES_BYTES_MAX);
    wb_buf_init(&t->wholes, TIES_BYTES_MAX);
    wb_buf_init(&t->faces, TIES_BYTES_MAX);
}

void
wb_ties_wipe(struct wb_ties *t)
{
    wb_buf_wipe(&t->people);
    wb_buf_wipe(&t->parts);
    wb_buf_wipe(&t->wholes);
    wb_buf_wipe(&t->faces);
}

static void
add(struct wb_buf *ties, const struct wb_id *from, const struct wb_id *to)
{
    struct tie tie = {*from, *to};

    wb_buf_add(ties, &tie, sizeof tie);
}

static void
add_field(struct wb_ties *t, const struct wb_record *r, const struct wb_field *f,
    const struct wb_place *p)
{
    struct wb_id to;

    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        if (!wb_id_parse(&to, p->values[i].text, p->values[i].size))
            continue;
        if ((f->flags & WB_PART_OF) != 0) {
            add(&t->parts, &to, &r->id);
            add(&t->wholes, &r->id, &to);
        }
        if (f->target[0] == '\0' || strcmp(f->target, "person") == 0)
            add(&t->people, &r->id, &to);
        if (strcmp(f->name, "shown") == 0)
            add(&t->faces, &to, &r->id);
    }
}

void
wb_ties_add(struct wb_ties *t, const struct wb_record *r)
{
    for (size_t i = 0; r->table != NULL && i < r->table->count; i++)
        if (r->table->fields[i].kind == WB_REF)
            add_field(t, r, &r->table->fields[i], &r->places[i + 1]);
}

static int
compare_ties(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct tie));
}

static int
compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id));
}

/* Sorts; of equal ones the first stays. */
static void
settle(struct wb_buf *b, size_t size, int (*compare)(const void *a, const void *b))
{
    size_t count = b->size / size, kept = 0;

    if (count == 0)
        return;
    qsort(b->data, count, size, compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare(b->data + i * size, b->data + (kept - 1) * size) != 0)
            memmove(b->data + kept++ * size, b->data + i * size, size);
    b->size = kept * size;
}

enum wb_status
wb_ties_settle(struct wb_ties *t, struct wb_error *e)
{
    struct wb_buf *all[] = {&t->people, &t->parts, &t->wholes, &t->faces};
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < sizeof all / sizeof *all && st == WB_OK; i++) {
        st = wb_buf_check(all[i], e);
        if (st == WB_OK)
            settle(all[i], sizeof(struct tie), compare_ties);
    }
    return st;
}

bool
wb_ties_has(const struct wb_buf *ids, const struct wb_id *id)
{
    return ids->size > 0 &&
        bsearch(id, ids->data, ids->size / sizeof *id, sizeof *id, compare_ids) != NULL;
}

/* Appends where the ties of one id lead. */
static void
follow_one(struct wb_buf *out, const struct wb_buf *ties, const struct wb_id *from)
{
    const struct tie *list = (const struct tie *)(const void *)ties->data;
    size_t count = ties->size / sizeof *list, low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(&list[middle].from, from, sizeof *from) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && wb_id_equal(&list[low].from, from); low++)
        wb_buf_add(out, &list[low].to, sizeof list[low].to);
}

/* Takes in everything that the ties lead to, step by step; what is there already is not
 * followed again, so that a circle ends. */
static void
follow(struct wb_buf *ids, const struct wb_buf *ties, bool to_the_end)
{
    struct wb_buf front, next;

    wb_buf_init(&front, TIES_BYTES_MAX);
    wb_buf_init(&next, TIES_BYTES_MAX);
    wb_buf_add(&front, ids->data, ids->size);
    while (front.size > 0 && wb_buf_check(ids, NULL) == WB_OK) {
        const struct wb_id *list = (const void *)front.data;

        for (size_t i = 0; i < front.size / sizeof *list; i++)
            follow_one(&next, ties, &list[i]);
        settle(&next, sizeof *list, compare_ids);
        wb_buf_clear(&front);
        for (size_t i = 0; i < next.size / sizeof *list; i++) {
            const struct wb_id *id = (const struct wb_id *)(const void *)next.data + i;

            if (!wb_ties_has(ids, id))
                wb_buf_add(&front, id, sizeof *id);
        }
        wb_buf_clear(&next);
        wb_buf_add(ids, front.data, front.size);
        settle(ids, sizeof *list, compare_ids);
        if (!to_the_end)
            break;
    }
    if (wb_buf_check(&front, NULL) != WB_OK || wb_buf_check(&next, NULL) != WB_OK)
        ids->failed = WB_ERR_MEMORY;
    wb_buf_wipe(&front);
    wb_buf_wipe(&next);
}

enum wb_status
wb_ties_around(const struct wb_ties *t, struct wb_buf *out, const struct wb_id *ids,
    size_t count, bool up, struct wb_error *e)
{
    wb_buf_add(out, ids, count * sizeof *ids);
    settle(out, sizeof *ids, compare_ids);
    if (up)
        follow(out, &t->wholes, true);
    follow(out, &t->parts, true);
    follow(out, &t->people, false);
    return wb_buf_check(out, e);
}

enum wb_status
wb_ties_below(const struct wb_ties *t, struct wb_buf *ids, struct wb_error *e)
{
    settle(ids, sizeof(struct wb_id), compare_ids);
    follow(ids, &t->faces, false);
    follow(ids, &t->parts, true);
    return wb_buf_check(ids, e);
}
