/* vault/bundle/redact.h - fields and paragraphs that stay behind when a record leaves.
 */
#ifndef WB_BUNDLE_REDACT_H
#define WB_BUNDLE_REDACT_H

#include "../record/record.h"

/* What to withhold: "FIELD" or, of a list, "FIELD.N" with N from 1, of the records that
 * were asked for by id; or "ID:FIELD.N" of that record alone. Borrowed. */
struct wb_redaction {
    const char *const *items;
    size_t count;
};

/* Closes what is named in a record, and then all its empty places (bundle FORMAT.md
 * section 4); `named`: it was asked for by id. An attachment's size goes with its hash.
 * A record whose kind has none of the fields stays as it is. `used` (one flag for each
 * item) is set where an item fits. USAGE for what is no field, VALUE for a paragraph
 * that is not there; the record is then only fit for wb_record_free. */
WB_CHECKED enum wb_status wb_redact(struct wb_record *r, const struct wb_redaction *how,
    bool named, bool *used, struct wb_error *e);

#endif
