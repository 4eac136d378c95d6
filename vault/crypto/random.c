/* vault/crypto/random.c - random bytes from the kernel, through libsodium. */
#include "random.h"

#include <sodium.h>

void (*wb_random_source)(void *bytes, size_t size);

void
wb_random(void *bytes, size_t size)
{
    if (wb_random_source != NULL)
        wb_random_source(bytes, size);
    else
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
