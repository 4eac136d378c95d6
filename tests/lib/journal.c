/* tests/lib/journal.c - rollback journals as somebody else would write them. */
#include "journal.h"

#include <stdlib.h>
#include <string.h>

#include "room.h"

enum { NONCE = 0x5eed, CHECK_STEP = 200 };

static const uint8_t magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

static void
put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint8_t *
extend(struct journal *j, size_t size)
{
    j->bytes = realloc(j->bytes, j->size + size);
    assert_non_null(j->bytes);
    memset(j->bytes + j->size, 0, size);
    j->size += size;
    return j->bytes + j->size - size;
}

void
journal_begin(struct journal *j, uint32_t pages, uint32_t sector, uint32_t page)
{
    uint8_t *head;

    *j = (struct journal){.sector = sector, .page = page};
    head = extend(j, sector);
    memcpy(head, magic, sizeof magic);
    put_u32(head + 12, NONCE);
    put_u32(head + 16, pages);
    put_u32(head + 20, sector);
    put_u32(head + 24, page);
}

void
journal_put(struct journal *j, uint32_t number, const uint8_t *bytes)
{
    uint8_t *at = extend(j, 4 + j->page + 4);
    uint32_t check = NONCE;

    for (uint32_t i = j->page - CHECK_STEP; i > 0 && i < j->page; i -= CHECK_STEP)
        check += bytes[i];
    put_u32(at, number);
    memcpy(at + 4, bytes, j->page);
    put_u32(at + 4 + j->page, check);
    put_u32(j->bytes + 8, ++j->count);
}

void
journal_name(struct journal *j, const char *super)
{
    const uint32_t lock_page = 0x40000000 / j->page + 1;
    size_t size = strlen(super);
    uint8_t *at = extend(j, 4 + size + 4 + 4 + sizeof magic);
    uint32_t check = 0;

    for (size_t i = 0; i < size; i++)
        check += (uint8_t)super[i]; /* ASCII: signed or not is the same */
    put_u32(at, lock_page);
    memcpy(at + 4, super, size);
    put_u32(at + 4 + size, (uint32_t)size);
    put_u32(at + 8 + size, check);
    memcpy(at + 12 + size, magic, sizeof magic);
}

void
journal_end(struct journal *j, const char *path)
{
    room_write(path, j->bytes, j->size);
    free(j->bytes);
    *j = (struct journal){0};
}
