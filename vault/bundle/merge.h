/* vault/bundle/merge.h - the same revision from two bundles: what each withheld of it.
 */
#ifndef WB_BUNDLE_MERGE_H
#define WB_BUNDLE_MERGE_H

#include "../record/record.h"

/* What another bundle with the same root adds to a revision that is here. */
struct wb_gain {
    bool opened; /* places or values that were closed here */
    bool proved; /* proofs, where it came without */
    bool known;  /* it came from a sender who is better known */
    bool filed;  /* the bytes of an attachment that is not here */
};
bool wb_gain_any(const struct wb_gain *g);

/* Opens in `here` what `more` has open, whose memory it then borrows: `more` is freed
 * after it. A revision of ours has nothing to gain. Both have the same root, so that
 * every opening fits its place; one that does not is WB_ERR_INTEGRITY, and `here` is
 * then only fit to be freed. `trust` is that of the other bundle. */
WB_CHECKED enum wb_status wb_merge(struct wb_gain *g, struct wb_record *here,
    const struct wb_record *more, uint8_t trust, struct wb_error *e);

#endif
