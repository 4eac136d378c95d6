/* vault/crypto/secret.h - bytes that must not leak: locked, guarded, wiped. */
#ifndef WB_CRYPTO_SECRET_H
#define WB_CRYPTO_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include <witnessbox/error.h>

/* A fixed number of bytes in pages of their own: guard pages around, locked into
 * memory, out of core dumps, wiped when freed. Whether locking worked is recorded, not
 * assumed (wb_secret_all_locked): libsodium hides a failed mlock. Making one costs
 * system calls, so loops reuse one. */
struct wb_secret;

enum { WB_KEY_BYTES = 32 };

/* Once per process, before anything else of this room; safe to repeat. */
WB_CHECKED enum wb_status wb_crypto_start(struct wb_error *e);

/* `size` zero bytes, 1 to 65,536. */
WB_CHECKED enum wb_status wb_secret_new(
    struct wb_secret **s, size_t size, struct wb_error *e);

/* Wipes, frees, nulls; NULL is fine. */
void wb_secret_free(struct wb_secret **s);

/* Hands over: returns *s and leaves NULL. */
struct wb_secret *wb_secret_take(struct wb_secret **s);

size_t wb_secret_size(const struct wb_secret *s);

/* The bytes, for the one call that needs them; never kept. */
const uint8_t *wb_secret_bytes(const struct wb_secret *s);
uint8_t *wb_secret_room(struct wb_secret *s);

/* Zeros now, keeps the memory. */
void wb_secret_clear(struct wb_secret *s);

/* False once any secret of this process could not be locked. */
bool wb_secret_all_locked(void);

/* Constant-time comparison of public or secret bytes. */
bool wb_equal(const void *a, const void *b, size_t size);

/* All ones where the two numbers, both below 2^31, are equal, else 0: for choosing by a
 * secret without a branch or an index. */
uint32_t wb_equal_mask(uint32_t a, uint32_t b);

/* Wipes any memory, even if the compiler believes that nobody looks. */
void wb_wipe(void *bytes, size_t size);

/* Test seam: while set, asked before each lock; answering true makes locking fail. */
extern bool (*wb_secret_fault)(void);

#endif
