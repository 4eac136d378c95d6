/* vault/query/ties.h - which persons a record speaks of, and which its incident does.
 */
#ifndef WB_QUERY_TIES_H
#define WB_QUERY_TIES_H

#include "../base/buf.h"
#include "../record/record.h"

/* References of a vault as pairs of ids, 32 bytes each. Starts with wb_ties_init. */
struct wb_ties {
    struct wb_buf people; /* record -> record it refers to, of kind person or any */
    struct wb_buf parts;  /* whole -> part */
    struct wb_buf wholes; /* part -> whole */
    struct wb_buf faces;  /* person -> evidence that shows them */
};

void wb_ties_init(struct wb_ties *t);
void wb_ties_wipe(struct wb_ties *t);

/* Adds the references of a revision. */
void wb_ties_add(struct wb_ties *t, const struct wb_record *r);

/* Once all are there. Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_ties_settle(struct wb_ties *t, struct wb_error *e);

/* Appends to `out` (of struct wb_id, sorted, each once) `ids` and what the records of
 * them speak of, with all their parts; with `up` also what they are parts of, and all
 * parts of that. Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_ties_around(const struct wb_ties *t, struct wb_buf *out,
    const struct wb_id *ids, size_t count, bool up, struct wb_error *e);

/* Adds to `ids` (of struct wb_id; sorted, each once) the evidence that shows one of
 * them, and all parts of either. Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_ties_below(
    const struct wb_ties *t, struct wb_buf *ids, struct wb_error *e);

/* Whether a list that wb_ties_around or wb_ties_below made has an id. */
bool wb_ties_has(const struct wb_buf *ids, const struct wb_id *id);

#endif
