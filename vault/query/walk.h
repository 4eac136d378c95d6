/* vault/query/walk.h - every record once, from the rows themselves. */
#ifndef WB_QUERY_WALK_H
#define WB_QUERY_WALK_H

#include <witnessbox/query.h>

/* Who is told; `damaged` may be NULL. An answer of `record` other than WB_OK ends the
 * walk. It may change its record. */
struct wb_walk {
    enum wb_status (*record)(void *cookie, struct wb_record *r, struct wb_error *e);
    /* `where`: the id, or "row N" where not even that is known. */
    void (*damaged)(void *cookie, const char *where, const char *what);
    void *cookie;
};

/* Calls for every record, as wb_record_load gives it, in the order in which their first
 * revisions were stored, private kinds too. One that cannot be opened is told to
 * `damaged` and never blocks the others. Each record is freed after its call. */
WB_CHECKED enum wb_status wb_walk(
    struct wb_vault *v, const struct wb_walk *w, struct wb_error *e);

#endif
