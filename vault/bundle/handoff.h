/* vault/bundle/handoff.h - what a vault keeps of a bundle that left. */
#ifndef WB_BUNDLE_HANDOFF_H
#define WB_BUNDLE_HANDOFF_H

#include "address.h"
#include "plan.h"

/* One change: a private handoff record and an export entry in the log. A bundle of more
 * records than wb_handoff_records leaves several of both, each with its share. */
WB_CHECKED enum wb_status wb_handoff_record(struct wb_vault *v,
    const struct wb_plan *plan, const struct wb_address *to, const struct wb_info *info,
    const uint8_t file_hash[static WB_HASH_BYTES], struct wb_error *e);

/* Test seam: 50,000, which keeps the record and the entry below their limits. */
extern size_t wb_handoff_records;

#endif
