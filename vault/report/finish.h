/* vault/report/finish.h - what every report does around its own pages. */
#ifndef WB_REPORT_FINISH_H
#define WB_REPORT_FINISH_H

#include "page.h"
#include "set.h"

/* Checks the log, gathers the records, lets `render` write the page, leaves the log
 * entry; only then is anything given out. `kind` is that of the record asked for. */
WB_CHECKED enum wb_status wb_finish(struct wb_vault *v,
    const struct wb_report_request *request, const char *kind,
    enum wb_status (*render)(struct wb_buf *out, struct wb_vault *v,
        const struct wb_set *s, const struct wb_report_request *request,
        struct wb_error *e),
    char **html, struct wb_error *e);

/* Appends what the log says of names that are kept, "name kept, ID: REASON; ..." with a
 * NUL behind it; nothing where there are none. For a dump too. */
void wb_finish_reason(
    struct wb_buf *out, const struct wb_exception *names, size_t count);

#endif
