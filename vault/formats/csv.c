/* vault/formats/csv.c - comma-separated values, RFC 4180, safe to open in a
 * spreadsheet. */
#include "csv.h"

#include <string.h>

bool
wb_csv_is_formula(const char *text, size_t size)
{
    return size > 0 && memchr("=+-@\t\r", text[0], 6) != NULL;
}

static bool
needs_quotes(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (memchr("\",\r\n", text[i], 4) != NULL)
            return true;
    return size > 0 && (text[0] == ' ' || text[size - 1] == ' ');
}

void
wb_csv_cell(struct wb_buf *out, bool first, const void *text, size_t size)
{
    const char *at = text, *end = at + size, *quote;
    bool quoted = needs_quotes(at, size);

    if (!first)
        wb_buf_add_text(out, ",");
    if (quoted)
        wb_buf_add_text(out, "\"");
    if (wb_csv_is_formula(at, size))
        wb_buf_add_text(out, "'");
    while (quoted && (quote = memchr(at, '"', (size_t)(end - at))) != NULL) {
        wb_buf_add(out, at, (size_t)(quote - at));
        wb_buf_add_text(out, "\"\"");
        at = quote + 1;
    }
    wb_buf_add(out, at, (size_t)(end - at));
    if (quoted)
        wb_buf_add_text(out, "\"");
}

void
wb_csv_end(struct wb_buf *out)
{
    wb_buf_add_text(out, "\r\n");
}
