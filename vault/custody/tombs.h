/* vault/custody/tombs.h - what the log says was shredded. */
#ifndef WB_CUSTODY_TOMBS_H
#define WB_CUSTODY_TOMBS_H

#include "log.h"

/* One entry of the action shred. */
struct wb_tomb {
    struct wb_id id;
    uint8_t root[WB_ROOT_BYTES];
    uint64_t log_row;
};

/* All of them, by id. Started as {0}. */
struct wb_tombs {
    struct wb_buf entries;
    bool loaded;
};

/* One walk over the log; the second time it is done already. A damaged entry is passed
 * over: verify names it. */
WB_CHECKED enum wb_status wb_tombs_load(
    struct wb_tombs *t, struct wb_vault *v, struct wb_error *e);
void wb_tombs_wipe(struct wb_tombs *t);

/* The newest entry on this id, and on this root of it where that is not NULL; NULL
 * without one. Lives as long as the set. */
const struct wb_tomb *wb_tombs_find(
    const struct wb_tombs *t, const struct wb_id *id, const uint8_t *root);

/* Whether a record is only a tombstone: shredded, and no revision of it is stored
 * again. Loads the set when it has to. */
WB_CHECKED enum wb_status wb_tombs_cover(struct wb_tombs *t, struct wb_vault *v,
    bool *covered, const struct wb_id *id, struct wb_error *e);

#endif
