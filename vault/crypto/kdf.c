/* vault/crypto/kdf.c - keys from passphrases (Argon2id) and keys from keys (BLAKE2b,
 * HKDF). */
#include "kdf.h"

#include <argon2.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

#include "../base/fail.h"

enum { SCRYPT_R = 8, SCRYPT_P = 1 };

void (*wb_kdf_source)(uint8_t out[static WB_KEY_BYTES], const uint8_t *passphrase,
    size_t size, const uint8_t salt[static WB_SALT_BYTES]);

static enum wb_status
check_range(
    const char *what, uint32_t value, uint32_t floor, uint32_t cap, struct wb_error *e)
{
    if (value < floor)
        return wb_fail(
            e, WB_ERR_LIMIT, "key derivation: %s %u, at least %u", what, value, floor);
    if (value > cap)
        return wb_fail(
            e, WB_ERR_LIMIT, "key derivation: %s %u, limit is %u", what, value, cap);
    return WB_OK;
}

enum wb_status
wb_kdf_check(const struct wb_kdf_params *p, struct wb_error *e)
{
    enum wb_status st;

    if ((st = check_range("memory in KiB", p->memory_kib, WB_KDF_FLOOR.memory_kib,
             WB_KDF_CAP.memory_kib, e)) != WB_OK ||
        (st = check_range(
             "passes", p->passes, WB_KDF_FLOOR.passes, WB_KDF_CAP.passes, e)) != WB_OK)
        return st;
    return check_range("lanes", p->lanes, WB_KDF_FLOOR.lanes, WB_KDF_CAP.lanes, e);
}

/* The matrix of the one derivation that runs; libargon2's callbacks carry no context.
 */
static _Thread_local struct {
    uint8_t *bytes;
    size_t size;
} matrix;

/* Debian's libargon2 looks only at *memory; its own allocator would leak the matrix
 * unwiped when a thread cannot start. Populating the pages at once saves a quarter of
 * the time. */
static int
matrix_new(uint8_t **memory, size_t size)
{
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    *memory = NULL;
    if (bytes == MAP_FAILED)
        return ARGON2_MEMORY_ALLOCATION_ERROR;
    (void)madvise(bytes, size, MADV_DONTDUMP);
    matrix.bytes = bytes;
    matrix.size = size;
    *memory = bytes;
    return ARGON2_OK;
}

static void
matrix_free(void)
{
    if (matrix.bytes == NULL)
        return;
    sodium_memzero(matrix.bytes, matrix.size);
    munmap(matrix.bytes, matrix.size);
    matrix.bytes = NULL;
    matrix.size = 0;
}

static void
matrix_keep(uint8_t *memory, size_t size)
{
    (void)memory;
    (void)size; /* wiped and unmapped by matrix_free, on every path alike */
}

enum wb_status
wb_kdf_passphrase(struct wb_secret *out, const struct wb_kdf_params *p,
    const struct wb_kdf_input *in, struct wb_error *e)
{
    argon2_context c = {
        .out = wb_secret_room(out),
        .outlen = WB_KEY_BYTES,
        .pwd = (uint8_t *)(uintptr_t)wb_secret_bytes(in->passphrase),
        .pwdlen = (uint32_t)in->passphrase_size,
        .salt = (uint8_t *)(uintptr_t)in->salt,
        .saltlen = WB_SALT_BYTES,
        .ad = (uint8_t *)(uintptr_t)in->ad,
        .adlen = (uint32_t)in->ad_size,
        .t_cost = p->passes,
        .m_cost = p->memory_kib,
        .lanes = p->lanes,
        .threads = p->lanes,
        .version = ARGON2_VERSION_13,
        .allocate_cbk = matrix_new,
        .free_cbk = matrix_keep,
        .flags = ARGON2_DEFAULT_FLAGS,
    };
    enum wb_status st;
    int rc;

    if ((st = wb_kdf_check(p, e)) != WB_OK)
        return st;
    if (wb_kdf_source != NULL) {
        wb_kdf_source(wb_secret_room(out), wb_secret_bytes(in->passphrase),
            in->passphrase_size, in->salt);
        return WB_OK;
    }
    if (in->secret != NULL) {
        c.secret = (uint8_t *)(uintptr_t)wb_secret_bytes(in->secret);
        c.secretlen = (uint32_t)wb_secret_size(in->secret);
    }
    rc = argon2id_ctx(&c);
    matrix_free();
    if (rc ==
        ARGON2_THREAD_FAIL) { /* no threads to be had: the same result, one by one */
        c.threads = 1;
        rc = argon2id_ctx(&c);
        matrix_free();
    }
    if (rc == ARGON2_MEMORY_ALLOCATION_ERROR)
        return wb_fail(e, WB_ERR_MEMORY,
            "key derivation: %u MiB of memory are not to be had on this machine",
            p->memory_kib / 1024);
    if (rc != ARGON2_OK)
        return wb_fail(
            e, WB_ERR_INTERNAL, "key derivation: %s", argon2_error_message(rc));
    return WB_OK;
}

/* short(label) || context under a key, vault/store/FORMAT.md section 1. */
void
wb_kdf_tag(uint8_t *out, size_t out_size, const struct wb_secret *key,
    const char *label, const void *context, size_t size)
{
    crypto_generichash_state state;
    uint8_t length = (uint8_t)strlen(label);

    (void)crypto_generichash_init(
        &state, wb_secret_bytes(key), wb_secret_size(key), out_size);
    (void)crypto_generichash_update(&state, &length, 1);
    (void)crypto_generichash_update(&state, (const uint8_t *)label, length);
    if (size > 0)
        (void)crypto_generichash_update(&state, context, size);
    (void)crypto_generichash_final(&state, out, out_size);
    sodium_memzero(&state, sizeof state);
}

void
wb_kdf_derive(struct wb_secret *out, const struct wb_secret *key, const char *label,
    const void *context, size_t size)
{
    wb_kdf_tag(wb_secret_room(out), WB_KEY_BYTES, key, label, context, size);
}

/* Extract and one block of expand: 32 bytes are the length of the hash. */
void
wb_kdf_hkdf(struct wb_secret *out, const struct wb_secret *ikm, const void *salt,
    size_t salt_size, const char *info)
{
    static const uint8_t one = 1;
    static const uint8_t no_salt[1];
    crypto_auth_hmacsha256_state state;
    uint8_t prk[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, salt_size > 0 ? salt : no_salt, salt_size);
    crypto_auth_hmacsha256_update(&state, wb_secret_bytes(ikm), wb_secret_size(ikm));
    crypto_auth_hmacsha256_final(&state, prk);
    crypto_auth_hmacsha256_init(&state, prk, sizeof prk);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)info, strlen(info));
    crypto_auth_hmacsha256_update(&state, &one, 1);
    crypto_auth_hmacsha256_final(&state, wb_secret_room(out));
    sodium_memzero(prk, sizeof prk);
    sodium_memzero(&state, sizeof state);
}

enum wb_status
wb_kdf_scrypt(struct wb_secret *out, const struct wb_secret *passphrase,
    size_t passphrase_size, const void *salt, size_t salt_size, unsigned log_n,
    struct wb_error *e)
{
    if (log_n < 1)
        return wb_fail(e, WB_ERR_LIMIT, "scrypt: work factor %u, at least 1", log_n);
    if (log_n > 30)
        return wb_fail(e, WB_ERR_LIMIT, "scrypt: work factor %u, limit is 30", log_n);
    if (crypto_pwhash_scryptsalsa208sha256_ll(wb_secret_bytes(passphrase),
            passphrase_size, salt, salt_size, UINT64_C(1) << log_n, SCRYPT_R, SCRYPT_P,
            wb_secret_room(out), WB_KEY_BYTES) != 0)
        return wb_fail(
            e, WB_ERR_MEMORY, "scrypt: not enough memory for work factor %u", log_n);
    return WB_OK;
}
