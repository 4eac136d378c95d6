/* include/witnessbox/text.h - text made safe to show, and pieces of JSON, for programs.
 */
#ifndef WITNESSBOX_TEXT_H
#define WITNESSBOX_TEXT_H

#include <stdbool.h>

#include "error.h"

/* Text for a terminal: control and bidirectional characters written out as \u{..}. With
 * `lines` a line feed stays one. The answer is freed with wb_text_free; NULL without
 * memory. */
WB_API char *wb_text_safe(const char *text, size_t size, bool lines);

/* A JSON string with its quotes, in which what wb_text_safe writes out is \uxxxx: safe
 * on a terminal and the same text to every reader. Freed with wb_text_free; NULL
 * without memory, or when the text is not UTF-8 or holds U+0000. */
WB_API char *wb_text_json(const char *text, size_t size);

/* Columns on a terminal: wide characters count two, combining ones none. */
WB_API size_t wb_text_columns(const char *text, size_t size);

/* Wipes and frees; NULL is fine. */
WB_API void wb_text_free(char *text);

/* Wipes a buffer of the caller's (a passphrase that was read). */
WB_API void wb_text_wipe(void *bytes, size_t size);

/* Wipes what calls before left on the stack, 256 KiB below the caller. */
WB_API void wb_stack_wipe(void);

#endif
