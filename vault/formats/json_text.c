/* vault/formats/json_text.c - a JSON string, for programs. */
#include <witnessbox/text.h>

#include "json.h"

/* The longest escape is \u00xx for one byte; two quotes. */
enum { ESCAPE_BYTES = 6, QUOTES = 2 };

char *
wb_text_json(const char *text, size_t size)
{
    struct wb_json_out o;
    struct wb_buf out;
    char *answer = NULL;

    wb_buf_init(&out, size < SIZE_MAX / 16 ? ESCAPE_BYTES * size + QUOTES : 0);
    wb_json_out_init(&o, &out);
    o.shown = true;
    wb_json_string(&o, text, size);
    (void)wb_buf_text(&out);
    if (wb_buf_check(&out, NULL) == WB_OK)
        answer = (char *)wb_buf_take(&out, &size);
    wb_buf_wipe(&out);
    return answer;
}
