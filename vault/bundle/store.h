/* vault/bundle/store.h - pass 2 over a bundle: what is new is stored. */
#ifndef WB_BUNDLE_STORE_H
#define WB_BUNDLE_STORE_H

#include "../custody/change.h"
#include "report.h"

/* Reads the file again and stores what the report of pass 1 calls new, inside the
 * change. WB_ERR_INTEGRITY unless it decrypts to the very bytes of pass 1: nothing of
 * what was stored counts before that. Flat memory. */
WB_CHECKED enum wb_status wb_store_pass(struct wb_change *c,
    struct wb_bundle_report *report, const struct wb_source *from,
    struct wb_envelope_keys *keys, struct wb_error *e);

#endif
