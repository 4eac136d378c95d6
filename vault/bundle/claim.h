/* vault/bundle/claim.h - which file an evidence record stands for. */
#ifndef WB_BUNDLE_CLAIM_H
#define WB_BUNDLE_CLAIM_H

#include "../record/record.h"

struct wb_claim {
    bool has; /* false: not evidence, an object without a file, or withheld */
    uint8_t sha256[32];
    uint64_t size;
};

/* Read by the field's number, so that the evidence of a newer schema is understood too.
 * FORMAT where the hash is open and is no hash, or comes without a size. */
WB_CHECKED enum wb_status wb_claim_read(
    struct wb_claim *c, const struct wb_record *r, struct wb_error *e);

#endif
