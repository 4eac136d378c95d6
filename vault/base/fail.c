/* vault/base/fail.c - filling in a struct wb_error, innermost reason first. */
#include "fail.h"

#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
wb_word(const char *english)
{
    /* gettext answers what is empty with the head of the catalogue */
    return english[0] == '\0' ? english : dgettext(WB_PROGRAM, english);
}

enum { WHOLE_BYTES = 5 * 1024 }; /* a path and what is said of it */

/* What does not fit loses its beginning, a long path: the reason stands at the end. */
static void
set_message(struct wb_error *e, const char *text)
{
    static const char cut[] = "...";
    const size_t room = sizeof e->message - 1, size = strlen(text);

    if (size <= room) {
        memcpy(e->message, text, size + 1);
        return;
    }
    text += size - room + strlen(cut);
    while (((unsigned char)*text & 0xc0) == 0x80) /* inside a letter */
        text++;
    (void)snprintf(e->message, sizeof e->message, "%s%s", cut, text);
}

/* `reason` stands behind it, unless it is NULL; it may be what `e` says so far, and so
 * may be what is printed. */
__attribute__((format(printf, 5, 0))) static enum wb_status
fill(struct wb_error *e, enum wb_status status, int os_errno, const char *reason,
    const char *format, va_list args)
{
    char text[WHOLE_BYTES];
    size_t used;

    if (e == NULL)
        return status;
    (void)vsnprintf(text, sizeof text, wb_word(format), args);
    used = strlen(text);
    if (reason != NULL)
        (void)snprintf(text + used, sizeof text - used, ": %s", reason);
    *e = (struct wb_error){.status = status, .os_errno = os_errno};
    set_message(e, text);
    return status;
}

enum wb_status
wb_fail(struct wb_error *e, enum wb_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(e, status, 0, NULL, format, args);
    va_end(args);
    return status;
}

enum wb_status
wb_fail_os(struct wb_error *e, int os_errno, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(e, WB_ERR_IO, os_errno, strerrordesc_np(os_errno), format, args);
    va_end(args);
    return WB_ERR_IO;
}

enum wb_status
wb_within(struct wb_error *e, enum wb_status status, const char *format, ...)
{
    va_list args;

    if (e == NULL || status == WB_OK)
        return status;
    va_start(args, format);
    fill(e, status, e->os_errno, e->message, format, args);
    va_end(args);
    return status;
}

enum wb_status
wb_fail_memory(struct wb_error *e)
{
    return wb_fail(e, WB_ERR_MEMORY, "not enough memory");
}

int
wb_status_exit(enum wb_status status)
{
    switch (status) {
    case WB_OK:
        return 0;
    case WB_ERR_IO:
    case WB_ERR_MEMORY:
    case WB_ERR_INTERNAL:
        return 1;
    case WB_ERR_USAGE:
    case WB_ERR_VALUE:
        return 2;
    case WB_ERR_PASSPHRASE:
    case WB_ERR_LOCKED:
        return 3;
    case WB_ERR_FORMAT:
    case WB_ERR_LIMIT:
    case WB_ERR_INTEGRITY:
    case WB_ERR_TOO_NEW:
        return 4;
    case WB_ERR_POLICY:
        return 5;
    case WB_ERR_NOT_FOUND:
    case WB_ERR_AMBIGUOUS:
        return 6;
    case WB_ERR_BUSY:
        return 7;
    }
    return 1;
}

bool
wb_is_damage(enum wb_status status)
{
    return status == WB_ERR_INTEGRITY || status == WB_ERR_FORMAT ||
        status == WB_ERR_TOO_NEW || status == WB_ERR_LIMIT;
}
