/* vault/cli/output.c - text on standard output, foreign text made safe. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "fit.h"

/* Record text passes through here; ours instead of stdio's, so that it can be wiped. */
static char buffer[1 << 16];
static char formatted[1 << 12];

void
cli_output_begin(void)
{
    (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

void
cli_print(const char *format, ...)
{
    va_list args;
    int size;

    format = cli_word(format);
    va_start(args, format);
    size = vsnprintf(formatted, sizeof formatted, format, args);
    va_end(args);
    if (size > 0 && (size_t)size < sizeof formatted) {
        cli_fit_add(formatted, (size_t)size);
        return;
    }
    va_start(args, format);
    cli_fit_pass(format, args);
    va_end(args);
}

/* Text that cannot be made safe for want of memory must not vanish silently. */
static void
put_safe(const char *text, size_t size)
{
    char *safe = wb_text_safe(text, size, false);
    const char *shown =
        safe != NULL ? safe : cli_word("(not enough memory to show this)");

    cli_fit_add(shown, strlen(shown));
    wb_text_free(safe);
}

void
cli_print_safe(const char *text, size_t size)
{
    put_safe(text, size);
}

void
cli_print_column(const char *text, size_t size, size_t columns)
{
    char *safe = wb_text_safe(text, size, false);
    size_t width = safe != NULL ? wb_text_columns(safe, strlen(safe)) : columns;

    put_safe(text, size);
    wb_text_free(safe);
    cli_print("%*s", width < columns ? (int)(columns - width) + 2 : 2, "");
}

void
cli_print_label(const char *english, size_t columns)
{
    const char *word = cli_word(english);

    cli_print_column(word, strlen(word), columns);
}

void
cli_print_count(uint64_t count, const char *one, const char *many)
{
    cli_print("%" PRIu64 " %s", count, cli_plural(one, many, count));
}

void
cli_print_block(const char *text, size_t size, int indent)
{
    const char *end = text + size;
    bool first = true;

    do {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (stop == NULL)
            stop = end;
        if (!first)
            cli_print("\n%*s", indent, "");
        put_safe(text, (size_t)(stop - text));
        first = false;
        text = stop + 1;
    } while (text < end);
    cli_print("\n");
}

const char *
cli_s(uint64_t count)
{
    return count == 1 ? "" : "s";
}

void
cli_hex(char out[static WB_ROOT_TEXT_BYTES], const uint8_t root[static WB_ROOT_BYTES])
{
    for (size_t i = 0; i < WB_ROOT_BYTES; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", root[i]);
}

enum wb_status
cli_flush(const struct cli *c, struct wb_error *e)
{
    bool failed_before, failed_now;
    int os_errno;

    cli_fit_end();
    failed_before = ferror(stdout) != 0;
    failed_now = fflush(stdout) != 0;
    os_errno = failed_now ? errno : EIO;
    wb_text_wipe(buffer, sizeof buffer);
    wb_text_wipe(formatted, sizeof formatted);
    if (failed_before || failed_now)
        return cli_fail_os(e, os_errno, "standard output");
    if (c->json_spoiled)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory for the JSON document");
    return WB_OK;
}

void
cli_print_saved(struct cli *c, const struct wb_saved *saved)
{
    char id[WB_ID_TEXT_BYTES];

    if (!c->global.json) {
        wb_id_text(id, &saved->id);
        cli_print("%s\n", id);
        return;
    }
    cli_json_open(c, '{');
    cli_json_id(c, "id", &saved->id);
    cli_json_count(c, "revision", saved->revision);
    cli_json_root(c, "root", saved->root);
    cli_json_close(c, '}');
}
