/* vault/crypto/shamir.h - a key in shares: any k of n give it back, fewer tell nothing.
 */
#ifndef WB_CRYPTO_SHAMIR_H
#define WB_CRYPTO_SHAMIR_H

#include "secret.h"

enum { WB_SHAMIR_MAX = 15 };

/* Shamir's scheme (CACM 1979) byte by byte over GF(2^8) with the polynomial of AES,
 * x^8 + x^4 + x^3 + x + 1. Share number i (from 1) is the value at i of a polynomial of
 * degree k - 1 with random coefficients whose value at 0 is the key. No branch and no
 * index depends on a secret; the numbers of the shares are public.
 *
 * `shares` has room for n * WB_KEY_BYTES: share 1 first. 1 <= k <= n <= WB_SHAMIR_MAX,
 * else WB_ERR_INTERNAL. */
WB_CHECKED enum wb_status wb_shamir_split(struct wb_secret *shares,
    const struct wb_secret *key, unsigned k, unsigned n, struct wb_error *e);

/* key = what `count` shares stand for; share i has the number numbers[i], all of them
 * different and not 0. With another count than k, or shares of different splits, the
 * key is another one: whoever wants to know must compare. */
void wb_shamir_join(struct wb_secret *key, const struct wb_secret *shares,
    const uint8_t *numbers, unsigned count);

#endif
