/* vault/report/page.h - a page of HTML from text that nobody vouches for. */
#ifndef WB_REPORT_PAGE_H
#define WB_REPORT_PAGE_H

#include "../base/buf.h"

/* One self-contained document (HTML Living Standard): no script, nothing fetched, one
 * style sheet, allowed by its hash in a Content-Security-Policy (CSP Level 3, section
 * 2.3) that forbids all else. All functions append to a buffer whose failure sticks
 * (buf.h). `size` counts bytes of UTF-8. */
enum { WB_PAGE_BYTES_MAX = 1 << 30 };

/* Doctype, head, and the beginning of the body. `title`, our own words or a record's,
 * is what a browser shows for it. */
void wb_page_begin(struct wb_buf *out, const char *title);
void wb_page_end(struct wb_buf *out);

/* Text that cannot become markup, nor turn the reading direction of its surroundings:
 * control and bidirectional characters are written out (text.h), line feeds stay. */
void wb_page_text(struct wb_buf *out, const char *text, size_t size);
/* The same as an element whose direction follows its first letter: "p", "td". */
void wb_page_put(
    struct wb_buf *out, const char *element, const char *text, size_t size);
/* Our own words, a heading or a remark, in the language of the process. */
void wb_page_say(struct wb_buf *out, const char *element, const char *words);

#endif
