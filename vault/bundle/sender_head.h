/* vault/bundle/sender_head.h - the head of its sender's log that a bundle brings. */
#ifndef WB_BUNDLE_SENDER_HEAD_H
#define WB_BUNDLE_SENDER_HEAD_H

#include "report.h"

/* Holds the checkpoint of bag-info, which the card's key has signed, against the heads
 * that are kept of that log: fills report->head. Only for a contact's log under the key
 * that is known of it; whatever a stranger claims is held against nothing. */
WB_CHECKED enum wb_status wb_sender_head_judge(struct wb_bundle_report *report,
    struct wb_vault *v, const struct wb_logs *logs, struct wb_error *e);

/* INTEGRITY where it is of another history than a head that is kept. */
WB_CHECKED enum wb_status wb_sender_head_check(
    const struct wb_bundle_report *report, struct wb_error *e);

/* Keeps it where it is newer than all of them. In a transaction. */
WB_CHECKED enum wb_status wb_sender_head_keep(
    const struct wb_bundle_report *report, struct wb_vault *v, struct wb_error *e);

#endif
