/* vault/base/buf.c - a growing run of bytes with a hard maximum, wiped when it grows or
 * goes. */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "mem.h"

enum { ROOM_BYTES_MIN = 256 };

void
wb_buf_init(struct wb_buf *b, size_t max)
{
    *b = (struct wb_buf){.max = max};
}

void
wb_buf_wipe(struct wb_buf *b)
{
    wb_mem_free(b->data);
    wb_buf_init(b, b->max);
}

void
wb_buf_clear(struct wb_buf *b)
{
    if (b->size > 0)
        explicit_bzero(b->data, b->size);
    b->size = 0;
    b->failed = WB_OK;
}

/* Room for `size` more bytes and the NUL of wb_buf_text. */
static bool
grow(struct wb_buf *b, size_t size)
{
    size_t room = b->room;
    uint8_t *data;

    if (b->failed != WB_OK)
        return false;
    if (size > b->max - b->size) {
        b->failed = WB_ERR_LIMIT;
        return false;
    }
    if (size > 0 && wb_mem_room_fault != NULL && wb_mem_room_fault()) {
        b->failed = WB_ERR_MEMORY;
        return false;
    }
    if (b->size + size < room)
        return true;
    if (room < ROOM_BYTES_MIN)
        room = ROOM_BYTES_MIN;
    while (room <= b->size + size)
        room *= 2;
    data = wb_mem_new(room);
    if (data == NULL) {
        b->failed = WB_ERR_MEMORY;
        return false;
    }
    if (b->size > 0)
        memcpy(data, b->data, b->size);
    wb_mem_free(b->data);
    b->data = data;
    b->room = room;
    return true;
}

uint8_t *
wb_buf_extend(struct wb_buf *b, size_t size)
{
    uint8_t *at;

    if (!grow(b, size))
        return NULL;
    at = b->data + b->size;
    b->size += size;
    return at;
}

void
wb_buf_add(struct wb_buf *b, const void *bytes, size_t size)
{
    uint8_t *at = wb_buf_extend(b, size);

    if (at != NULL && size > 0)
        memcpy(at, bytes, size);
}

void
wb_buf_add_text(struct wb_buf *b, const char *text)
{
    wb_buf_add(b, text, strlen(text));
}

void
wb_buf_add_zeros(struct wb_buf *b, size_t count)
{
    uint8_t *at = wb_buf_extend(b, count);

    if (at != NULL && count > 0)
        memset(at, 0, count);
}

void
wb_buf_print(struct wb_buf *b, const char *format, ...)
{
    va_list args, again;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 && b->failed == WB_OK)
        b->failed = WB_ERR_INTERNAL;
    if (length >= 0 && grow(b, (size_t)length)) {
        (void)vsnprintf((char *)b->data + b->size, (size_t)length + 1, format, again);
        b->size += (size_t)length;
    }
    va_end(again);
}

const char *
wb_buf_text(struct wb_buf *b)
{
    if (!grow(b, 0))
        return "";
    b->data[b->size] = '\0';
    return (const char *)b->data;
}

enum wb_status
wb_buf_check(const struct wb_buf *b, struct wb_error *e)
{
    if (b->failed == WB_ERR_LIMIT)
        return wb_fail(e, WB_ERR_LIMIT, "size: more than %zu bytes", b->max);
    if (b->failed == WB_ERR_MEMORY)
        return wb_fail_memory(e);
    if (b->failed != WB_OK)
        return wb_fail(e, b->failed, "a text could not be formatted");
    return WB_OK;
}

uint8_t *
wb_buf_take(struct wb_buf *b, size_t *size)
{
    uint8_t *data = b->data;

    *size = b->size;
    wb_buf_init(b, b->max);
    return data;
}
