/* vault/crypto/box.c - boxes: under a key (secretbox), to a public key, and age's AEAD.
 */
#include "box.h"

#include <sodium.h>

#include "random.h"

_Static_assert(WB_BOX_NONCE_BYTES == crypto_secretbox_NONCEBYTES, "secretbox nonce");
_Static_assert(WB_BOX_TAG_BYTES == crypto_secretbox_MACBYTES, "secretbox tag");
_Static_assert(WB_SEALED_EXTRA_BYTES == crypto_box_SEALBYTES, "sealed box");

void
wb_box_seal_at(uint8_t *out, const void *plain, size_t size,
    const uint8_t nonce[static WB_BOX_NONCE_BYTES], const struct wb_secret *key)
{
    (void)crypto_secretbox_easy(out, plain, size, nonce, wb_secret_bytes(key));
}

bool
wb_box_open_at(uint8_t *plain, const uint8_t *box, size_t size,
    const uint8_t nonce[static WB_BOX_NONCE_BYTES], const struct wb_secret *key)
{
    return size >= WB_BOX_TAG_BYTES &&
        crypto_secretbox_open_easy(plain, box, size, nonce, wb_secret_bytes(key)) == 0;
}

void
wb_box_seal(uint8_t *out, const void *plain, size_t size, const struct wb_secret *key)
{
    wb_random(out, WB_BOX_NONCE_BYTES);
    wb_box_seal_at(out + WB_BOX_NONCE_BYTES, plain, size, out, key);
}

bool
wb_box_open(
    uint8_t *plain, const uint8_t *box, size_t size, const struct wb_secret *key)
{
    return size >= WB_BOX_EXTRA_BYTES &&
        wb_box_open_at(
            plain, box + WB_BOX_NONCE_BYTES, size - WB_BOX_NONCE_BYTES, box, key);
}

void
wb_point_of(uint8_t point[static WB_POINT_BYTES], const struct wb_secret *secret)
{
    (void)crypto_scalarmult_base(point, wb_secret_bytes(secret));
}

void
wb_point_new(struct wb_secret *secret, uint8_t point[static WB_POINT_BYTES])
{
    wb_random_secret(secret);
    wb_point_of(point, secret);
}

bool
wb_point_agree(struct wb_secret *shared, const struct wb_secret *secret,
    const uint8_t point[static WB_POINT_BYTES])
{
    return crypto_scalarmult(wb_secret_room(shared), wb_secret_bytes(secret), point) ==
        0;
}

void
wb_sealed_seal(uint8_t *out, const void *plain, size_t size,
    const uint8_t point[static WB_POINT_BYTES])
{
    (void)crypto_box_seal(out, plain, size, point);
}

bool
wb_sealed_open(
    uint8_t *plain, const uint8_t *sealed, size_t size, const struct wb_secret *secret)
{
    uint8_t point[WB_POINT_BYTES];

    wb_point_of(point, secret);
    return size >= WB_SEALED_EXTRA_BYTES &&
        crypto_box_seal_open(plain, sealed, size, point, wb_secret_bytes(secret)) == 0;
}

void
wb_aead_seal(uint8_t *out, const void *plain, size_t size,
    const uint8_t nonce[static WB_AEAD_NONCE_BYTES], const struct wb_secret *key)
{
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        out, NULL, plain, size, NULL, 0, NULL, nonce, wb_secret_bytes(key));
}

bool
wb_aead_open(uint8_t *plain, const uint8_t *sealed, size_t size,
    const uint8_t nonce[static WB_AEAD_NONCE_BYTES], const struct wb_secret *key)
{
    return crypto_aead_chacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed, size,
               NULL, 0, nonce, wb_secret_bytes(key)) == 0;
}

static unsigned
log2_floor(uint64_t value)
{
    return 63U - (unsigned)__builtin_clzll(value);
}

uint64_t
wb_pad_length(uint64_t size, uint64_t floor)
{
    unsigned exponent, kept;
    uint64_t mask;

    if (size < floor)
        size = floor;
    if (size < 2)
        return size;
    exponent = log2_floor(size);
    kept = log2_floor(exponent) + 1;
    mask = exponent > kept ? (UINT64_C(1) << (exponent - kept)) - 1 : 0;
    return (size + mask) & ~mask;
}
