/* vault/formats/age_wrap.c - from a recipient's key to age's file key, step by step. */
#include "age_wrap.h"

#include <string.h>

#include "../crypto/kdf.h"

/* A wrap key seals one file key, so its nonce is fixed at zero. */
static const uint8_t zero_nonce[WB_AEAD_NONCE_BYTES];

void
wb_age_wrap_wipe(struct wb_age_wrap *w)
{
    wb_secret_free(&w->own);
    wb_secret_free(&w->shared);
    wb_secret_free(&w->key);
    wb_secret_free(&w->file_key);
}

enum wb_status
wb_age_wrap_init(struct wb_age_wrap *w, struct wb_error *e)
{
    enum wb_status st;

    *w = (struct wb_age_wrap){0};
    if ((st = wb_secret_new(&w->own, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&w->shared, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&w->key, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&w->file_key, WB_AGE_FILE_KEY_BYTES, e)) != WB_OK)
        wb_age_wrap_wipe(w);
    return st;
}

bool
wb_age_wrap_agree(struct wb_age_wrap *w, const struct wb_secret *secret,
    const uint8_t theirs[static WB_POINT_BYTES],
    const uint8_t share[static WB_POINT_BYTES],
    const uint8_t recipient[static WB_POINT_BYTES])
{
    uint8_t salt[2 * WB_POINT_BYTES];

    if (!wb_point_agree(w->shared, secret, theirs))
        return false;
    memcpy(salt, share, WB_POINT_BYTES);
    memcpy(salt + WB_POINT_BYTES, recipient, WB_POINT_BYTES);
    wb_kdf_hkdf(w->key, w->shared, salt, sizeof salt, "age-encryption.org/v1/X25519");
    return true;
}

enum wb_status
wb_age_wrap_stretch(struct wb_age_wrap *w, const struct wb_secret *passphrase,
    size_t size, const uint8_t salt[static WB_AGE_SALT_BYTES], unsigned log_n,
    struct wb_error *e)
{
    static const char label[] = "age-encryption.org/v1/scrypt";
    uint8_t salted[sizeof label - 1 + WB_AGE_SALT_BYTES];

    memcpy(salted, label, sizeof label - 1);
    memcpy(salted + sizeof label - 1, salt, WB_AGE_SALT_BYTES);
    return wb_kdf_scrypt(w->key, passphrase, size, salted, sizeof salted, log_n, e);
}

void
wb_age_wrap_seal(uint8_t body[static WB_AGE_BODY_BYTES], const struct wb_age_wrap *w,
    const struct wb_secret *file_key)
{
    wb_aead_seal(
        body, wb_secret_bytes(file_key), WB_AGE_FILE_KEY_BYTES, zero_nonce, w->key);
}

bool
wb_age_wrap_open(struct wb_age_wrap *w, const uint8_t body[static WB_AGE_BODY_BYTES])
{
    return wb_aead_open(
        wb_secret_room(w->file_key), body, WB_AGE_BODY_BYTES, zero_nonce, w->key);
}

void
wb_age_wrap_mac(uint8_t mac[static WB_HASH_BYTES], struct wb_age_wrap *w,
    const struct wb_secret *file_key, const void *header, size_t size)
{
    wb_kdf_hkdf(w->key, file_key, NULL, 0, "header");
    wb_hmac_sha256(mac, w->key, header, size);
}
