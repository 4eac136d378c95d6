/* vault/custody/open.h - how far opening a row came, for verify. */
#ifndef WB_CUSTODY_OPEN_H
#define WB_CUSTODY_OPEN_H

#include "change.h"

/* The step that a failed opening did not pass. */
enum wb_open_stage {
    WB_OPEN_WRAP,     /* the wrap does not open */
    WB_OPEN_MOVED,    /* it is the wrap of another row */
    WB_OPEN_MISSING,  /* there is no body */
    WB_OPEN_BODY,     /* it does not open, or does not lead to its root */
    WB_OPEN_LOOKUP,   /* the id does not lead to it */
    WB_OPEN_OLDER,    /* the id leads to the same revision in a later row */
    WB_OPEN_UNKNOWN,  /* the log names another row there, or none */
    WB_OPEN_REPLACED, /* the log says something else of it */
};

/* What is known of a row that may not have opened. */
struct wb_opened {
    enum wb_open_stage stage;
    bool has_wrap;
    struct wb_wrap wrap;
    char kind[WB_KIND_NAME_MAX + 1]; /* "" where the body did not open */
    uint32_t revision;
};

/* wb_custody_open_row; `o` is filled as far as it came, on errors too. */
WB_CHECKED enum wb_status wb_open_staged(struct wb_vault *v, struct wb_record **r,
    uint64_t row, struct wb_opened *o, struct wb_error *e);

#endif
