/* vault/base/fail.h - filling in a struct wb_error, innermost reason first. */
#ifndef WB_BASE_FAIL_H
#define WB_BASE_FAIL_H

#include <stdbool.h>

#include <witnessbox/error.h>

/* Sets the message and returns `status`, so that a refusal is one line:
 * return wb_fail(e, WB_ERR_LIMIT, "size: %s, limit is 4 GiB", text); */
enum wb_status wb_fail(
    struct wb_error *e, enum wb_status status, const char *format, ...) WB_PRINTF(3, 4);

/* As wb_fail with WB_ERR_IO, the words of `os_errno` appended after a colon. */
enum wb_status wb_fail_os(struct wb_error *e, int os_errno, const char *format, ...)
    WB_PRINTF(3, 4);

/* Puts the place in front of a message that is already there, "place: message", and
 * returns the same status. WB_OK passes through untouched. */
enum wb_status wb_within(
    struct wb_error *e, enum wb_status status, const char *format, ...) WB_PRINTF(3, 4);

/* WB_ERR_MEMORY with the constant words. */
enum wb_status wb_fail_memory(struct wb_error *e);

/* What is stored does not open: a reason to pass it over, not to stop. */
bool wb_is_damage(enum wb_status status);

/* Marks words in a table that wb_word is asked for where they are used. */
#define WB_SAID(words) words

/* The same words in the language of the process, where whoever runs it chose one. */
const char *wb_word(const char *english) __attribute__((format_arg(1)));

#endif
