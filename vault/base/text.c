/* vault/base/text.c - UTF-8 checked, shown without surprises; hexadecimal. */
#include "text.h"

#include <string.h>
#include <utf8proc.h>

#include "fail.h"
#include "mem.h"

enum { SHOW_LINES = 1 };

/* The bytes of the next character and its code point, or 0 where it is not UTF-8. */
static size_t
next_character(const uint8_t *at, size_t left, int32_t *code)
{
    utf8proc_ssize_t taken =
        utf8proc_iterate(at, left > 4 ? 4 : (utf8proc_ssize_t)left, code);

    return taken < 0 ? 0 : (size_t)taken;
}

void
wb_text_copy(char *out, size_t room, const char *text)
{
    size_t size = strnlen(text, room - 1);

    while (size > 0 && ((uint8_t)text[size] & 0xc0) == 0x80) /* inside a character */
        size--;
    memcpy(out, text, size);
    out[size] = '\0';
}

enum wb_status
wb_text_check(const void *bytes, size_t size, struct wb_error *e)
{
    const uint8_t *at = bytes;
    int32_t code = 0;

    for (size_t i = 0; i < size;) {
        size_t taken;

        if (at[i] > 0 && at[i] < 0x80) { /* most bytes of most texts: no call */
            i++;
            continue;
        }
        taken = next_character(at + i, size - i, &code);
        if (taken == 0)
            return wb_fail(e, WB_ERR_VALUE, "byte %zu: not UTF-8", i + 1);
        if (code == 0)
            return wb_fail(e, WB_ERR_VALUE, "byte %zu: a zero character", i + 1);
        i += taken;
    }
    return WB_OK;
}

/* UAX #9 controls, and what else moves the cursor or hides: these never reach a
 * terminal. */
static bool
is_control(int32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x061c ||
        code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
        (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

size_t
wb_text_control(const void *at, size_t left, uint32_t *code)
{
    int32_t found = 0;
    size_t taken = next_character(at, left, &found);

    if (taken == 0 || !is_control(found))
        return 0;
    *code = (uint32_t)found;
    return taken;
}

static void
show(struct wb_buf *out, const uint8_t *at, size_t size, int flags)
{
    int32_t code = 0;

    for (size_t i = 0; i < size;) {
        size_t taken = next_character(at + i, size - i, &code);

        if (taken == 0) {
            wb_buf_print(out, "\\x%02x", at[i]);
            taken = 1;
        } else if (code == '\n' && (flags & SHOW_LINES) != 0)
            wb_buf_add(out, "\n", 1);
        else if (is_control(code))
            wb_buf_print(out, "\\u{%x}", (unsigned)code);
        else
            wb_buf_add(out, at + i, taken);
        i += taken;
    }
}

void
wb_text_show(struct wb_buf *out, const void *bytes, size_t size)
{
    show(out, bytes, size, 0);
}

void
wb_text_show_lines(struct wb_buf *out, const void *bytes, size_t size)
{
    show(out, bytes, size, SHOW_LINES);
}

size_t
wb_text_width(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    int32_t code = 0;
    size_t width = 0;

    for (size_t i = 0; i < size;) {
        size_t taken = next_character(at + i, size - i, &code);

        if (taken > 0)
            width += (size_t)utf8proc_charwidth(code);
        i += taken > 0 ? taken : 1;
    }
    return width;
}

enum wb_status
wb_text_normalize(
    struct wb_buf *out, const void *bytes, size_t size, struct wb_error *e)
{
    const utf8proc_option_t options =
        UTF8PROC_COMPOSE | UTF8PROC_STABLE | UTF8PROC_REJECTNA;
    utf8proc_ssize_t count, length;
    int32_t *codes;
    enum wb_status st;

    if ((st = wb_text_check(bytes, size, e)) != WB_OK)
        return st;
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)size, NULL, 0, options);
    if (count < 0)
        return wb_fail(e, WB_ERR_VALUE, "a character that Unicode has not assigned");
    /* one more code point than needed: utf8proc ends its UTF-8 with a NUL in place */
    codes = wb_mem_new_array((size_t)count + 1, sizeof *codes);
    if (codes == NULL)
        return wb_fail_memory(e);
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)size, codes, count, options);
    length = utf8proc_reencode(codes, count, options);
    if (length >= 0)
        wb_buf_add(out, codes, (size_t)length);
    wb_mem_free(codes); /* wiped: it may be a passphrase */
    if (length < 0)
        return wb_fail(e, WB_ERR_INTERNAL, "text could not be normalized");
    return wb_buf_check(out, e);
}

void
wb_hex_encode(char *out, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *at = bytes;

    for (size_t i = 0; i < size; i++) {
        *out++ = digits[at[i] >> 4];
        *out++ = digits[at[i] & 15];
    }
    *out = '\0';
}

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

bool
wb_hex_decode(void *out, size_t size, const char *text, size_t length)
{
    uint8_t *to = out;

    if (length / 2 != size || length % 2 != 0)
        return false;
    for (size_t i = 0; i < length; i++)
        if (hex_value(text[i]) < 0)
            return false;
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return true;
}
