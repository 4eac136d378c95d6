/* vault/custody/detail.h - the detail of a log entry: lines "name value". */
#ifndef WB_CUSTODY_DETAIL_H
#define WB_CUSTODY_DETAIL_H

#include "change.h"

/* Appends the lines in the order of store FORMAT.md section 9. `clock` is what there is
 * to say of the device's clock, or NULL; `d` may be NULL. */
void wb_detail_write(struct wb_buf *out, const char *actor, const char *clock,
    const struct wb_detail *d);

#endif
