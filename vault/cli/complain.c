/* vault/cli/complain.c - errors, warnings and notes: one line each on standard error.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "fit.h"

enum { RED = 31, GREEN = 32, YELLOW = 33 };

static enum wb_status fill(struct wb_error *e, enum wb_status status, int os_errno,
    const char *format, va_list args) WB_PRINTF(4, 0);

static enum wb_status
fill(struct wb_error *e, enum wb_status status, int os_errno, const char *format,
    va_list args)
{
    e->status = status;
    e->os_errno = os_errno;
    (void)vsnprintf(e->message, sizeof e->message, cli_word(format), args);
    return status;
}

enum wb_status
cli_fail(struct wb_error *e, enum wb_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(e, status, 0, format, args);
    va_end(args);
    return status;
}

enum wb_status
cli_fail_os(struct wb_error *e, int os_errno, const char *format, ...)
{
    va_list args;
    size_t used;

    va_start(args, format);
    fill(e, WB_ERR_IO, os_errno, format, args);
    va_end(args);
    used = strlen(e->message);
    (void)snprintf(
        e->message + used, sizeof e->message - used, ": %s", strerrordesc_np(os_errno));
    return WB_ERR_IO;
}

enum wb_status
cli_within(struct wb_error *e, enum wb_status status, const char *where)
{
    char inner[WB_ERROR_MESSAGE_BYTES];
    const int os_errno = e->os_errno;
    size_t size = strlen(where);

    if (status == WB_OK ||
        (strncmp(e->message, where, size) == 0 && e->message[size] == ':'))
        return status;
    memcpy(inner, e->message, sizeof inner);
    (void)cli_fail(e, status, "%s: %s", where, inner);
    e->os_errno = os_errno;
    return status;
}

/* Only on a terminal that knows them, and never where NO_COLOR says so
 * (no-color.org). */
static bool
has_colours(void)
{
    const char *forbidden = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(STDERR_FILENO) == 1 && (forbidden == NULL || forbidden[0] == '\0') &&
        terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* `colour` as ECMA-48 numbers it. What it says stands in words too. */
static void
say(const char *prefix, int colour, const char *message)
{
    char *safe = wb_text_safe(message, strlen(message), false);
    const bool coloured = has_colours();

    cli_progress_clear();
    cli_fit_end();
    (void)fflush(stdout); /* so that both come in order on a terminal */
    if (coloured)
        (void)fprintf(stderr, "\033[%dm", colour);
    (void)fprintf(stderr, WB_PROGRAM ": %s%s%s\n", prefix, coloured ? "\033[0m" : "",
        safe != NULL ? safe : cli_word("not enough memory to say why"));
    wb_text_free(safe);
}

void
cli_complain(const struct wb_error *e)
{
    if (e->message[0] != '\0')
        say("", RED, e->message);
}

void
cli_note(const struct cli *c, const char *format, ...)
{
    char message[WB_ERROR_MESSAGE_BYTES];
    va_list args;

    if (c->global.quiet)
        return;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, cli_word(format), args);
    va_end(args);
    say(cli_word("note: "), GREEN, message);
}

void
cli_warn(const char *format, ...)
{
    char message[WB_ERROR_MESSAGE_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, cli_word(format), args);
    va_end(args);
    say(cli_word("warning: "), YELLOW, message);
}

static int
weight(enum wb_status status)
{
    static const int of_exit[] = {
        [0] = 0, [2] = 1, [3] = 2, [7] = 3, [6] = 4, [5] = 5, [1] = 6, [4] = 7};

    return of_exit[wb_status_exit(status)];
}

enum wb_status
cli_worse(enum wb_status a, enum wb_status b)
{
    return weight(b) > weight(a) ? b : a;
}
