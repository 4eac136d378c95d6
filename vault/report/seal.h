/* vault/report/seal.h - what ties a page to the vault: roots, log head, how to check.
 */
#ifndef WB_REPORT_SEAL_H
#define WB_REPORT_SEAL_H

#include "page.h"
#include "set.h"

/* The record's id, revision and root, the root as a QR code too. */
WB_CHECKED enum wb_status wb_seal_record(
    struct wb_buf *out, const struct wb_record *r, struct wb_error *e);

/* The newest checkpoint of the log as it stands, and what it proves. */
WB_CHECKED enum wb_status wb_seal_log(
    struct wb_buf *out, struct wb_vault *v, struct wb_error *e);

/* When the page was made, under which purpose, and that it is no longer encrypted. */
void wb_seal_notice(struct wb_buf *out, const struct wb_report_request *request);

/* Lines to sign on; the list ends with NULL. */
void wb_seal_signatures(struct wb_buf *out, const char *const *who);

#endif
