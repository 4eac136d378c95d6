/* vault/record/record_json.h - the names of places in JSON; for the reader only. */
#ifndef WB_RECORD_RECORD_JSON_H
#define WB_RECORD_RECORD_JSON_H

#include "../formats/json.h"
#include "record.h"

/* The name that the sender gave each place, once the record is settled: of a field
 * known here the table's, or field-N from a sender who did not know it; of one that a
 * newer sender knows whatever looks like a name, but not `origin`
 * (vault/bundle/FORMAT.md section 4). out  names  one for each place; the array lives
 * as long as the record, the texts as long as `root` Errors  FORMAT naming the place |
 * MEMORY */
WB_CHECKED enum wb_status wb_record_names_take(const char ***names, struct wb_record *r,
    const struct wb_json *root, struct wb_error *e);

/* Exchanges the names of the places with those of the list: the sender's while what he
 * wrote is compared, ours before and afterwards. */
void wb_record_names_swap(struct wb_record *r, const char **names);

#endif
