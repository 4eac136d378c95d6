/* vault/report/set.h - the records of a report, each as a bundle would carry it. */
#ifndef WB_REPORT_SET_H
#define WB_REPORT_SET_H

#include <witnessbox/report.h>

#include "../bundle/unlink.h"

/* Owned records in the order of their saving. What consent or level withholds is closed
 * in them already: whoever renders them cannot say too much. */
struct wb_set {
    struct wb_buf list; /* of struct wb_record * */
    enum wb_level level;
    bool unlinked;                 /* a page that nothing may lead back from */
    char time[WB_TIME_TEXT_BYTES]; /* as the page says */
    struct wb_buf roots;        /* of the revisions as they are stored, for the log */
    struct wb_buf copies;       /* unlinked: which are in the list; else empty */
    const struct wb_set *whole; /* of which this is a part that borrows, or NULL */
};

void wb_set_init(struct wb_set *s);
void wb_set_wipe(struct wb_set *s);

/* Plans as an export of the record and all that belongs to it, and opens what would go;
 * the record itself must be of `kind`. Errors  USAGE another kind | as wb_export */
WB_CHECKED enum wb_status wb_set_gather(struct wb_set *s, struct wb_vault *v,
    const struct wb_report_request *request, const char *kind, struct wb_error *e);

/* Opens what of a plan goes. */
WB_CHECKED enum wb_status wb_set_take(struct wb_set *s, struct wb_vault *v,
    const struct wb_plan *plan, struct wb_error *e);

/* A part of `whole`: the records whose place in `goes` is true, one place for each of
 * the whole. It is wiped before that. Errors MEMORY */
WB_CHECKED enum wb_status wb_set_part(
    struct wb_set *s, const struct wb_set *whole, const bool *goes, struct wb_error *e);

size_t wb_set_count(const struct wb_set *s);
struct wb_record *wb_set_at(const struct wb_set *s, size_t index);
/* By its id in the vault or in the list. NULL: not of this report; in a part the whole
 * is looked through. */
struct wb_record *wb_set_find(const struct wb_set *s, const struct wb_id *id);
/* Whether a reference of that field names the record. */
bool wb_set_refers(
    const struct wb_record *r, const char *field, const struct wb_id *id);

/* Appends what a record is called here: its title, or its pseudonym where the name is
 * withheld, or kind and beginning of the id (without ids: the kind). Not escaped. */
void wb_set_call(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r);

/* Whether ids and roots may stand on the page. */
bool wb_set_has_ids(const struct wb_set *s);

#endif
