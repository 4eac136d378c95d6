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

/* What is said may quote what `e` said before. */
__attribute__((format(printf, 4, 0))) static enum wb_status
fill(struct wb_error *e, enum wb_status status, int os_errno, const char *format,
    va_list args)
{
    char message[WB_ERROR_MESSAGE_BYTES];

    if (e == NULL)
        return status;
    (void)vsnprintf(message, sizeof message, wb_word(format), args);
    *e = (struct wb_error){.status = status, .os_errno = os_errno};
    memcpy(e->message, message, sizeof message);
    return status;
}

enum wb_status
wb_fail(struct wb_error *e, enum wb_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(e, status, 0, format, args);
    va_end(args);
    return status;
}

enum wb_status
wb_fail_os(struct wb_error *e, int os_errno, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(e, WB_ERR_IO, os_errno, format, args);
    va_end(args);
    if (e != NULL) {
        size_t used = strlen(e->message);

        (void)snprintf(e->message + used, sizeof e->message - used, ": %s",
            strerrordesc_np(os_errno));
    }
    return WB_ERR_IO;
}

enum wb_status
wb_within(struct wb_error *e, enum wb_status status, const char *format, ...)
{
    char inner[WB_ERROR_MESSAGE_BYTES];
    va_list args;
    size_t used;

    if (e == NULL || status == WB_OK)
        return status;
    memcpy(inner, e->message, sizeof inner);
    va_start(args, format);
    fill(e, status, e->os_errno, format, args);
    va_end(args);
    used = strlen(e->message);
    (void)snprintf(e->message + used, sizeof e->message - used, ": %s", inner);
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
