/* vault/crypto/kdf.h - keys from passphrases (Argon2id) and keys from keys (BLAKE2b,
 * HKDF). */
#ifndef WB_CRYPTO_KDF_H
#define WB_CRYPTO_KDF_H

#include "secret.h"

enum { WB_SALT_BYTES = 32 };

/* What Argon2id is asked for. Memory in KiB. */
struct wb_kdf_params {
    uint32_t memory_kib;
    uint32_t passes;
    uint32_t lanes;
};

/* Floor for a new vault (RFC 9106, second recommended option) and cap for what a file
 * asks. */
#define WB_KDF_FLOOR ((struct wb_kdf_params){64 * 1024, 3, 4})
#define WB_KDF_CAP ((struct wb_kdf_params){4 * 1024 * 1024, 64, 16})

/* WB_ERR_LIMIT, naming the number, for parameters under the floor or over the cap.
 * Checked before anything is allocated. */
WB_CHECKED enum wb_status wb_kdf_check(
    const struct wb_kdf_params *p, struct wb_error *e);

/* out = Argon2id v1.3 (RFC 9106) of a passphrase, 32 bytes. `ad` is the associated
 * data, `secret` the optional key (NULL for none). The matrix lies in memory of ours,
 * kept out of core dumps, wiped on every path. WB_ERR_MEMORY when there is not enough
 * of it. */
struct wb_kdf_input {
    const struct wb_secret *passphrase;
    size_t passphrase_size;
    const uint8_t *salt; /* WB_SALT_BYTES */
    const struct wb_secret *secret;
    const void *ad;
    size_t ad_size;
};
WB_CHECKED enum wb_status wb_kdf_passphrase(struct wb_secret *out,
    const struct wb_kdf_params *p, const struct wb_kdf_input *in, struct wb_error *e);

/* out = BLAKE2b-256(key = key, u8 length of label || label || context). One label, one
 * purpose; the context of a label has a fixed shape (vault/store/FORMAT.md lists them
 * all). `out` may be `key`. */
void wb_kdf_derive(struct wb_secret *out, const struct wb_secret *key,
    const char *label, const void *context, size_t size);

/* The same function where the result is public: a commitment, a tag, a salt. `out_size`
 * is 16 to 64. */
void wb_kdf_tag(uint8_t *out, size_t out_size, const struct wb_secret *key,
    const char *label, const void *context, size_t size);

/* HKDF-SHA-256 (RFC 5869), 32 bytes out. */
void wb_kdf_hkdf(struct wb_secret *out, const struct wb_secret *ikm, const void *salt,
    size_t salt_size, const char *info);

/* scrypt (RFC 7914) with r = 8, p = 1, as age uses it. WB_ERR_LIMIT for a log_n outside
 * 1 to 30, WB_ERR_MEMORY when 2^log_n KiB are not to be had. */
WB_CHECKED enum wb_status wb_kdf_scrypt(struct wb_secret *out,
    const struct wb_secret *passphrase, size_t passphrase_size, const void *salt,
    size_t salt_size, unsigned log_n, struct wb_error *e);

/* Test seam: while set, takes the place of Argon2id in wb_kdf_passphrase, so that
 * sweeps do not spend their time there. */
extern void (*wb_kdf_source)(uint8_t out[static WB_KEY_BYTES],
    const uint8_t *passphrase, size_t size, const uint8_t salt[static WB_SALT_BYTES]);

#endif
