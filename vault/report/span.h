/* vault/report/span.h - a timeline: what happened, each with the days it may have been.
 */
#ifndef WB_REPORT_SPAN_H
#define WB_REPORT_SPAN_H

#include "../formats/edtf.h"
#include "page.h"

/* One thing that happened. Texts are borrowed. */
struct wb_span {
    struct wb_edtf date;
    const char *words; /* the date in the source's own words, or "" */
    const char *what;
    const char *kind; /* act, statement ... */
};

/* Appends the spans, sorted here by their dates, as a list; under each a bar (SVG) of
 * the days that its date allows, on one axis for all; months or years are marked. An
 * end that is open or unknown is drawn to the end of the axis in another shade, and
 * said in words. Nothing is appended for no spans. */
void wb_span_put(struct wb_buf *out, struct wb_span *spans, size_t count);

#endif
