/* vault/custody/open.h - how far opening a row came, for verify. */
#ifndef WB_CUSTODY_OPEN_H
#define WB_CUSTODY_OPEN_H

#include "change.h"

/* The step that a failed opening did not pass. */
enum wb_open_stage { WB_OPEN_WRAP, WB_OPEN_BODY, WB_OPEN_LOOKUP, WB_OPEN_ENTRY };

/* wb_custody_open_row, saying in *stage where it stopped. */
WB_CHECKED enum wb_status wb_open_staged(struct wb_vault *v, struct wb_record **r,
    uint64_t row, enum wb_open_stage *stage, struct wb_error *e);

#endif
