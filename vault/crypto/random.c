/* vault/crypto/random.c - random bytes from the kernel, through libsodium. */
#include "random.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

enum { STORE_BYTES = 1024, SMALL_BYTES = 64 };

/* What was drawn ahead, of which `left` bytes are still to be given. A page of its own:
 * locked, in no core dump, and empty in a process that was forked. */
struct store {
    size_t left;
    uint8_t bytes[STORE_BYTES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void (*wb_random_source)(void *bytes, size_t size);

/* NULL where the system has no such page: then every draw is one of its own. */
static struct store *
open_store(void)
{
    static struct store *store;
    static bool tried;

    if (tried)
        return store;
    tried = true;
    store = mmap(NULL, sizeof *store, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (store == MAP_FAILED)
        store = NULL;
    else if (madvise(store, sizeof *store, MADV_WIPEONFORK) != 0 ||
        madvise(store, sizeof *store, MADV_DONTDUMP) != 0 ||
        mlock(store, sizeof *store) != 0) {
        (void)munmap(store, sizeof *store);
        store = NULL;
    }
    return store;
}

/* Each byte is given once, and is gone then. */
static bool
draw_small(void *bytes, size_t size)
{
    struct store *s;

    (void)pthread_mutex_lock(&lock);
    if ((s = open_store()) != NULL) {
        if (s->left < size) {
            randombytes_buf(s->bytes, sizeof s->bytes);
            s->left = sizeof s->bytes;
        }
        s->left -= size;
        memcpy(bytes, s->bytes + s->left, size);
        sodium_memzero(s->bytes + s->left, size);
    }
    (void)pthread_mutex_unlock(&lock);
    return s != NULL;
}

void
wb_random(void *bytes, size_t size)
{
    if (wb_random_source != NULL)
        wb_random_source(bytes, size);
    else if (size > SMALL_BYTES || !draw_small(bytes, size))
        randombytes_buf(bytes, size);
}

void
wb_random_secret(struct wb_secret *s)
{
    wb_random(wb_secret_room(s), wb_secret_size(s));
}

uint32_t
wb_random_below(uint32_t below)
{
    uint32_t drawn;

    if (wb_random_source == NULL)
        return randombytes_uniform(below);
    wb_random_source(&drawn, sizeof drawn); /* a test's: need not be without bias */
    return below == 0 ? 0 : drawn % below;
}
