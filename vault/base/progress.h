/* vault/base/progress.h - how far something long is, for whoever watches. */
#ifndef WB_BASE_PROGRESS_H
#define WB_BASE_PROGRESS_H

#include <witnessbox/progress.h>

/* Something of `total` bytes begins (0: nobody knows how many). */
void wb_progress_begin(uint64_t total);
/* So many bytes more of it are done. */
void wb_progress_add(uint64_t bytes);

#endif
