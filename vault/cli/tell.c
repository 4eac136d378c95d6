/* vault/cli/tell.c - text for the person at the terminal, whatever standard output is:
 * through memory that is wiped. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static void
send(const char *text, size_t size)
{
    const int own = open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY);

    while (size > 0) {
        ssize_t n = write(own >= 0 ? own : STDERR_FILENO, text, size);

        if (n <= 0)
            break; /* what cannot be shown is no reason to stop */
        text += n;
        size -= (size_t)n;
    }
    if (own >= 0)
        (void)close(own);
}

void
cli_tell(const char *format, ...)
{
    char text[1024];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(text, sizeof text, cli_word(format), args);
    va_end(args);
    if (size > 0)
        send(text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
    wb_text_wipe(text, sizeof text);
}

void
cli_tell_safe(const char *text, size_t size, int indent)
{
    const char *end = text + size;

    for (bool first = true; first || text < end; first = false) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        char *safe;

        if (stop == NULL)
            stop = end;
        if (!first)
            cli_tell("\n%*s", indent, "");
        safe = wb_text_safe(text, (size_t)(stop - text), false);
        if (safe != NULL)
            send(safe, strlen(safe));
        wb_text_free(safe);
        text = stop + 1;
    }
}

size_t
cli_cut(const char *text, size_t size, size_t most)
{
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;

    if (end != NULL)
        size = (size_t)(end - text);
    if (size <= most)
        return size;
    while (most > 0 && (text[most] & 0xc0) == 0x80)
        most--;
    return most;
}
