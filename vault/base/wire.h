/* vault/base/wire.h - integers and byte runs, little-endian, bounds-checked both ways.
 */
#ifndef WB_BASE_WIRE_H
#define WB_BASE_WIRE_H

#include "buf.h"

/* Writing: onto a buffer, whose failure sticks (buf.h). */
void wb_put_u8(struct wb_buf *b, uint8_t value);
void wb_put_u16(struct wb_buf *b, uint16_t value);
void wb_put_u32(struct wb_buf *b, uint32_t value);
void wb_put_u64(struct wb_buf *b, uint64_t value);

/* A length of one, two or four bytes, then the bytes. Too long for the length sticks as
 * WB_ERR_LIMIT. */
void wb_put_short(struct wb_buf *b, const void *bytes, size_t size);  /* u8 length  */
void wb_put_medium(struct wb_buf *b, const void *bytes, size_t size); /* u16 length */
void wb_put_long(struct wb_buf *b, const void *bytes, size_t size);   /* u32 length */

/* Into a fixed place of the caller's: parts of headers, contexts of keys. */
void wb_set_u16(uint8_t out[static 2], uint16_t value);
void wb_set_u32(uint8_t out[static 4], uint32_t value);
void wb_set_u64(uint8_t out[static 8], uint64_t value);

/* Reading: a cursor over bytes that somebody else owns. The first read past the end
 * sticks: it and all later reads give zeros, NULL and length 0, and wb_cursor_end says
 * so. A count read from the input must be checked against what is left before it sizes
 * anything. */
struct wb_cursor {
    const uint8_t *at;
    size_t left;
    bool failed;
};

void wb_cursor_init(struct wb_cursor *c, const void *bytes, size_t size);
uint8_t wb_get_u8(struct wb_cursor *c);
uint16_t wb_get_u16(struct wb_cursor *c);
uint32_t wb_get_u32(struct wb_cursor *c);
uint64_t wb_get_u64(struct wb_cursor *c);

/* A pointer to the next `size` bytes, inside the input; NULL once failed. */
const uint8_t *wb_get_bytes(struct wb_cursor *c, size_t size);

/* Copies `size` bytes out; zeros once failed. */
void wb_get_copy(struct wb_cursor *c, void *out, size_t size);

/* A length and that many bytes, inside the input. */
const uint8_t *wb_get_short(struct wb_cursor *c, size_t *size);
const uint8_t *wb_get_medium(struct wb_cursor *c, size_t *size);
const uint8_t *wb_get_long(struct wb_cursor *c, size_t *size);

/* WB_OK when nothing failed and everything was consumed; else WB_ERR_FORMAT. */
WB_CHECKED enum wb_status wb_cursor_end(const struct wb_cursor *c, struct wb_error *e);

#endif
