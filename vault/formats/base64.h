/* vault/formats/base64.h - base64, canonical only (RFC 4648 section 4). */
#ifndef WB_FORMATS_BASE64_H
#define WB_FORMATS_BASE64_H

#include "../base/buf.h"

/* The standard alphabet. Padded text is a multiple of four characters, filled up with
 * `=` (minisign, signed notes); raw text goes without (age). Pure: no I/O. */
enum wb_base64 { WB_BASE64_PADDED, WB_BASE64_RAW };

/* Characters that `size` bytes take, without a NUL. */
size_t wb_base64_length(size_t size, enum wb_base64 form);

/* Writes exactly wb_base64_length characters and no NUL. */
void wb_base64_encode(char *out, const void *bytes, size_t size, enum wb_base64 form);

/* Appends the same to a buffer, whose failure sticks (buf.h). */
void wb_base64_put(
    struct wb_buf *out, const void *bytes, size_t size, enum wb_base64 form);

/* Reads text of exactly `size` bytes. False, `out` untouched, for any other length, a
 * character outside the alphabet (line ends and spaces too), padding that is missing,
 * wrong or not wanted, and unused bits that are not zero (section 3.5): for given bytes
 * exactly one text is accepted. Not constant time: for text that is public. */
WB_CHECKED bool wb_base64_decode(
    void *out, size_t size, const char *text, size_t length, enum wb_base64 form);

/* The same for text of unknown length: appends the bytes. False, the buffer as it was,
 * when it is not canonical; a full buffer sticks as always. */
WB_CHECKED bool wb_base64_get(
    struct wb_buf *out, const char *text, size_t length, enum wb_base64 form);

#endif
