/* vault/base/progress.h - how far something long is, for whoever watches. */
#ifndef WB_BASE_PROGRESS_H
#define WB_BASE_PROGRESS_H

#include <witnessbox/progress.h>

/* Something of `total` bytes begins (0: nobody knows how many). */
void wb_progress_begin(uint64_t total);
/* The same, counted in what `what` says; a constant. */
void wb_progress_begin_of(uint64_t total, const char *what);
/* So many more of it are done. */
void wb_progress_add(uint64_t more);

#endif
