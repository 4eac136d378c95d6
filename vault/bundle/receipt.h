/* vault/bundle/receipt.h - receipts: word that a bundle was taken in. */
#ifndef WB_BUNDLE_RECEIPT_H
#define WB_BUNDLE_RECEIPT_H

#include "handoff.h"

/* A receipt that came in a bundle, of which card and signer are known, against what
 * left this vault: refuses by the rows receipt-*. Other kinds are WB_OK. */
WB_CHECKED enum wb_status wb_receipt_check(struct wb_vault *v,
    const struct wb_record *r, const struct wb_bundle_report *report,
    struct wb_error *e);

/* POLICY where nobody could open a receipt for the bundle. */
WB_CHECKED enum wb_status wb_receipt_check_sender(
    const struct wb_bundle_report *report, struct wb_error *e);

/* Marks the handoff that a receipt is for, with the bundle that brought it. */
WB_CHECKED enum wb_status wb_receipt_mark(struct wb_change *c,
    const struct wb_record *r, const char *bundle, struct wb_error *e);

#endif
