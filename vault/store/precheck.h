/* vault/store/precheck.h - a vault file looked at before SQLite may touch it. */
#ifndef WB_STORE_PRECHECK_H
#define WB_STORE_PRECHECK_H

#include "header.h"

/* Demands of the file and of what lies beside it everything that FORMAT.md section 2
 * lists under "Before SQLite sees the file". Reads only; leaves no descriptor open.
 * Statuses FORMAT, TOO_NEW, LIMIT, INTEGRITY (something beside it); NOT_FOUND, USAGE,
 * IO of opening. */
WB_CHECKED enum wb_status wb_precheck(
    struct wb_header *h, const char *path, struct wb_error *e);

/* The header blob inside page 2, as SQLite's b-tree lays it out (a leaf with one cell).
 * Pure. */
WB_CHECKED enum wb_status wb_precheck_page(uint8_t header[static WB_HEADER_BYTES],
    const uint8_t page[static 16384], struct wb_error *e);

/* The start and the end of a rollback journal: `head` are its first `size` bytes (at
 * most 512), `tail` its last 8. Pure. */
WB_CHECKED enum wb_status wb_precheck_journal(
    const uint8_t *head, size_t size, const uint8_t tail[static 8], struct wb_error *e);

#endif
