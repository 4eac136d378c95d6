/* vault/query/id_scan.h - ids of records in running text. */
#ifndef WB_QUERY_ID_SCAN_H
#define WB_QUERY_ID_SCAN_H

#include "../store/store.h"

/* Calls `found` for each word of `text` that is the whole id of a record of this vault;
 * `name` is that id as text. One that cannot be looked up counts as one of ours. */
void wb_id_scan_text(struct wb_vault *v, const char *text, size_t size,
    void (*found)(void *cookie, const struct wb_id *id, const char *name),
    void *cookie);

#endif
