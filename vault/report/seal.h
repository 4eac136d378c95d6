/* vault/report/seal.h - what ties a page to the vault: roots, log head, how to check.
 */
#ifndef WB_REPORT_SEAL_H
#define WB_REPORT_SEAL_H

#include "page.h"
#include "set.h"

/* A record's id, revision and root in one line; nothing on a page that may not be tied
 * to a vault. */
void wb_seal_line(
    struct wb_buf *out, const struct wb_set *s, const struct wb_record *r);

/* What the page can be held against, as far as its level lets it: the root of its
 * record, as a QR code too, and (named) the newest checkpoint of the log. */
WB_CHECKED enum wb_status wb_seal_put(struct wb_buf *out, struct wb_vault *v,
    const struct wb_set *s, const struct wb_record *r, struct wb_error *e);

/* When the page was made, under which purpose and level, and that it is no longer
 * encrypted. */
void wb_seal_notice(struct wb_buf *out, const struct wb_set *s,
    const struct wb_report_request *request);

/* The same on a page that goes in a bundle, and how to see who signed it. */
void wb_seal_notice_bundle(
    struct wb_buf *out, const struct wb_set *s, const struct wb_plan *plan);

/* Lines to sign on; the list ends with NULL. */
void wb_seal_signatures(struct wb_buf *out, const char *const *who);

#endif
