/* vault/record/sheet.h - the inside of a sheet, and its bytes (vault/store/FORMAT.md
 * section 13). */
#ifndef WB_RECORD_SHEET_H
#define WB_RECORD_SHEET_H

#include <witnessbox/sheet.h>

#include "record.h"

struct wb_sheet_item {
    struct wb_id id;
    struct wb_draft *draft;
};

struct wb_sheet {
    uint64_t row; /* of its draft; 0: not sealed yet */
    int64_t begun, sealed;
    uint32_t place;
    struct wb_buf typed;
    size_t count;
    struct wb_sheet_item items[WB_SHEET_MAX];
};

/* As wb_sheet_add, under an id that is there already. */
WB_CHECKED enum wb_status wb_sheet_add_as(
    struct wb_sheet *s, const char *kind, const struct wb_id *id, struct wb_error *e);

/* The plaintext of row `row`, padded, onto `out`. */
void wb_sheet_encode(struct wb_buf *out, const struct wb_sheet *s, uint64_t row);

/* Reads it whole. Errors  FORMAT | TOO_NEW a version, kind or field that is not known
 * here | MEMORY */
WB_CHECKED enum wb_status wb_sheet_decode(struct wb_sheet **s, const uint8_t *bytes,
    size_t size, uint64_t row, struct wb_error *e);

/* The most that a sheet takes, sealed: a record at its limit, and a paragraph. */
#define WB_SHEET_BYTES_MAX (79u * 1024 * 1024)

#endif
