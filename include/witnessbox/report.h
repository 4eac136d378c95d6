/* include/witnessbox/report.h - renditions for people: to read, to print, to sign. */
#ifndef WITNESSBOX_REPORT_H
#define WITNESSBOX_REPORT_H

#include "bundle.h"

/* Each answers one self-contained HTML document: no script, no outside resource, good
 * on a telephone, a screen and A4. What it may say is decided as for a bundle: the same
 * records, under the same consent, with the same places closed, and refused where a
 * text names somebody who stays unnamed (bundle.h, wb_export; WB_ERR_POLICY and its
 * reasons likewise); what consent keeps back is left out. For the purpose publication,
 * and at level anonymous, an incident and a statement have no id, root, origin and head
 * of this vault, nor more of the time than the day. It leaves a log entry
 * `report`. *html is freed with wb_text_free. WB_ERR_USAGE where the record is of
 * another kind. */
struct wb_report_request {
    struct wb_id id;
    const char *purpose; /* NULL: internal */
    const char *level;   /* identities go no further; NULL: named */
    /* Records whose texts, or persons whose names in texts, were looked at. */
    const struct wb_exception *keep_names;
    size_t keep_name_count;
    /* Told of every record, then of every name found; or NULL. */
    void (*tell)(void *cookie, const struct wb_plan_line *line);
    void *cookie;
};

/* An incident with all that belongs to it: the case, a timeline, who did what to whom,
 * statements in numbered paragraphs, evidence with hashes, consent, the log's head. */
WB_API WB_CHECKED enum wb_status wb_report_incident(struct wb_vault *v,
    const struct wb_report_request *request, char **html, struct wb_error *e);

/* The sheet that a witness checks and signs: numbered paragraphs, root in hexadecimal
 * and as a QR code, lines for signatures. */
WB_API WB_CHECKED enum wb_status wb_report_statement(struct wb_vault *v,
    const struct wb_report_request *request, char **html, struct wb_error *e);

/* What a qualified person certifies of an evidence item (wb_process_describe), and all
 * that the log and the custody records say of it, in one order. */
WB_API WB_CHECKED enum wb_status wb_report_custody(struct wb_vault *v,
    const struct wb_report_request *request, char **html, struct wb_error *e);

/* For wb_export_request.page: a page for a browser of all that goes into the bundle, an
 * incident after the other, made from the very records that go. WB_ERR_LIMIT more than
 * 5,000 records, or 64 MiB: nobody reads such a page. */
WB_API WB_CHECKED enum wb_status wb_report_page(struct wb_buf *page, struct wb_vault *v,
    const struct wb_plan *plan, struct wb_error *e);

#endif
