/* vault/base/mem.h - the only allocator: zeroed when given, wiped when freed. */
#ifndef WB_BASE_MEM_H
#define WB_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed block of `size` bytes (0 counts as 1), or NULL. Aligned for any type. Freed
 * only with wb_mem_free, which wipes the whole block first; NULL is fine. There is no
 * realloc: growing is a new block, a copy and a wiping free. */
void *wb_mem_new(size_t size);
void *wb_mem_new_array(size_t count, size_t size);
void *wb_mem_copy(const void *bytes, size_t size);
char *wb_mem_string(const char *text);
void wb_mem_free(void *block);

/* The size that was asked for. For allocators of libraries that must know it. */
size_t wb_mem_size(const void *block);

/* For SQLite, which grows its blocks: new, copy, wiping free. */
void *wb_mem_grow(void *block, size_t size);

/* Test seam: while set, asked before every allocation; answering true makes it fail. */
extern bool (*wb_mem_fault)(size_t size);

/* The same where an arena or a buffer has room left and need not allocate: whether it
 * has depends on what came before, so all who ask are to bear a refusal. */
extern bool (*wb_mem_room_fault)(void);

#endif
