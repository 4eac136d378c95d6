/* vault/custody/lines.h - the lines of a file, one at a time, in flat memory. */
#ifndef WB_CUSTODY_LINES_H
#define WB_CUSTODY_LINES_H

#include "../base/buf.h"

struct wb_lines {
    int fd;         /* borrowed, read from its current position */
    uint8_t *bytes; /* owned */
    size_t at, got;
    bool ended;
    struct wb_buf line; /* the line at hand, without its end */
    uint64_t number;    /* of it, from 1 */
};

/* `most` bytes a line. Ended with wb_lines_wipe, also after an error. */
WB_CHECKED enum wb_status wb_lines_init(
    struct wb_lines *l, int fd, size_t most, struct wb_error *e);
void wb_lines_wipe(struct wb_lines *l);

/* The next line; `*found` is false at the end of the file. The last one needs no line
 * feed. LIMIT names a line that is too long; IO. */
WB_CHECKED enum wb_status wb_lines_next(
    struct wb_lines *l, bool *found, struct wb_error *e);

#endif
