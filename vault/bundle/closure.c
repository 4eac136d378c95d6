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

const struct wb_closure_node *
wb_closure_at(const struct wb_closure *c, size_t index)
{
    size_t count = c->nodes.size / sizeof(struct wb_closure_node);

    return index < count ? (const struct wb_closure_node *)(void *)c->nodes.data + index
                         : NULL;
}
