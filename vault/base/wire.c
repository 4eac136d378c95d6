/* vault/base/wire.c - integers and byte runs, little-endian, bounds-checked both ways.
 */
#include "wire.h"

#include <string.h>

#include "fail.h"

static void
set(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

void
wb_set_u16(uint8_t out[static 2], uint16_t value)
{
    set(out, value, 2);
}

void
wb_set_u32(uint8_t out[static 4], uint32_t value)
{
    set(out, value, 4);
}

void
wb_set_u64(uint8_t out[static 8], uint64_t value)
{
    set(out, value, 8);
}

static void
put(struct wb_buf *b, uint64_t value, size_t size)
{
    uint8_t *at = wb_buf_extend(b, size);

    if (at != NULL)
        set(at, value, size);
}

void
wb_put_u8(struct wb_buf *b, uint8_t value)
{
    put(b, value, 1);
}

void
wb_put_u16(struct wb_buf *b, uint16_t value)
{
    put(b, value, 2);
}

void
wb_put_u32(struct wb_buf *b, uint32_t value)
{
    put(b, value, 4);
}

void
wb_put_u64(struct wb_buf *b, uint64_t value)
{
    put(b, value, 8);
}

static void
put_run(struct wb_buf *b, const void *bytes, size_t size, size_t length_bytes)
{
    if ((uint64_t)size >> (8 * length_bytes) != 0) {
        if (b->failed == WB_OK)
            b->failed = WB_ERR_LIMIT;
        return;
    }
    put(b, size, length_bytes);
    wb_buf_add(b, bytes, size);
}

void
wb_put_short(struct wb_buf *b, const void *bytes, size_t size)
{
    put_run(b, bytes, size, 1);
}

void
wb_put_medium(struct wb_buf *b, const void *bytes, size_t size)
{
    put_run(b, bytes, size, 2);
}

void
wb_put_long(struct wb_buf *b, const void *bytes, size_t size)
{
    put_run(b, bytes, size, 4);
}

void
wb_cursor_init(struct wb_cursor *c, const void *bytes, size_t size)
{
    *c = (struct wb_cursor){.at = bytes, .left = size};
}

const uint8_t *
wb_get_bytes(struct wb_cursor *c, size_t size)
{
    const uint8_t *at = c->at;

    if (c->failed || size > c->left) {
        c->failed = true;
        return NULL;
    }
    if (size > 0) /* nothing may stand at NULL */
        c->at += size;
    c->left -= size;
    return at;
}

static uint64_t
get(struct wb_cursor *c, size_t size)
{
    const uint8_t *at = wb_get_bytes(c, size);
    uint64_t value = 0;

    for (size_t i = 0; at != NULL && i < size; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

uint8_t
wb_get_u8(struct wb_cursor *c)
{
    return (uint8_t)get(c, 1);
}

uint16_t
wb_get_u16(struct wb_cursor *c)
{
    return (uint16_t)get(c, 2);
}

uint32_t
wb_get_u32(struct wb_cursor *c)
{
    return (uint32_t)get(c, 4);
}

uint64_t
wb_get_u64(struct wb_cursor *c)
{
    return get(c, 8);
}

void
wb_get_copy(struct wb_cursor *c, void *out, size_t size)
{
    const uint8_t *at = wb_get_bytes(c, size);

    if (at != NULL && size > 0)
        memcpy(out, at, size);
    else if (size > 0)
        memset(out, 0, size);
}

static const uint8_t *
get_run(struct wb_cursor *c, size_t *size, size_t length_bytes)
{
    const uint8_t *at;

    *size = (size_t)get(c, length_bytes);
    at = wb_get_bytes(c, *size);
    if (at == NULL)
        *size = 0;
    return at;
}

const uint8_t *
wb_get_short(struct wb_cursor *c, size_t *size)
{
    return get_run(c, size, 1);
}

const uint8_t *
wb_get_medium(struct wb_cursor *c, size_t *size)
{
    return get_run(c, size, 2);
}

const uint8_t *
wb_get_long(struct wb_cursor *c, size_t *size)
{
    return get_run(c, size, 4);
}

enum wb_status
wb_cursor_end(const struct wb_cursor *c, struct wb_error *e)
{
    if (c->failed)
        return wb_fail(e, WB_ERR_FORMAT, "ends too early");
    if (c->left > 0)
        return wb_fail(e, WB_ERR_FORMAT, "%zu bytes too many", c->left);
    return WB_OK;
}
