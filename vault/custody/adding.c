/* vault/custody/adding.c - many new records: made, sealed by a second thread, written.
 */
#include "adding.h"

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/worker.h"
#include "refs.h"

/* Several records go to the second thread at once: waking it costs as much as the work
 * on one. */
enum { BATCHES = 4, BATCH_RECORDS = 32, LARGE_BYTES = 32 * 1024 };

struct item {
    struct wb_record *r;
    struct wb_row row;
};

struct batch {
    struct item items[BATCH_RECORDS];
    size_t count;
};

struct wb_adding {
    struct wb_change *c;
    struct wb_vault *v;
    struct batch batches[BATCHES];
    struct batch *filling; /* NULL: none is begun */
    struct wb_worker *worker;
    struct wb_secret *scratch; /* the worker's */
    struct wb_buf body;
};

/* The second thread's part. */
static void
seal_batch(void *cookie, unsigned slot)
{
    struct wb_adding *a = cookie;
    struct batch *b = &a->batches[slot];

    for (size_t i = 0; i < b->count; i++) {
        struct item *item = &b->items[i];

        wb_record_commit(item->r);
        wb_row_seal(&item->row, item->r->root, a->scratch);
    }
}

enum wb_status
wb_adding_new(struct wb_adding **a, struct wb_change *c, struct wb_error *e)
{
    struct wb_adding *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    made->c = c;
    made->v = wb_change_vault(c);
    wb_buf_init(&made->body, WB_RECORD_BYTES_MAX);
    if ((st = wb_secret_new(&made->scratch, WB_KEY_BYTES, e)) == WB_OK)
        st = wb_worker_new(&made->worker, BATCHES, seal_batch, made, e);
    if (st == WB_OK)
        *a = made;
    else
        wb_adding_free(&made);
    return st;
}

void
wb_adding_free(struct wb_adding **a)
{
    struct wb_adding *gone = *a;

    if (gone == NULL)
        return;
    wb_worker_free(&gone->worker); /* waits for it */
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < BATCH_RECORDS; i++) {
            wb_record_free(&gone->batches[b].items[i].r);
            wb_row_wipe(&gone->batches[b].items[i].row);
        }
    wb_secret_free(&gone->scratch);
    wb_buf_wipe(&gone->body);
    wb_mem_free(gone);
    *a = NULL;
}

static enum wb_status
write_row(struct wb_adding *a, struct wb_row *row, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(a->v);
    enum wb_status st;

    row->wrap.tree = s->tree;
    row->wrap.leaf = s->edge.size;
    if ((st = wb_row_put(a->v, row, e)) != WB_OK)
        return st;
    return wb_change_entry_on(a->c, WB_ACTION_ADD, &row->wrap, NULL, e);
}

/* Writes the oldest batch that was given. */
static enum wb_status
write_oldest(struct wb_adding *a, struct wb_error *e)
{
    struct batch *b = &a->batches[wb_worker_take(a->worker)];
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < b->count; i++) {
        wb_record_free(&b->items[i].r);
        if (st == WB_OK)
            st = write_row(a, &b->items[i].row, e);
    }
    b->count = 0;
    return st;
}

static enum wb_status
give(struct wb_adding *a, struct wb_error *e)
{
    a->filling = NULL;
    wb_worker_give(a->worker);
    return wb_worker_is_full(a->worker) ? write_oldest(a, e) : WB_OK;
}

enum wb_status
wb_adding_end(struct wb_adding *a, struct wb_error *e)
{
    enum wb_status st = a->filling == NULL ? WB_OK : give(a, e);

    while (st == WB_OK && !wb_worker_is_empty(a->worker))
        st = write_oldest(a, e);
    return st;
}

/* The record goes into the batch; its root is not known yet. */
static enum wb_status
put_item(struct wb_adding *a, struct wb_record **r, struct wb_error *e)
{
    struct item *item;
    enum wb_status st;

    if (a->filling == NULL)
        a->filling = &a->batches[wb_worker_next(a->worker)];
    item = &a->filling->items[a->filling->count];
    wb_buf_clear(&a->body);
    wb_record_encode(&a->body, *r);
    if ((st = wb_buf_check(&a->body, e)) != WB_OK ||
        (st = wb_row_begin(
             a->v, &item->row, &(*r)->id, 0, a->body.data, a->body.size, e)) != WB_OK)
        return st;
    item->r = *r;
    *r = NULL;
    a->filling->count++;
    return WB_OK;
}

enum wb_status
wb_adding_add(struct wb_adding *a, const struct wb_draft *d, const struct wb_id *id,
    struct wb_error *e)
{
    const struct wb_lineage lineage = {
        .id = *id, .revision = 1, .origin = wb_store_state(a->v)->origin};
    struct wb_record *r = NULL;
    enum wb_status st;

    if ((st = wb_record_make(&r, d, &lineage, e)) == WB_OK &&
        (st = wb_refs_check(a->v, d, e)) == WB_OK)
        st = put_item(a, &r, e);
    wb_record_free(&r);
    if (st != WB_OK)
        return st;
    if (a->body.size > LARGE_BYTES) { /* large ones do not wait together in memory */
        wb_buf_wipe(&a->body);
        return wb_adding_end(a, e);
    }
    return a->filling->count == BATCH_RECORDS ? give(a, e) : WB_OK;
}
