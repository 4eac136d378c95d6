/* vault/formats/bech32.c - Bech32 (BIP 173), as the keys of age are written. */
#include "bech32.h"

#include <string.h>

#include "../base/fail.h"

enum { CHECKSUM_DIGITS = 6 };

/* Aligned, so that the 32 characters lie in one cache line: a look-up does not show
 * which one was wanted. */
static const _Alignas(32) char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static const char recipient_prefix[] = "age";
static const char identity_prefix[] = "age-secret-key-";

/* The BCH code over GF(32) of BIP 173: one more digit into the checksum. */
static uint32_t
absorb(uint32_t sum, uint32_t digit)
{
    static const uint32_t generator[5] = {
        0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ digit;
    for (unsigned i = 0; i < 5; i++)
        sum ^= generator[i] & (0 - (top >> i & 1));
    return sum;
}

static uint32_t
absorb_prefix(const char *prefix, size_t length)
{
    uint32_t sum = 1;

    for (size_t i = 0; i < length; i++)
        sum = absorb(sum, (uint8_t)prefix[i] >> 5);
    sum = absorb(sum, 0);
    for (size_t i = 0; i < length; i++)
        sum = absorb(sum, (uint8_t)prefix[i] & 31);
    return sum;
}

static size_t
digits_of(size_t size)
{
    return (size * 8 + 4) / 5;
}

size_t
wb_bech32_length(size_t prefix, size_t size)
{
    return prefix + 1 + digits_of(size) + CHECKSUM_DIGITS;
}

/* Digit `i` of the bytes, most significant bit first, zeros behind the end. */
static uint32_t
digit_at(const uint8_t *bytes, size_t size, size_t i)
{
    size_t first = i * 5 / 8, shift = i * 5 % 8;
    uint32_t pair = (uint32_t)bytes[first] << 8;

    if (first + 1 < size)
        pair |= bytes[first + 1];
    return pair >> (11 - shift) & 31;
}

void
wb_bech32_encode(char *out, const char *prefix, const void *bytes, size_t size)
{
    size_t length = strlen(prefix), digits = digits_of(size);
    uint32_t sum = absorb_prefix(prefix, length), digit;

    memcpy(out, prefix, length);
    out += length;
    *out++ = '1';
    for (size_t i = 0; i < digits; i++) {
        digit = digit_at(bytes, size, i);
        sum = absorb(sum, digit);
        *out++ = alphabet[digit];
    }
    for (size_t i = 0; i < CHECKSUM_DIGITS; i++)
        sum = absorb(sum, 0);
    sum ^= 1;
    for (unsigned i = 0; i < CHECKSUM_DIGITS; i++)
        *out++ = alphabet[sum >> (5 * (5 - i)) & 31];
    *out = '\0';
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
is_mixed(const char *text, size_t length)
{
    bool low = false, high = false;

    for (size_t i = 0; i < length; i++) {
        low = low || (text[i] >= 'a' && text[i] <= 'z');
        high = high || (text[i] >= 'A' && text[i] <= 'Z');
    }
    return low && high;
}

static bool
has_prefix(const char *text, size_t length, const char *prefix)
{
    size_t size = strlen(prefix);

    if (size == 0 || length <= size || text[size] != '1')
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(text[i]) != prefix[i])
            return false;
    return true;
}

/* 0 to 31, or 32 for a character that is not of the alphabet. Looks at all of it, so
 * that time does not tell which one it was. */
static uint32_t
digit_of(char c)
{
    uint32_t found = 32;

    for (uint32_t i = 0; i < 32; i++)
        if (alphabet[i] == lower(c))
            found = i;
    return found;
}

static enum wb_status
check_digits(const char *text, size_t length, uint32_t sum, struct wb_error *e)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t digit = digit_of(text[i]);

        if (digit == 32)
            return wb_fail(e, WB_ERR_VALUE,
                "key: a character that is not allowed, number %zu behind the prefix",
                i + 1);
        sum = absorb(sum, digit);
    }
    if (sum != 1)
        return wb_fail(e, WB_ERR_VALUE, "key: wrong checksum, mistyped or damaged");
    return WB_OK;
}

/* The digits have been checked: byte `i` is put together from the two or three digits
 * that its bits lie in. */
static uint8_t
byte_at(const char *digits, size_t i)
{
    size_t first = i * 8 / 5, shift = i * 8 % 5;
    uint32_t run = digit_of(digits[first]) << 10 | digit_of(digits[first + 1]) << 5;

    if (shift > 2)
        run |= digit_of(digits[first + 2]);
    return (uint8_t)(run >> (7 - shift));
}

enum wb_status
wb_bech32_decode(void *out, size_t size, const char *prefix, const char *text,
    size_t length, struct wb_error *e)
{
    size_t head = strlen(prefix) + 1, digits = digits_of(size);
    uint8_t *bytes = out;
    enum wb_status st;

    if (is_mixed(text, length))
        return wb_fail(e, WB_ERR_VALUE, "key: lower and upper case are mixed");
    if (!has_prefix(text, length, prefix))
        return wb_fail(e, WB_ERR_VALUE, "key: does not begin with %s1", prefix);
    if (length != wb_bech32_length(head - 1, size))
        return wb_fail(e, WB_ERR_VALUE, "key: %zu characters, must be %zu", length,
            wb_bech32_length(head - 1, size));
    st = check_digits(text + head, length - head, absorb_prefix(prefix, head - 1), e);
    if (st != WB_OK)
        return st;
    if (digits > 0 &&
        (digit_of(text[head + digits - 1]) & ((1U << (digits * 5 - size * 8)) - 1)) !=
            0)
        return wb_fail(e, WB_ERR_VALUE, "key: unused bits are not zero");
    for (size_t i = 0; i < size; i++)
        bytes[i] = byte_at(text + head, i);
    return WB_OK;
}

void
wb_age_recipient_encode(char out[static WB_AGE_RECIPIENT_CHARS + 1],
    const uint8_t point[static WB_POINT_BYTES])
{
    wb_bech32_encode(out, recipient_prefix, point, WB_POINT_BYTES);
}

enum wb_status
wb_age_recipient_decode(uint8_t point[static WB_POINT_BYTES], const char *text,
    size_t length, struct wb_error *e)
{
    return wb_bech32_decode(point, WB_POINT_BYTES, recipient_prefix, text, length, e);
}

void
wb_age_identity_encode(struct wb_secret *text, const struct wb_secret *secret)
{
    char *out = (char *)wb_secret_room(text);

    wb_bech32_encode(out, identity_prefix, wb_secret_bytes(secret), WB_KEY_BYTES);
    for (size_t i = 0; i < WB_AGE_IDENTITY_CHARS; i++)
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - ('a' - 'A'));
}

enum wb_status
wb_age_identity_decode(
    struct wb_secret *secret, const char *text, size_t length, struct wb_error *e)
{
    return wb_bech32_decode(
        wb_secret_room(secret), WB_KEY_BYTES, identity_prefix, text, length, e);
}
