/* vault/crypto/secret.c - bytes that must not leak: locked, guarded, wiped. */
#include "secret.h"

#include <sodium.h>
#include <sys/mman.h>

#include "../base/fail.h"
#include "../base/mem.h"

enum { SECRET_BYTES_MAX = 65536 };

struct wb_secret {
    size_t size;
    uint8_t *bytes; /* from sodium_malloc: right-aligned against a guard page */
};

static bool all_locked = true;

bool (*wb_secret_fault)(void);

enum wb_status
wb_crypto_start(struct wb_error *e)
{
    if (sodium_init() < 0)
        return wb_fail(e, WB_ERR_INTERNAL, "libsodium could not be started");
    return WB_OK;
}

enum wb_status
wb_secret_new(struct wb_secret **s, size_t size, struct wb_error *e)
{
    struct wb_secret *made;

    if (size == 0 || size > SECRET_BYTES_MAX)
        return wb_fail(e, WB_ERR_INTERNAL, "secret of %zu bytes", size);
    made = wb_mem_new(sizeof *made);
    if (made == NULL)
        return wb_fail_memory(e);
    made->size = size;
    made->bytes = sodium_malloc(size);
    if (made->bytes == NULL) {
        wb_mem_free(made);
        return wb_fail_memory(e);
    }
    /* sodium_malloc ignores whether its own mlock worked: ask again and remember */
    if ((wb_secret_fault != NULL && wb_secret_fault()) || mlock(made->bytes, size) != 0)
        all_locked = false;
    sodium_memzero(made->bytes, size);
    *s = made;
    return WB_OK;
}

void
wb_secret_free(struct wb_secret **s)
{
    if (*s == NULL)
        return;
    sodium_free((*s)->bytes);
    wb_mem_free(*s);
    *s = NULL;
}

struct wb_secret *
wb_secret_take(struct wb_secret **s)
{
    struct wb_secret *taken = *s;

    *s = NULL;
    return taken;
}

size_t
wb_secret_size(const struct wb_secret *s)
{
    return s->size;
}

const uint8_t *
wb_secret_bytes(const struct wb_secret *s)
{
    return s->bytes;
}

uint8_t *
wb_secret_room(struct wb_secret *s)
{
    return s->bytes;
}

void
wb_secret_clear(struct wb_secret *s)
{
    sodium_memzero(s->bytes, s->size);
}

bool
wb_secret_all_locked(void)
{
    return all_locked;
}

bool
wb_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

uint32_t
wb_equal_mask(uint32_t a, uint32_t b)
{
    return 0u - (((a ^ b) - 1) >> 31);
}

void
wb_wipe(void *bytes, size_t size)
{
    sodium_memzero(bytes, size);
}
