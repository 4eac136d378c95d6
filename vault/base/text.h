/* vault/base/text.h - UTF-8 checked, shown without surprises; hexadecimal. */
#ifndef WB_BASE_TEXT_H
#define WB_BASE_TEXT_H

#include "buf.h"

/* Copies a text with its end, cut between two characters where it does not fit. `room`
 * > 0. */
void wb_text_copy(char *out, size_t room, const char *text);

/* Checks that `size` bytes are well-formed UTF-8 (RFC 3629) without U+0000.
 * WB_ERR_VALUE names the offset of the first byte that is not. */
WB_CHECKED enum wb_status wb_text_check(
    const void *bytes, size_t size, struct wb_error *e);

/* Appends text so that it cannot command a terminal: C0 (line feeds too), DEL, C1, the
 * bidirectional controls and bytes that are not UTF-8 become \u{..} or \x.. . */
void wb_text_show(struct wb_buf *out, const void *bytes, size_t size);

/* As wb_text_show, but a line feed stays one. */
void wb_text_show_lines(struct wb_buf *out, const void *bytes, size_t size);

/* The bytes that the character at `at` takes if it is one that wb_text_show writes out
 * (a line feed is), else 0; `*code`, at most U+FFFF, only then. */
size_t wb_text_control(const void *at, size_t left, uint32_t *code);

/* Columns that shown text takes on a terminal (wide characters count 2, combining 0).
 */
size_t wb_text_width(const void *bytes, size_t size);

/* Appends the NFC form (Unicode 15 as utf8proc has it). WB_ERR_VALUE for what is not
 * UTF-8 or holds an unassigned code point: normalization of those may change with a
 * later Unicode. */
WB_CHECKED enum wb_status wb_text_normalize(
    struct wb_buf *out, const void *bytes, size_t size, struct wb_error *e);

/* Lower-case hexadecimal. `out` holds 2 * size + 1 characters with the NUL. */
void wb_hex_encode(char *out, const void *bytes, size_t size);

/* Reads exactly 2 * size lower-case digits; false for anything else, `out` untouched.
 */
bool wb_hex_decode(void *out, size_t size, const char *text, size_t length);

#endif
