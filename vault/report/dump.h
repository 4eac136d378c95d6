/* vault/report/dump.h - one record as text, in either form. */
#ifndef WB_REPORT_DUMP_H
#define WB_REPORT_DUMP_H

#include <witnessbox/dump.h>

#include "../record/record.h"

/* What was withheld is left out in both forms: the caller withholds first. */

/* Appends the line of a record of a known kind. */
void wb_dump_jsonl(struct wb_buf *out, const struct wb_record *r);

/* What a record is called by others that name it: its title, or else its pseudonym or
 * kind, and the beginning of its id, so that no two are called the same. */
void wb_dump_title(struct wb_buf *out, const struct wb_record *r);

/* Who says what a record that is referred to is called. */
struct wb_dump_titles {
    enum wb_status (*add)(
        void *cookie, struct wb_buf *out, const struct wb_id *id, struct wb_error *e);
    void *cookie;
};

/* The names of the columns of a kind, then a row. */
void wb_dump_csv_head(struct wb_buf *out, const struct wb_kind *kind);
WB_CHECKED enum wb_status wb_dump_csv_row(struct wb_buf *out, const struct wb_record *r,
    const struct wb_dump_titles *titles, struct wb_error *e);

#endif
