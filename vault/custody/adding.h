/* vault/custody/adding.h - many new records on their way into a change. */
#ifndef WB_CUSTODY_ADDING_H
#define WB_CUSTODY_ADDING_H

#include "change.h"

/* Records are made by the caller's thread, committed to and sealed by a second one, and
 * written with their entries in the order in which they came: what the file gets is the
 * same, byte for byte, where there is no second thread. */
struct wb_adding;

/* Borrows the change. Freed with wb_adding_free, which drops what is still under way:
 * then the change is only fit to be rolled back. */
WB_CHECKED enum wb_status wb_adding_new(
    struct wb_adding **a, struct wb_change *c, struct wb_error *e);
void wb_adding_free(struct wb_adding **a);

/* Adds a record under an id that is new. The draft is checked, and what it refers to.
 * WB_OK: it is on its way; what fails later is the machine. */
WB_CHECKED enum wb_status wb_adding_add(struct wb_adding *a, const struct wb_draft *d,
    const struct wb_id *id, struct wb_error *e);
/* Writes what is still under way. */
WB_CHECKED enum wb_status wb_adding_end(struct wb_adding *a, struct wb_error *e);

#endif
