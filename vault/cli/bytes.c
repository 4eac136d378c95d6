/* vault/cli/bytes.c - memory of the command: pages of its own, locked where that is
 * allowed, outside of core dumps, wiped. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "cli.h"

enum { FIRST_ROOM = 1 << 16 };

/* What was taken since the last release, newest first; stands in front of the block. */
union taken {
    struct {
        union taken *older;
        size_t size;
    } of;
    max_align_t align;
};
static union taken *newest;

static void *
map(size_t size)
{
    void *at =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        return NULL;
    (void)madvise(at, size, MADV_DONTDUMP);
    (void)mlock(at, size); /* beyond the limit it stays as it is */
    return at;
}

void *
cli_take(size_t count, size_t size)
{
    union taken *t;

    if (count == 0 || size > (SIZE_MAX - sizeof *t) / count)
        return NULL;
    t = map(sizeof *t + count * size);
    if (t == NULL)
        return NULL;
    t->of.size = sizeof *t + count * size;
    t->of.older = newest;
    newest = t;
    return t + 1;
}

const void *
cli_taken(void)
{
    return newest;
}

void
cli_release(const void *since)
{
    while (newest != NULL && newest != since) {
        union taken *gone = newest;

        newest = gone->of.older;
        wb_text_wipe(gone + 1, gone->of.size - sizeof *gone);
        (void)munmap(gone, gone->of.size);
    }
}

void
cli_bytes_free(struct cli_bytes *b)
{
    if (b->bytes != NULL) {
        wb_text_wipe(b->bytes, b->room);
        (void)munmap(b->bytes, b->room);
    }
    *b = (struct cli_bytes){0};
}

/* Moves pages instead of copying bytes: nothing stays behind. Locked ones that would go
 * beyond the limit are let go first. */
static void *
move(void *at, size_t size, size_t room)
{
    void *moved = mremap(at, size, room, MREMAP_MAYMOVE);

    if (moved == MAP_FAILED && errno == EAGAIN && munlock(at, size) == 0)
        moved = mremap(at, size, room, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED)
        return NULL;
    (void)madvise(moved, room, MADV_DONTDUMP);
    return moved;
}

bool
cli_bytes_grow(struct cli_bytes *b, size_t more)
{
    size_t room = b->room > 0 ? b->room : FIRST_ROOM;
    void *at;

    while (room - b->size <= more && room < SIZE_MAX / 2)
        room *= 2;
    if (room == b->room)
        return true;
    at = b->room > 0 ? move(b->bytes, b->room, room) : map(room);
    if (at == NULL)
        return false;
    b->bytes = at;
    b->room = room;
    return true;
}

bool
cli_bytes_put(struct cli_bytes *b, size_t at, const char *bytes, size_t size)
{
    if (!cli_bytes_grow(b, size))
        return false;
    memmove(b->bytes + at + size, b->bytes + at, b->size - at);
    memcpy(b->bytes + at, bytes, size);
    b->size += size;
    return true;
}

void
cli_bytes_cut(struct cli_bytes *b, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(b->bytes + from, b->bytes + to, b->size - to);
    b->size -= to - from;
    wb_text_wipe(b->bytes + b->size, to - from);
}
