/* vault/base/buf.h - a growing run of bytes with a hard maximum, wiped when it grows or
 * goes. */
#ifndef WB_BASE_BUF_H
#define WB_BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include <witnessbox/error.h>

/* Appends never report by themselves: the first failure sticks, later appends do
 * nothing, and wb_buf_check says it once. So an encoder reads as the list of what it
 * writes. `data` is valid until the next append; it may be NULL while `size` is 0. */
struct wb_buf {
    uint8_t *data;
    size_t size;
    size_t room;
    size_t max;
    enum wb_status failed;
};

/* An empty buffer that will hold at most `max` bytes. No memory is taken yet. */
void wb_buf_init(struct wb_buf *b, size_t max);

/* Wipes and frees; afterwards as after wb_buf_init with the same maximum. */
void wb_buf_wipe(struct wb_buf *b);

/* Makes it empty, wiping the bytes, keeping the memory. Clears a failure. */
void wb_buf_clear(struct wb_buf *b);

void wb_buf_add(struct wb_buf *b, const void *bytes, size_t size);
void wb_buf_add_text(struct wb_buf *b, const char *text);
void wb_buf_add_zeros(struct wb_buf *b, size_t count);
void wb_buf_print(struct wb_buf *b, const char *format, ...) WB_PRINTF(2, 3);

/* `size` bytes at the end to be filled by the caller, or NULL when that failed. */
uint8_t *wb_buf_extend(struct wb_buf *b, size_t size);

/* Ensures a NUL behind the last byte (not counted in size) and returns the text; ""
 * when the buffer is empty or has failed. */
const char *wb_buf_text(struct wb_buf *b);

/* WB_OK, WB_ERR_MEMORY, or WB_ERR_LIMIT when more than the maximum was appended. */
WB_CHECKED enum wb_status wb_buf_check(const struct wb_buf *b, struct wb_error *e);

/* Hands the bytes to the caller, to be freed with wb_mem_free; the buffer is empty
 * again. */
uint8_t *wb_buf_take(struct wb_buf *b, size_t *size);

#endif
