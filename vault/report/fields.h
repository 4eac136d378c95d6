/* vault/report/fields.h - a record's fields, as they are read by people. */
#ifndef WB_REPORT_FIELDS_H
#define WB_REPORT_FIELDS_H

#include "page.h"
#include "set.h"

/* Appends the fields that have a value: paragraphs numbered, references by what the
 * named record is called, withheld values marked. How many places are closed is said
 * once, because empty and withheld look alike. Fields named in `but` (NULL at its end;
 * or NULL) are left out. */
void wb_fields_put(struct wb_buf *out, const struct wb_set *s,
    const struct wb_record *r, const char *const *but);

/* An element with what the record is called in it. */
void wb_fields_heading(struct wb_buf *out, const char *element, const struct wb_set *s,
    const struct wb_record *r);

/* One value of one field, escaped; a reference as what it is called. */
void wb_fields_value(struct wb_buf *out, const struct wb_set *s,
    const struct wb_field *field, const struct wb_value_view *value);

/* All values of one field by name, with `; ` between; nothing where it has none. */
void wb_fields_line(struct wb_buf *out, const struct wb_set *s,
    const struct wb_record *r, const char *name);

/* Numbered paragraphs of a field of texts. */
void wb_fields_paragraphs(
    struct wb_buf *out, const struct wb_record *r, const char *name);

#endif
