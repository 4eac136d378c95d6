/* vault/formats/json.c - JSON written in one canonical form. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/text.h"

void
wb_json_out_init(struct wb_json_out *o, struct wb_buf *buf)
{
    *o = (struct wb_json_out){.buf = buf};
}

/* What stands in front of every value and name. */
static void
separate(struct wb_json_out *o)
{
    if (o->comma)
        wb_buf_add(o->buf, ",", 1);
    o->comma = true;
}

static void
begin(struct wb_json_out *o, const char *bracket)
{
    separate(o);
    wb_buf_add(o->buf, bracket, 1);
    o->comma = false;
}

static void
end(struct wb_json_out *o, const char *bracket)
{
    wb_buf_add(o->buf, bracket, 1);
    o->comma = true;
}

void
wb_json_object(struct wb_json_out *o)
{
    begin(o, "{");
}

void
wb_json_object_end(struct wb_json_out *o)
{
    end(o, "}");
}

void
wb_json_array(struct wb_json_out *o)
{
    begin(o, "[");
}

void
wb_json_array_end(struct wb_json_out *o)
{
    end(o, "]");
}

/* How many bytes from `at` are written as an escape, and as which; 0 for none. */
static size_t
escaped(const struct wb_json_out *o, const uint8_t *at, size_t left, char escape[7])
{
    uint32_t code = at[0];
    size_t taken = 1;

    if (code == '"' || code == '\\')
        (void)snprintf(escape, 7, "\\%c", (char)code);
    else if (code < 0x20 ||
        (o->shown && code >= 0x7f && (taken = wb_text_control(at, left, &code)) > 0))
        (void)snprintf(escape, 7, "\\u%04x", (unsigned)code);
    else
        return 0;
    return taken;
}

void
wb_json_string(struct wb_json_out *o, const void *text, size_t size)
{
    const uint8_t *at = text;
    size_t plain = 0, taken; /* plain: where the run of bytes as they are began */
    char escape[7];

    if (o->buf->failed == WB_OK)
        o->buf->failed = wb_text_check(text, size, NULL);
    separate(o);
    wb_buf_add(o->buf, "\"", 1);
    for (size_t i = 0; i<size; i += taken> 0 ? taken : 1) {
        taken = escaped(o, at + i, size - i, escape);
        if (taken == 0)
            continue;
        wb_buf_add(o->buf, at + plain, i - plain);
        wb_buf_add_text(o->buf, escape);
        plain = i + taken;
    }
    if (size > plain)
        wb_buf_add(o->buf, at + plain, size - plain);
    wb_buf_add(o->buf, "\"", 1);
}

void
wb_json_text(struct wb_json_out *o, const char *text)
{
    wb_json_string(o, text, strlen(text));
}

void
wb_json_key(struct wb_json_out *o, const char *key)
{
    wb_json_text(o, key);
    wb_buf_add(o->buf, ":", 1);
    o->comma = false;
}

void
wb_json_hex(struct wb_json_out *o, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    char digits[3];

    separate(o);
    wb_buf_add(o->buf, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        wb_hex_encode(digits, at + i, 1);
        wb_buf_add(o->buf, digits, 2);
    }
    wb_buf_add(o->buf, "\"", 1);
}

void
wb_json_number(struct wb_json_out *o, uint64_t value)
{
    separate(o);
    wb_buf_print(o->buf, "%" PRIu64, value);
}

void
wb_json_bool(struct wb_json_out *o, bool value)
{
    separate(o);
    wb_buf_add_text(o->buf, value ? "true" : "false");
}
