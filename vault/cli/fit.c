/* vault/cli/fit.c - lines that fit the terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"
#include "fit.h"

enum { LINE_BYTES = 1 << 14, SHORT_INDENT = 4 };

/* The line that is being written; wiped with what was printed. */
static struct {
    char bytes[LINE_BYTES];
    size_t size;
} line;

/* 0: what is written goes to no terminal, and no line is touched. */
static size_t
columns_now(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static void
put(const char *bytes, size_t size)
{
    (void)fwrite(bytes, 1, size, stdout);
}

/* Where the last column of a table begins: behind its last two spaces. */
static size_t
last_column(size_t columns)
{
    size_t at = 0;

    for (size_t i = 2; i < line.size; i++)
        if (line.bytes[i - 1] == ' ' && line.bytes[i - 2] == ' ' &&
            line.bytes[i] != ' ')
            at = wb_text_columns(line.bytes, i);
    return at > columns / 2 ? SHORT_INDENT : at;
}

/* The bytes of one code point. */
static size_t
code_point(const char *at, size_t size)
{
    size_t n = size > 0 ? 1 : 0;

    while (n < size && ((unsigned char)at[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* One character with the marks that stand on it. */
static size_t
character(const char *at, size_t size)
{
    size_t n = code_point(at, size), more;

    while (
        (more = code_point(at + n, size - n)) > 0 && wb_text_columns(at + n, more) == 0)
        n += more;
    return n;
}

/* A word without spaces that is longer than a line, as a text in Chinese is. */
static size_t
put_pieces(const char *word, size_t size, size_t at, size_t indent, size_t columns)
{
    for (size_t n; size > 0; word += n, size -= n) {
        n = character(word, size);
        if (at + wb_text_columns(word, n) > columns) {
            (void)printf("\n%*s", (int)indent, "");
            at = indent;
        }
        put(word, n);
        at += wb_text_columns(word, n);
    }
    return at;
}

static bool
is_ascii(const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)word[i] >= 0x80)
            return false;
    return true;
}

static void
put_words(size_t columns)
{
    const size_t indent = last_column(columns);
    size_t at = 0;

    for (size_t from = 0, i = 0; from < line.size; from = i) {
        size_t blanks, word, wide;

        while (i < line.size && line.bytes[i] == ' ')
            i++;
        blanks = i - from;
        while (i < line.size && line.bytes[i] != ' ')
            i++;
        word = i - from - blanks;
        wide = wb_text_columns(line.bytes + from + blanks, word);
        if (at > indent && at + blanks + wide > columns) {
            (void)printf("\n%*s", (int)indent, "");
            at = indent;
        } else {
            put(line.bytes + from, blanks);
            at += blanks;
        }
        /* an id or a key stays whole, to be copied */
        if (at + wide > columns && !is_ascii(line.bytes + from + blanks, word))
            at = put_pieces(line.bytes + from + blanks, word, at, indent, columns);
        else {
            put(line.bytes + from + blanks, word);
            at += wide;
        }
    }
}

void
cli_fit_end(void)
{
    const size_t columns = line.size == 0 ? 0 : columns_now();

    if (columns == 0 || wb_text_columns(line.bytes, line.size) <= columns)
        put(line.bytes, line.size);
    else
        put_words(columns);
    wb_text_wipe(line.bytes, line.size);
    line.size = 0;
}

void
cli_fit_add(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n' || line.size == sizeof line.bytes)
            cli_fit_end();
        if (bytes[i] == '\n')
            (void)putchar('\n');
        else
            line.bytes[line.size++] = bytes[i];
    }
}

void
cli_fit_pass(const char *format, va_list args)
{
    cli_fit_end();
    (void)vprintf(format, args);
}
