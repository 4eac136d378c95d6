/* vault/formats/csv.h - comma-separated values, RFC 4180, safe to open in a
 * spreadsheet. */
#ifndef WB_FORMATS_CSV_H
#define WB_FORMATS_CSV_H

#include "../base/buf.h"

/* What a spreadsheet would take for a formula: it begins with = + - @, a tab or a
 * carriage return. */
bool wb_csv_is_formula(const char *text, size_t size);

/* Appends one cell, with a comma in front of all but the first of a row. UTF-8 as it
 * is. Quoted where it holds a quote, a comma, a line end, or a space at an end. A
 * formula gets an apostrophe in front. */
void wb_csv_cell(struct wb_buf *out, bool first, const void *text, size_t size);

/* Ends the row: CR LF. */
void wb_csv_end(struct wb_buf *out);

#endif
