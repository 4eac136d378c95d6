/* vault/base/arena.c - many small blocks with one lifetime, wiped together. */
#include "arena.h"

#include <stdint.h>
#include <string.h>

#include "mem.h"

enum { BLOCK_BYTES = 4096, ALIGN_BYTES = 16 };

struct wb_arena_block {
    struct wb_arena_block *older;
    size_t used;
    size_t room;
    _Alignas(ALIGN_BYTES) uint8_t bytes[];
};

void *
wb_arena_new(struct wb_arena *a, size_t size)
{
    struct wb_arena_block *b = a->newest;
    size_t need, room;
    void *at;

    if (size > SIZE_MAX / 2 || (wb_mem_room_fault != NULL && wb_mem_room_fault()))
        return NULL;
    need = (size + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (b == NULL || need > b->room - b->used) {
        room = need > BLOCK_BYTES ? need : BLOCK_BYTES;
        b = wb_mem_new(sizeof *b + room);
        if (b == NULL)
            return NULL;
        b->room = room;
        b->older = a->newest;
        a->newest = b;
    }
    at = b->bytes + b->used;
    b->used += need;
    return at;
}

void *
wb_arena_new_array(struct wb_arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return wb_arena_new(a, count * size);
}

void *
wb_arena_copy(struct wb_arena *a, const void *bytes, size_t size)
{
    char *copy = size < SIZE_MAX ? wb_arena_new(a, size + 1) : NULL;

    if (copy != NULL && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

void
wb_arena_free(struct wb_arena *a)
{
    struct wb_arena_block *b = a->newest;

    while (b != NULL) {
        struct wb_arena_block *older = b->older;

        wb_mem_free(b);
        b = older;
    }
    a->newest = NULL;
}
