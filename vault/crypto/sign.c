/* vault/crypto/sign.c - Ed25519 signatures (RFC 8032). One key, one purpose. */
#include "sign.h"

#include <sodium.h>

/* The expanded key: seed and public key, as libsodium wants it. */
static enum wb_status
expand(struct wb_secret **key, uint8_t public[static WB_SIGN_PUBLIC_BYTES],
    const struct wb_secret *seed, struct wb_error *e)
{
    enum wb_status st = wb_secret_new(key, crypto_sign_SECRETKEYBYTES, e);

    if (st == WB_OK)
        (void)crypto_sign_seed_keypair(
            public, wb_secret_room(*key), wb_secret_bytes(seed));
    return st;
}

enum wb_status
wb_sign_public(uint8_t public[static WB_SIGN_PUBLIC_BYTES],
    const struct wb_secret *seed, struct wb_error *e)
{
    struct wb_secret *key = NULL;
    enum wb_status st = expand(&key, public, seed, e);

    wb_secret_free(&key);
    return st;
}

enum wb_status
wb_sign(uint8_t signature[static WB_SIGN_BYTES], const void *message, size_t size,
    const struct wb_secret *seed, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_secret *key = NULL;
    enum wb_status st = expand(&key, public, seed, e);

    if (st == WB_OK)
        (void)crypto_sign_detached(
            signature, NULL, message, size, wb_secret_bytes(key));
    wb_secret_free(&key);
    return st;
}

bool
wb_sign_verify(const uint8_t signature[static WB_SIGN_BYTES], const void *message,
    size_t size, const uint8_t public[static WB_SIGN_PUBLIC_BYTES])
{
    return crypto_sign_verify_detached(signature, message, size, public) == 0;
}
