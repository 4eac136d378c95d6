/* include/witnessbox/progress.h - how far something long is. */
#ifndef WITNESSBOX_PROGRESS_H
#define WITNESSBOX_PROGRESS_H

#include <stdint.h>

#include "error.h"

/* `done` of `total`, which is 0 where it is not known: bytes, or what `what` says. May
 * be called often, seldom or never, in the thread that asked for the work. */
struct wb_progress {
    void (*tell)(void *cookie, uint64_t done, uint64_t total, const char *what);
    void *cookie;
};

/* Files on their way in and out (attach, extract, import, export, load, backup)
 * tell whoever watches how many bytes are done, the index how many entries it has read,
 * walks (dump, withdraw) how many revisions; 0 begins another one. One for the process,
 * borrowed; NULL: nobody looks. */
WB_API void wb_progress_watch(const struct wb_progress *progress);

#endif
