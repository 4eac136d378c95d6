/* vault/crypto/shamir.c - a key in shares: any k of n give it back, fewer tell nothing.
 */
#include "shamir.h"

#include "../base/fail.h"
#include "random.h"

enum { REDUCTION = 0x1b }; /* x^8 in terms of the lower powers, FIPS 197 section 4.2 */

/* The product, bit by bit: always eight rounds, masks instead of branches. */
static uint8_t
multiply(uint8_t a, uint8_t b)
{
    unsigned x = a, sum = 0;

    for (int bit = 0; bit < 8; bit++) {
        sum ^= x & (0u - ((unsigned)b >> bit & 1));
        x = (x << 1 & 0xff) ^ (REDUCTION & (0u - (x >> 7)));
    }
    return (uint8_t)sum;
}

/* a^254, which is 1/a, and 0 for 0. */
static uint8_t
invert(uint8_t a)
{
    uint8_t power = a, product = 1;

    for (int bit = 1; bit < 8; bit++) {
        power = multiply(power, power);
        product = multiply(product, power);
    }
    return product;
}

enum wb_status
wb_shamir_split(struct wb_secret *shares, const struct wb_secret *key, unsigned k,
    unsigned n, struct wb_error *e)
{
    const uint8_t *at_zero = wb_secret_bytes(key), *rest;
    struct wb_secret *coefficients = NULL;
    uint8_t *out = wb_secret_room(shares);
    enum wb_status st;

    if (k < 1 || k > n || n > WB_SHAMIR_MAX ||
        wb_secret_size(shares) != (size_t)n * WB_KEY_BYTES ||
        wb_secret_size(key) != WB_KEY_BYTES)
        return wb_fail(e, WB_ERR_INTERNAL, "shares: %u of %u", k, n);
    /* one more than is needed, so that k = 1 has room too */
    if ((st = wb_secret_new(&coefficients, (size_t)k * WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(coefficients);
    rest = wb_secret_bytes(coefficients);
    for (unsigned number = 1; number <= n; number++)
        for (unsigned byte = 0; byte < WB_KEY_BYTES; byte++) {
            uint8_t value = 0; /* Horner, highest power first */

            for (unsigned power = k - 1; power > 0; power--)
                value = multiply(
                    value ^ rest[power * WB_KEY_BYTES + byte], (uint8_t)number);
            out[(number - 1) * WB_KEY_BYTES + byte] = value ^ at_zero[byte];
        }
    wb_secret_free(&coefficients);
    return WB_OK;
}

/* What share i counts for: the Lagrange polynomial of its number, at 0. Public. */
static uint8_t
weigh(const uint8_t *numbers, unsigned count, unsigned i)
{
    uint8_t above = 1, below = 1;

    for (unsigned j = 0; j < count; j++)
        if (j != i) {
            above = multiply(above, numbers[j]);
            below = multiply(below, numbers[j] ^ numbers[i]);
        }
    return multiply(above, invert(below));
}

void
wb_shamir_join(struct wb_secret *key, const struct wb_secret *shares,
    const uint8_t *numbers, unsigned count)
{
    const uint8_t *in = wb_secret_bytes(shares);
    uint8_t *out = wb_secret_room(key);

    wb_secret_clear(key);
    for (unsigned i = 0; i < count; i++) {
        uint8_t weight = weigh(numbers, count, i);

        for (unsigned byte = 0; byte < WB_KEY_BYTES; byte++)
            out[byte] ^= multiply(in[i * WB_KEY_BYTES + byte], weight);
    }
}
