/* vault/base/progress.c - how far something long is, for whoever watches. */
#include "progress.h"

#include <stddef.h>

static const struct wb_progress *watch;
static uint64_t done, total;

void
wb_progress_watch(const struct wb_progress *progress)
{
    watch = progress;
}

void
wb_progress_begin(uint64_t bytes)
{
    done = 0;
    total = bytes;
    wb_progress_add(0);
}

void
wb_progress_add(uint64_t bytes)
{
    done += bytes;
    if (watch != NULL)
        watch->tell(watch->cookie, done, total);
}
