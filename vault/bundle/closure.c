/* vault/bundle/closure.c - what belongs to a record, by the references between them. */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"

struct edge {
    struct wb_id from, to;
};

#define GRAPH_BYTES_MAX ((size_t)1 << 36)

void
wb_closure_init(struct wb_closure *c)
{
    wb_buf_init(&c->nodes, GRAPH_BYTES_MAX);
    wb_buf_init(&c->edges, GRAPH_BYTES_MAX);
}

void
wb_closure_wipe(struct wb_closure *c)
{
    wb_buf_wipe(&c->nodes);
    wb_buf_wipe(&c->edges);
}

void
wb_closure_node(struct wb_closure *c, const struct wb_closure_node *node)
{
    struct wb_closure_node fresh = *node;

    fresh.taken = false;
    wb_buf_add(&c->nodes, &fresh, sizeof fresh);
}

void
wb_closure_edge(struct wb_closure *c, const struct wb_id *from, const struct wb_id *to)
{
    struct edge edge = {*from, *to};

    wb_buf_add(&c->edges, &edge, sizeof edge);
}

/* The references of one field: of a part to the whole it goes with, of a record to what
 * it cannot be understood without. */
static void
draw_edges(struct wb_closure *c, const struct wb_record *r, const struct wb_place *p,
    unsigned flags)
{
    struct wb_id target;

    for (size_t i = 0; i < p->count; i++) {
        const struct wb_value *value = &p->values[i];

        if (value->state != WB_STATE_TEXT ||
            !wb_id_parse(&target, value->text, value->size))
            continue;
        if ((flags & WB_PART_OF) != 0)
            wb_closure_edge(c, &target, &r->id);
        if ((flags & WB_NEEDS) != 0)
            wb_closure_edge(c, &r->id, &target);
    }
}

void
wb_closure_record(struct wb_closure *c, const struct wb_record *r)
{
    struct wb_closure_node node = {
        .id = r->id, .row = r->row, .stops = strcmp(r->kind, "incident") == 0};

    memcpy(node.root, r->root, sizeof node.root);
    wb_closure_node(c, &node);
    /* of a schema that is not known here no reference is known either */
    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p =
            f->kind != WB_REF ? NULL : &r->places[i + 1]; /* 0 is the origin */

        if (p != NULL && p->form != WB_FORM_CLOSED)
            draw_edges(c, r, p, f->flags);
    }
}

void
wb_closure_pass(struct wb_closure *c, const struct wb_id *id)
{
    struct wb_closure_node *nodes = (void *)c->nodes.data;

    for (size_t i = 0; i < c->nodes.size / sizeof *nodes; i++)
        if (wb_id_equal(&nodes[i].id, id))
            nodes[i].stops = false;
}

/* Both structs begin with the id that they are sorted by. */
static int
compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id));
}

static void *
sort(struct wb_buf *array, size_t size, size_t *count)
{
    *count = array->size / size;
    if (*count > 1)
        qsort(array->data, *count, size, compare);
    return array->data;
}

static struct wb_closure_node *
find(const struct wb_closure *c, const struct wb_id *id)
{
    if (c->nodes.size == 0)
        return NULL;
    return bsearch(id, c->nodes.data, c->nodes.size / sizeof(struct wb_closure_node),
        sizeof(struct wb_closure_node), compare);
}

/* The first edge from `id`, or `count`. */
static size_t
first_edge(const struct edge *edges, size_t count, const struct wb_id *id)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&edges[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Follows what was taken and not yet followed until nothing is left. Each node is put
 * there once, so the cost is that of the two sorts. */
static enum wb_status
follow(struct wb_closure *c, struct wb_buf *waiting, struct wb_error *e)
{
    struct wb_closure_node *at, *next;
    size_t count, done = 0;
    const struct edge *edges = sort(&c->edges, sizeof *edges, &count);

    while (done < waiting->size && wb_buf_check(waiting, NULL) == WB_OK) {
        memcpy(&at, waiting->data + done, sizeof at);
        done += sizeof at;
        for (size_t i = first_edge(edges, count, &at->id);
             i < count && wb_id_equal(&edges[i].from, &at->id); i++) {
            next = find(c, &edges[i].to);
            if (next == NULL || next->taken || next->stops)
                continue;
            next->taken = true;
            wb_buf_add(waiting, &next, sizeof next);
        }
    }
    return wb_buf_check(waiting, e);
}

enum wb_status
wb_closure_take(struct wb_closure *c, const struct wb_id *start, struct wb_error *e)
{
    struct wb_closure_node *first;
    struct wb_buf waiting;
    size_t count;
    enum wb_status st;

    if ((st = wb_buf_check(&c->nodes, e)) != WB_OK ||
        (st = wb_buf_check(&c->edges, e)) != WB_OK)
        return st;
    (void)sort(&c->nodes, sizeof *first, &count);
    first = find(c, start);
    if (first == NULL)
        return wb_fail(e, WB_ERR_NOT_FOUND, "no such record to begin with");
    wb_buf_init(&waiting, GRAPH_BYTES_MAX);
    first->taken = true;
    wb_buf_add(&waiting, &first, sizeof first);
    st = follow(c, &waiting, e);
    wb_buf_wipe(&waiting);
    return st;
}

bool
wb_closure_took(const struct wb_closure *c, const struct wb_id *id)
{
    const struct wb_closure_node *node = find(c, id);

    return node != NULL && node->taken;
}

const struct wb_closure_node *
wb_closure_at(const struct wb_closure *c, size_t index)
{
    size_t count = c->nodes.size / sizeof(struct wb_closure_node);

    return index < count ? (const struct wb_closure_node *)(void *)c->nodes.data + index
                         : NULL;
}
