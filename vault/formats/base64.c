/* vault/formats/base64.c - base64, canonical only (RFC 4648 section 4). */
#include "base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
wb_base64_length(size_t size, enum wb_base64 form)
{
    size_t rest = size % 3;

    if (rest == 0)
        return size / 3 * 4;
    return size / 3 * 4 + (form == WB_BASE64_PADDED ? 4 : rest + 1);
}

/* One group: 1 to 3 bytes become 2 to 4 characters, filled up when padded. */
static size_t
encode_group(char *out, const uint8_t *in, size_t size, enum wb_base64 form)
{
    uint32_t group = (uint32_t)in[0] << 16;

    if (size > 1)
        group |= (uint32_t)in[1] << 8;
    if (size > 2)
        group |= in[2];
    out[0] = alphabet[group >> 18];
    out[1] = alphabet[group >> 12 & 63];
    if (size > 1)
        out[2] = alphabet[group >> 6 & 63];
    if (size > 2)
        out[3] = alphabet[group & 63];
    if (form == WB_BASE64_RAW)
        return size + 1;
    for (size_t i = size + 1; i < 4; i++)
        out[i] = '=';
    return 4;
}

void
wb_base64_encode(char *out, const void *bytes, size_t size, enum wb_base64 form)
{
    const uint8_t *in = bytes;

    for (size_t i = 0; i < size; i += 3)
        out += encode_group(out, in + i, size - i < 3 ? size - i : 3, form);
}

void
wb_base64_put(struct wb_buf *out, const void *bytes, size_t size, enum wb_base64 form)
{
    uint8_t *at = wb_buf_extend(out, wb_base64_length(size, form));

    if (at != NULL)
        wb_base64_encode((char *)at, bytes, size, form);
}

/* 0 to 63, or 64 for a character that is not of the alphabet. */
static uint32_t
digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : 64;
}

/* Reads 1 to 3 bytes from 2 to 4 digits; false for a foreign character or for unused
 * bits that are not zero. */
static bool
decode_group(uint8_t out[static 3], const char *text, size_t size)
{
    uint32_t group = 0, digit;

    for (size_t i = 0; i < 4; i++) {
        digit = i <= size ? digit_of(text[i]) : 0;
        if (digit == 64)
            return false;
        group = group << 6 | digit;
    }
    out[0] = (uint8_t)(group >> 16);
    out[1] = (uint8_t)(group >> 8);
    out[2] = (uint8_t)group;
    return (size > 2 || out[2] == 0) && (size > 1 || out[1] == 0);
}

/* One pass over all groups; `out` may be NULL, to look only. */
static bool
decode(uint8_t *out, size_t size, const char *text)
{
    uint8_t group[3];

    for (size_t i = 0; i < size; i += 3, text += 4) {
        size_t here = size - i < 3 ? size - i : 3;

        if (!decode_group(group, text, here))
            return false;
        for (size_t k = 0; out != NULL && k < here; k++)
            out[i + k] = group[k];
    }
    return true;
}

/* The padding is what the length demands; there is no other place for `=`. */
static bool
check(size_t size, const char *text, size_t length, enum wb_base64 form)
{
    if (length != wb_base64_length(size, form))
        return false;
    for (size_t i = wb_base64_length(size, WB_BASE64_RAW); i < length; i++)
        if (text[i] != '=')
            return false;
    return decode(NULL, size, text);
}

bool
wb_base64_decode(
    void *out, size_t size, const char *text, size_t length, enum wb_base64 form)
{
    return check(size, text, length, form) && decode(out, size, text);
}

/* How many bytes the text must stand for; the length itself is checked later. */
static size_t
size_of(const char *text, size_t length, enum wb_base64 form)
{
    if (form == WB_BASE64_PADDED && length >= 4) {
        length -= text[length - 1] == '=';
        length -= text[length - 1] == '=';
    }
    return length / 4 * 3 + length % 4 * 3 / 4;
}

bool
wb_base64_get(struct wb_buf *out, const char *text, size_t length, enum wb_base64 form)
{
    size_t size = size_of(text, length, form);
    uint8_t *at;

    if (!check(size, text, length, form))
        return false;
    at = wb_buf_extend(out, size);
    return at == NULL || decode(at, size, text);
}
