/* vault/bundle/unlink.h - copies of records that nothing ties to their originals. */
#ifndef WB_BUNDLE_UNLINK_H
#define WB_BUNDLE_UNLINK_H

#include "plan.h"

/* Whether nothing of what goes may lead back: for publication, and at level anonymous.
 */
bool wb_unlink_wanted(const char *purpose, enum wb_level level);

/* What a record is where nothing may lead to it: in one unlinkable bundle or dump. */
struct wb_copy {
    struct wb_id of; /* the original, as it is stored */
    uint8_t of_root[WB_ROOT_BYTES];
    struct wb_id id;
    uint8_t seed[WB_SEED_BYTES];
};

/* Makes a copy of every record of the plan, after what may not go was taken out of it:
 * from then on the plan has their ids and roots, and wb_outgoing_open opens them. */
WB_CHECKED enum wb_status wb_unlink_plan(
    struct wb_plan *p, struct wb_vault *v, struct wb_error *e);

/* A list of copies, of struct wb_copy: each drawn, then all settled, then found by the
 * original; NULL without one. Errors MEMORY, LIMIT */
void wb_copies_draw(struct wb_buf *copies, const struct wb_id *of,
    const uint8_t of_root[static WB_ROOT_BYTES]);
WB_CHECKED enum wb_status wb_copies_settle(struct wb_buf *copies, struct wb_error *e);
const struct wb_copy *wb_copies_find(
    const struct wb_buf *copies, const struct wb_id *of);

/* What a record of the plan is here. */
void wb_unlink_original(const struct wb_plan_record *record, struct wb_id *id,
    uint8_t root[static WB_ROOT_BYTES]);

/* Turns a record, as it would leave, into its copy (bundle FORMAT.md section 4). What
 * is closed in it opens to nothing. Errors MEMORY; it is then only fit for
 * wb_record_free */
WB_CHECKED enum wb_status wb_unlink_record(struct wb_record *r,
    const struct wb_buf *copies, const struct wb_copy *copy, struct wb_error *e);

#endif
