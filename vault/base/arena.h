/* vault/base/arena.h - many small blocks with one lifetime, wiped together. */
#ifndef WB_BASE_ARENA_H
#define WB_BASE_ARENA_H

#include <stddef.h>

/* Starts as {0}. Blocks live until wb_arena_free; their addresses never move. */
struct wb_arena {
    struct wb_arena_block *newest;
};

/* A zeroed block aligned for any type, or NULL. */
void *wb_arena_new(struct wb_arena *a, size_t size);
void *wb_arena_new_array(struct wb_arena *a, size_t count, size_t size);

/* A copy with a NUL behind it. */
void *wb_arena_copy(struct wb_arena *a, const void *bytes, size_t size);

/* Wipes and frees everything; empty again. */
void wb_arena_free(struct wb_arena *a);

#endif
