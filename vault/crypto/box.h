/* vault/crypto/box.h - boxes: under a key (secretbox), to a public key, and age's AEAD.
 */
#ifndef WB_CRYPTO_BOX_H
#define WB_CRYPTO_BOX_H

#include "secret.h"

enum {
    WB_BOX_NONCE_BYTES = 24,
    WB_BOX_TAG_BYTES = 16,
    WB_BOX_EXTRA_BYTES = WB_BOX_NONCE_BYTES + WB_BOX_TAG_BYTES, /* 40 */
    WB_SEALED_EXTRA_BYTES = 48,
    WB_POINT_BYTES = 32,
    WB_AEAD_NONCE_BYTES = 12,
};

/* libsodium crypto_secretbox (XSalsa20-Poly1305) with a random nonce in front:
 * nonce (24) || tag (16) || ciphertext. `out` has size + WB_BOX_EXTRA_BYTES. */
void wb_box_seal(
    uint8_t *out, const void *plain, size_t size, const struct wb_secret *key);

/* False, `plain` untouched, unless it is a box under this key. `size` counts the whole
 * box; `plain` has size - WB_BOX_EXTRA_BYTES. */
WB_CHECKED bool wb_box_open(
    uint8_t *plain, const uint8_t *box, size_t size, const struct wb_secret *key);

/* The same with a nonce of the caller's that is not stored: tag (16) || ciphertext. The
 * key must see a nonce once. The buffers must not overlap. */
void wb_box_seal_at(uint8_t *out, const void *plain, size_t size,
    const uint8_t nonce[static WB_BOX_NONCE_BYTES], const struct wb_secret *key);
WB_CHECKED bool wb_box_open_at(uint8_t *plain, const uint8_t *box, size_t size,
    const uint8_t nonce[static WB_BOX_NONCE_BYTES], const struct wb_secret *key);

/* X25519 key pairs (RFC 7748). */
void wb_point_new(struct wb_secret *secret, uint8_t point[static WB_POINT_BYTES]);
void wb_point_of(uint8_t point[static WB_POINT_BYTES], const struct wb_secret *secret);

/* The shared secret; false when it is all zeros (a low-order point). */
WB_CHECKED bool wb_point_agree(struct wb_secret *shared, const struct wb_secret *secret,
    const uint8_t point[static WB_POINT_BYTES]);

/* libsodium crypto_box_seal: size + WB_SEALED_EXTRA_BYTES. */
void wb_sealed_seal(uint8_t *out, const void *plain, size_t size,
    const uint8_t point[static WB_POINT_BYTES]);
WB_CHECKED bool wb_sealed_open(
    uint8_t *plain, const uint8_t *sealed, size_t size, const struct wb_secret *secret);

/* ChaCha20-Poly1305 (RFC 8439) without associated data: ciphertext || tag (16). Where
 * opening fails, `plain` is untouched or holds zeros (libsodium wipes it). */
void wb_aead_seal(uint8_t *out, const void *plain, size_t size,
    const uint8_t nonce[static WB_AEAD_NONCE_BYTES], const struct wb_secret *key);
WB_CHECKED bool wb_aead_open(uint8_t *plain, const uint8_t *sealed, size_t size,
    const uint8_t nonce[static WB_AEAD_NONCE_BYTES], const struct wb_secret *key);

/* Padmé (Nikitin et al., PETS 2019, section 4): the padded length for `size`, at least
 * `floor`; overhead at most 12 %, less as it grows. */
uint64_t wb_pad_length(uint64_t size, uint64_t floor);

#endif
