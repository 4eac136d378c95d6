/* vault/crypto/hash.h - SHA-256 (nettle, with the CPU's instructions) and BLAKE2b. */
#ifndef WB_CRYPTO_HASH_H
#define WB_CRYPTO_HASH_H

#include "secret.h"

enum { WB_HASH_BYTES = 32, WB_BLAKE2B_BYTES = 64 };

/* SHA-256, FIPS 180-4. The state may be copied by assignment. */
struct wb_sha256 {
    uint64_t opaque[16];
};

void wb_sha256_init(struct wb_sha256 *h);
void wb_sha256_add(struct wb_sha256 *h, const void *bytes, size_t size);
void wb_sha256_end(struct wb_sha256 *h, uint8_t out[static WB_HASH_BYTES]);
void wb_sha256_of(uint8_t out[static WB_HASH_BYTES], const void *bytes, size_t size);

/* BLAKE2b-512 without a key (minisign's prehash), and BLAKE2b-256. */
void wb_blake2b_512(
    uint8_t out[static WB_BLAKE2B_BYTES], const void *bytes, size_t size);
void wb_blake2b_256(uint8_t out[static WB_HASH_BYTES], const void *bytes, size_t size);

/* HMAC-SHA-256 (RFC 2104) with a key of any length. */
void wb_hmac_sha256(uint8_t out[static WB_HASH_BYTES], const struct wb_secret *key,
    const void *bytes, size_t size);

#endif
