/* vault/crypto/random.h - random bytes from the kernel, through libsodium. */
#ifndef WB_CRYPTO_RANDOM_H
#define WB_CRYPTO_RANDOM_H

#include "secret.h"

/* Fills `size` bytes. Cannot fail: libsodium aborts when the kernel has no random
 * source. */
void wb_random(void *bytes, size_t size);
void wb_random_secret(struct wb_secret *s);

/* A number in [0, below), without bias. */
uint32_t wb_random_below(uint32_t below);

/* Test seam: while set, the source of wb_random and wb_random_secret (fixed randomness
 * makes formats reproducible). Key pairs of a scheme are made from wb_random_secret as
 * well. */
extern void (*wb_random_source)(void *bytes, size_t size);

#endif
