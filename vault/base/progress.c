/* vault/base/progress.c - how far something long is, for whoever watches. */
#include "progress.h"

#include <stddef.h>

static const struct wb_progress *watch;
static uint64_t done, total;
static const char *counted; /* NULL: bytes */

void
wb_progress_watch(const struct wb_progress *progress)
{
    watch = progress;
}

void
wb_progress_begin_of(uint64_t whole, const char *what)
{
    done = 0;
    total = whole;
    counted = what;
    wb_progress_add(0);
}

void
wb_progress_begin(uint64_t bytes)
{
    wb_progress_begin_of(bytes, NULL);
}

void
wb_progress_add(uint64_t more)
{
    done += more;
    if (watch != NULL)
        watch->tell(watch->cookie, done, total, counted);
}
