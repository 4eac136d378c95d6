/* vault/crypto/hash.c - SHA-256 (nettle, with the CPU's instructions) and BLAKE2b. */
#include "hash.h"

#include <nettle/sha2.h>
#include <sodium.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct wb_sha256),
    "struct wb_sha256 must hold nettle's state");
_Static_assert(_Alignof(struct sha256_ctx) <= _Alignof(struct wb_sha256),
    "struct wb_sha256 must be aligned for nettle's state");

static struct sha256_ctx *
inside(struct wb_sha256 *h)
{
    return (struct sha256_ctx *)(void *)h->opaque;
}

void
wb_sha256_init(struct wb_sha256 *h)
{
    sha256_init(inside(h));
}

void
wb_sha256_add(struct wb_sha256 *h, const void *bytes, size_t size)
{
    if (size > 0)
        sha256_update(inside(h), size, bytes);
}

void
wb_sha256_end(struct wb_sha256 *h, uint8_t out[static WB_HASH_BYTES])
{
    sha256_digest(inside(h), WB_HASH_BYTES, out);
    sodium_memzero(h, sizeof *h);
}

void
wb_sha256_of(uint8_t out[static WB_HASH_BYTES], const void *bytes, size_t size)
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, bytes, size);
    wb_sha256_end(&h, out);
}

void
wb_blake2b_512(uint8_t out[static WB_BLAKE2B_BYTES], const void *bytes, size_t size)
{
    (void)crypto_generichash(out, WB_BLAKE2B_BYTES, bytes, size, NULL, 0);
}

void
wb_blake2b_256(uint8_t out[static WB_HASH_BYTES], const void *bytes, size_t size)
{
    (void)crypto_generichash(out, WB_HASH_BYTES, bytes, size, NULL, 0);
}

void
wb_hmac_sha256(uint8_t out[static WB_HASH_BYTES], const struct wb_secret *key,
    const void *bytes, size_t size)
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, wb_secret_bytes(key), wb_secret_size(key));
    crypto_auth_hmacsha256_update(&state, bytes, size);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}
