/* vault/base/mem.c - the only allocator: zeroed when given, wiped when freed. */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The size stands in front of the block; the union keeps the block aligned for any
 * type. */
union head {
    size_t size;
    max_align_t align;
};

bool (*wb_mem_fault)(size_t size);
bool (*wb_mem_room_fault)(void);

void *
wb_mem_new(size_t size)
{
    union head *h;

    if (size == 0)
        size = 1;
    if (size > SIZE_MAX - sizeof *h || (wb_mem_fault != NULL && wb_mem_fault(size)))
        return NULL;
    h = calloc(1, sizeof *h + size);
    if (h == NULL)
        return NULL;
    h->size = size;
    return h + 1;
}

void *
wb_mem_new_array(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return wb_mem_new(count * size);
}

void *
wb_mem_copy(const void *bytes, size_t size)
{
    void *block = wb_mem_new(size);

    if (block != NULL && size > 0)
        memcpy(block, bytes, size);
    return block;
}

char *
wb_mem_string(const char *text)
{
    return wb_mem_copy(text, strlen(text) + 1);
}

void
wb_mem_free(void *block)
{
    union head *h = block;

    if (h == NULL)
        return;
    h -= 1;
    explicit_bzero(h + 1, h->size);
    free(h);
}

size_t
wb_mem_size(const void *block)
{
    const union head *h = block;

    return h == NULL ? 0 : h[-1].size;
}

void *
wb_mem_grow(void *block, size_t size)
{
    size_t old = wb_mem_size(block);
    void *grown;

    if (block != NULL && size <= old && size > old / 2)
        return block;
    grown = wb_mem_new(size);
    if (grown == NULL)
        return NULL;
    if (block != NULL)
        memcpy(grown, block, old < size ? old : size);
    wb_mem_free(block);
    return grown;
}
