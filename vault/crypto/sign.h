/* vault/crypto/sign.h - Ed25519 signatures (RFC 8032). One key, one purpose. */
#ifndef WB_CRYPTO_SIGN_H
#define WB_CRYPTO_SIGN_H

#include "secret.h"

enum { WB_SIGN_SEED_BYTES = 32, WB_SIGN_PUBLIC_BYTES = 32, WB_SIGN_BYTES = 64 };

/* A secret key is its 32-byte random seed; the public key follows from it. */

WB_CHECKED enum wb_status wb_sign_public(uint8_t public[static WB_SIGN_PUBLIC_BYTES],
    const struct wb_secret *seed, struct wb_error *e);

/* WB_ERR_MEMORY when locked memory for the expanded key is not to be had. */
WB_CHECKED enum wb_status wb_sign(uint8_t signature[static WB_SIGN_BYTES],
    const void *message, size_t size, const struct wb_secret *seed, struct wb_error *e);

/* libsodium's strict verification: no small-order or non-canonical points, no high S.
 */
WB_CHECKED bool wb_sign_verify(const uint8_t signature[static WB_SIGN_BYTES],
    const void *message, size_t size,
    const uint8_t public[static WB_SIGN_PUBLIC_BYTES]);

#endif
