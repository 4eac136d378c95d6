/* vault/base/worker.c - a ring between two threads: given, done, taken. */
#include "worker.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

#include <witnessbox/text.h>

#include "fail.h"
#include "mem.h"

bool wb_worker_alone;

struct wb_worker {
    void (*work)(void *cookie, unsigned slot);
    void *cookie;
    unsigned slots;
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* of the members below */
    pthread_cond_t moved; /* one of them has changed */
    uint64_t given, done; /* how many so far */
    bool over;
    uint64_t taken; /* only the caller looks at it */
};

static void *
run(void *cookie)
{
    struct wb_worker *w = cookie;

    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->done == w->given && !w->over)
            (void)pthread_cond_wait(&w->moved, &w->lock);
        if (w->done == w->given)
            break;
        (void)pthread_mutex_unlock(&w->lock);
        w->work(w->cookie, (unsigned)(w->done % w->slots));
        (void)pthread_mutex_lock(&w->lock);
        w->done++;
        (void)pthread_cond_signal(&w->moved);
    }
    (void)pthread_mutex_unlock(&w->lock);
    wb_stack_wipe(); /* it outlives the thread, with what was worked on */
    return NULL;
}

/* Signals are for the first thread, which cleans up. */
static bool
start(struct wb_worker *w)
{
    sigset_t all, before;
    int rc;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&w->thread, NULL, run, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0;
}

enum wb_status
wb_worker_new(struct wb_worker **w, unsigned slots,
    void (*work)(void *cookie, unsigned slot), void *cookie, struct wb_error *e)
{
    struct wb_worker *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    made->work = work;
    made->cookie = cookie;
    made->slots = slots;
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->moved, NULL);
    made->threaded = !wb_worker_alone && start(made);
    *w = made;
    return WB_OK;
}

void
wb_worker_free(struct wb_worker **w)
{
    if (*w == NULL)
        return;
    if ((*w)->threaded) {
        (void)pthread_mutex_lock(&(*w)->lock);
        (*w)->over = true;
        (void)pthread_cond_signal(&(*w)->moved);
        (void)pthread_mutex_unlock(&(*w)->lock);
        (void)pthread_join((*w)->thread, NULL);
    }
    (void)pthread_cond_destroy(&(*w)->moved);
    (void)pthread_mutex_destroy(&(*w)->lock);
    wb_mem_free(*w);
    *w = NULL;
}

/* `given` is written by the caller alone, so that he may read it without the lock. */
unsigned
wb_worker_next(const struct wb_worker *w)
{
    return (unsigned)(w->given % w->slots);
}

bool
wb_worker_is_full(const struct wb_worker *w)
{
    return w->given - w->taken == w->slots;
}

bool
wb_worker_is_empty(const struct wb_worker *w)
{
    return w->given == w->taken;
}

void
wb_worker_give(struct wb_worker *w)
{
    assert(!wb_worker_is_full(w));
    if (!w->threaded)
        w->work(w->cookie, wb_worker_next(w));
    (void)pthread_mutex_lock(&w->lock);
    w->given++;
    (void)pthread_cond_signal(&w->moved);
    (void)pthread_mutex_unlock(&w->lock);
}

unsigned
wb_worker_take(struct wb_worker *w)
{
    assert(!wb_worker_is_empty(w));
    (void)pthread_mutex_lock(&w->lock);
    while (w->threaded && w->done == w->taken)
        (void)pthread_cond_wait(&w->moved, &w->lock);
    (void)pthread_mutex_unlock(&w->lock);
    return (unsigned)(w->taken++ % w->slots);
}
