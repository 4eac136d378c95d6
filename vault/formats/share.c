/* vault/formats/share.c - a share of a recovery key as a line to be typed from paper.
 */
#include "share.h"

#include <string.h>

#include "../base/buf.h"
#include "../base/fail.h"

enum {
    VERSION = 1,
    VAULT_ID_BYTES = 16,
    AT_NUMBER = 1,
    AT_MARK = 2,
    AT_KEY = AT_MARK + WB_SHARE_MARK_BYTES,
    AT_CHECK = AT_KEY + WB_KEY_BYTES,
    CHECK_BYTES = 4,
    SHARE_BYTES = AT_CHECK + CHECK_BYTES,
    CHARACTERS = WB_SHARE_GROUPS * WB_SHARE_GROUP,
    PADDING_BITS = CHARACTERS * 5 - SHARE_BYTES * 8,
    NO_DIGIT = 32,
};

static const char check_label[] = "witnessbox/v1 share";
static const char mark_label[] = "witnessbox/v1 share vault";

void
wb_share_mark(
    uint8_t mark[static WB_SHARE_MARK_BYTES], const uint8_t vault_id[static 16])
{
    uint8_t bytes[sizeof mark_label - 1 + VAULT_ID_BYTES], hash[WB_HASH_BYTES];

    memcpy(bytes, mark_label, sizeof mark_label - 1);
    memcpy(bytes + sizeof mark_label - 1, vault_id, VAULT_ID_BYTES);
    wb_blake2b_256(hash, bytes, sizeof bytes);
    memcpy(mark, hash, WB_SHARE_MARK_BYTES);
}

/* BLAKE2b-256(label || all but the check), its first four bytes. */
static enum wb_status
check(uint8_t out[static CHECK_BYTES], const uint8_t *bytes, struct wb_error *e)
{
    struct wb_secret *in = NULL;
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st = wb_secret_new(&in, sizeof check_label - 1 + AT_CHECK, e);

    if (st != WB_OK)
        return st;
    memcpy(wb_secret_room(in), check_label, sizeof check_label - 1);
    memcpy(wb_secret_room(in) + sizeof check_label - 1, bytes, AT_CHECK);
    wb_blake2b_256(hash, wb_secret_bytes(in), wb_secret_size(in));
    memcpy(out, hash, CHECK_BYTES);
    wb_secret_free(&in);
    return WB_OK;
}

/* A digit of `0123456789abcdefghjkmnpqrstvwxyz` without a table: digits are secret. */
static char
digit(unsigned value)
{
    unsigned c = '0' + value;

    c += ('a' - '0' - 10) & (0u - ((9 - value) >> 31)); /* from 10 on: letters, */
    c += (17 - value) >> 31;                            /* without i, */
    c += (19 - value) >> 31;                            /* l, */
    c += (21 - value) >> 31;                            /* o */
    c += (26 - value) >> 31;                            /* and u */
    return (char)c;
}

/* The 336 bits, most significant first; the last digit is filled up with zeros. */
static void
write_text(char *out, const uint8_t *bytes)
{
    unsigned bits = 0, held = 0;

    for (unsigned i = 0; i < CHARACTERS; i++) {
        if (i > 0 && i % WB_SHARE_GROUP == 0)
            *out++ = ' ';
        if (held < 5) {
            bits = bits << 8 | (i < CHARACTERS - 1 ? *bytes++ : 0u);
            held += 8;
        }
        held -= 5;
        *out++ = digit(bits >> held & 31);
    }
    *out = '\0';
}

enum wb_status
wb_share_encode(
    struct wb_secret **text, const struct wb_share *share, struct wb_error *e)
{
    struct wb_secret *bytes = NULL, *made = NULL;
    uint8_t *at;
    enum wb_status st;

    if (share->needed < 1 || share->needed > WB_SHARE_NEEDED_MAX || share->number < 1)
        return wb_fail(
            e, WB_ERR_INTERNAL, "share %u of %u", share->number, share->needed);
    if ((st = wb_secret_new(&bytes, SHARE_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&made, WB_SHARE_TEXT_BYTES, e)) != WB_OK)
        goto out;
    at = wb_secret_room(bytes);
    at[0] = (uint8_t)(VERSION << 4 | share->needed);
    at[AT_NUMBER] = share->number;
    memcpy(at + AT_MARK, share->mark, WB_SHARE_MARK_BYTES);
    memcpy(at + AT_KEY, wb_secret_bytes(share->bytes), WB_KEY_BYTES);
    if ((st = check(at + AT_CHECK, at, e)) != WB_OK)
        goto out;
    write_text((char *)wb_secret_room(made), at);
    *text = wb_secret_take(&made);
out:
    wb_secret_free(&bytes);
    wb_secret_free(&made);
    return st;
}

/* What a typed character stands for, NO_DIGIT for none; the same steps for all. */
static unsigned
undigit(unsigned c)
{
    unsigned found = NO_DIGIT;

    c |= (c & 0x40) >> 1; /* capitals */
    c ^= ('o' ^ '0') & wb_equal_mask(c, 'o');
    c ^= ('i' ^ '1') & wb_equal_mask(c, 'i');
    c ^= ('l' ^ '1') & wb_equal_mask(c, 'l');
    for (unsigned value = 0; value < NO_DIGIT; value++)
        found ^= (found ^ value) & wb_equal_mask(c, (unsigned char)digit(value));
    return found;
}

/* All ones for what may stand between the characters of a share. */
static unsigned
is_between(unsigned c)
{
    unsigned found = 0;

    for (const char *one = " \t\r\n-"; *one != '\0'; one++)
        found |= wb_equal_mask(c, (unsigned char)*one);
    return found;
}

/* How the text was typed. */
struct typing {
    unsigned count; /* characters that count */
    unsigned wrong; /* group of the first one that no share has, from 1; 0 for none */
};

/* The digits of the text in a row. Which of its characters count is no branch either:
 * each place of the row is looked at for each of them. */
static void
squeeze(struct typing *t, uint8_t row[static CHARACTERS], const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned c = (unsigned char)text[i], counts = ~is_between(c);
        const unsigned value = undigit(c);

        for (unsigned place = 0; place < CHARACTERS; place++)
            row[place] |= (uint8_t)(value & counts & wb_equal_mask(place, t->count));
        t->wrong |= (t->count / WB_SHARE_GROUP + 1) & counts &
            wb_equal_mask(value, NO_DIGIT) & wb_equal_mask(t->wrong, 0);
        t->count += counts & 1;
    }
}

/* The first SHARE_BYTES of the bits; what is left over. */
static unsigned
pack(uint8_t bytes[static SHARE_BYTES], const uint8_t row[static CHARACTERS])
{
    unsigned bits = 0, held = 0;

    for (unsigned i = 0; i < CHARACTERS; i++) {
        bits = bits << 5 | row[i];
        held += 5;
        if (held >= 8) {
            held -= 8;
            *bytes++ = (uint8_t)(bits >> held);
        }
    }
    return bits & ((1u << PADDING_BITS) - 1);
}

/* The verdict, which the typist is told anyway; the only place that acts on it. */
static __attribute__((noinline)) enum wb_status
judge(const struct typing *t, unsigned left_over, const uint8_t *bytes, bool fits,
    struct wb_error *e)
{
    if (t->wrong != 0)
        return wb_fail(e, WB_ERR_VALUE,
            "mistyped: a character of group %u is in no share", t->wrong);
    if (t->count != CHARACTERS)
        return wb_fail(e, WB_ERR_VALUE, "mistyped: %u characters, a share has %d",
            t->count, CHARACTERS);
    if (left_over != 0)
        return wb_fail(
            e, WB_ERR_VALUE, "mistyped: the last character of a share is 0 or g");
    if (!fits)
        return wb_fail(e, WB_ERR_VALUE,
            "mistyped: its check does not fit, compare it with the paper");
    if (bytes[0] >> 4 > VERSION)
        return wb_fail(
            e, WB_ERR_TOO_NEW, "made by a newer version: update this program");
    if (bytes[0] >> 4 != VERSION || (bytes[0] & 15) == 0 || bytes[AT_NUMBER] == 0)
        return wb_fail(e, WB_ERR_VALUE, "not a share");
    return WB_OK;
}

enum wb_status
wb_share_decode(
    struct wb_share *share, const char *text, size_t size, struct wb_error *e)
{
    struct wb_secret *row = NULL, *bytes = NULL, *key = NULL;
    uint8_t expected[CHECK_BYTES], *at;
    struct typing typing = {0};
    unsigned left_over;
    enum wb_status st;

    if ((st = wb_secret_new(&row, CHARACTERS, e)) != WB_OK ||
        (st = wb_secret_new(&bytes, SHARE_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&key, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    squeeze(&typing, wb_secret_room(row), text, size);
    at = wb_secret_room(bytes);
    left_over = pack(at, wb_secret_bytes(row));
    if ((st = check(expected, at, e)) != WB_OK ||
        (st = judge(&typing, left_over, at,
             wb_equal(expected, at + AT_CHECK, CHECK_BYTES), e)) != WB_OK)
        goto out;
    share->needed = at[0] & 15;
    share->number = at[AT_NUMBER];
    memcpy(share->mark, at + AT_MARK, WB_SHARE_MARK_BYTES);
    memcpy(wb_secret_room(key), at + AT_KEY, WB_KEY_BYTES);
    share->bytes = wb_secret_take(&key);
out:
    wb_secret_free(&row);
    wb_secret_free(&bytes);
    wb_secret_free(&key);
    return st;
}
