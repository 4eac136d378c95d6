/* vault/base/worker.h - a second thread that computes while the first reads and writes.
 */
#ifndef WB_BASE_WORKER_H
#define WB_BASE_WORKER_H

#include <stdbool.h>

#include <witnessbox/error.h>

/* A ring of slots, whose contents are the caller's. The caller fills the next slot and
 * gives it; the worker works on what was given, one slot after the other; the caller
 * takes the slots back in the same order. So the outcome is that of one thread, byte
 * for byte. The work only computes: no I/O, no allocation, no failure but what it notes
 * in its slot. From giving to taking a slot belongs to the worker. */
struct wb_worker;

/* `slots` is 1 or more; `work` is called with the number of a slot, from 0. Where no
 * thread is to be had the work is done in wb_worker_give. Freed with wb_worker_free. */
WB_CHECKED enum wb_status wb_worker_new(struct wb_worker **w, unsigned slots,
    void (*work)(void *cookie, unsigned slot), void *cookie, struct wb_error *e);

/* Waits for what was given; NULL is fine. */
void wb_worker_free(struct wb_worker **w);

/* The slot that is filled next. Not while wb_worker_is_full. */
unsigned wb_worker_next(const struct wb_worker *w);
/* Every slot was given and not yet taken; none was. */
bool wb_worker_is_full(const struct wb_worker *w);
bool wb_worker_is_empty(const struct wb_worker *w);

/* Hands that slot over. */
void wb_worker_give(struct wb_worker *w);
/* The oldest slot that was given, once its work is done. Not while wb_worker_is_empty.
 */
unsigned wb_worker_take(struct wb_worker *w);

/* Test seam: while true, no thread is made. */
extern bool wb_worker_alone;

#endif
