/* vault/cli/reader_draw.c - the line that is being typed, shown in as many rows as it
 * needs, and of those as many as the terminal has. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reader.h"

/* ---- characters ---- */

static size_t
bytes_of(const char *at, size_t left)
{
    const unsigned char first = (unsigned char)*at;
    size_t size = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    return size < left ? size : left;
}

/* Columns of one character, not made safe: what combines has none. */
static size_t
columns_of(const char *at, size_t size)
{
    return size == 1 ? 1 : wb_text_columns(at, size);
}

size_t
cli_reader_step(const struct cli_reader *r, size_t at)
{
    size_t size = 0;

    while (at + size < r->line.size) {
        const char *next = r->line.bytes + at + size;
        size_t more = bytes_of(next, r->line.size - at - size);

        if (size > 0 && columns_of(next, more) > 0)
            break;
        size += more;
    }
    return size;
}

size_t
cli_reader_step_back(const struct cli_reader *r, size_t at)
{
    size_t start = at;

    while (start > 0) {
        do
            start--;
        while (start > 0 && (r->line.bytes[start] & 0xc0) == 0x80);
        if (columns_of(r->line.bytes + start, bytes_of(r->line.bytes + start, at)) > 0)
            break;
    }
    return at - start;
}

/* ---- rows ---- */

/* Where the pen is; what is written goes into r->shown if its row is one of those that
 * are wanted. */
struct pen {
    struct cli_reader *r;
    size_t row, column;
    size_t cursor_row, cursor_column;
    size_t first, last; /* rows to be shown; none while measuring */
    bool shows;
};

static void
emit(const struct pen *p, const char *text, size_t size)
{
    if (p->shows && p->row >= p->first && p->row <= p->last)
        (void)cli_bytes_put(&p->r->shown, p->r->shown.size, text, size);
}

static void
new_row(struct pen *p)
{
    if (p->row < p->last)
        emit(p, "\r\n", 2);
    p->row++;
    p->column = 0;
}

static void
write_piece(struct pen *p, const char *text, size_t size, size_t columns)
{
    if (p->column + columns > p->r->columns)
        new_row(p);
    emit(p, text, size);
    p->column += columns;
}

/* A character as it is shown: a control or bidirectional one is spelled out. */
static void
write_character(struct pen *p, const char *at, size_t size)
{
    char *safe;

    if (*at == '\n')
        new_row(p);
    else if (size == 1 && *at >= ' ' && *at != '\x7f')
        write_piece(p, at, 1, 1);
    else {
        safe = wb_text_safe(at, size, false);
        if (safe != NULL)
            write_piece(p, safe, strlen(safe), wb_text_columns(safe, strlen(safe)));
        wb_text_free(safe);
    }
}

static void
note_cursor(struct pen *p)
{
    if (p->column == p->r->columns)
        new_row(p);
    p->cursor_row = p->row;
    p->cursor_column = p->column;
}

static void
write_text(struct pen *p, const char *text, size_t size, size_t cursor)
{
    for (size_t at = 0, one; at < size; at += one) {
        one = bytes_of(text + at, size - at);
        if (at == cursor)
            note_cursor(p);
        write_character(p, text + at, one);
    }
    if (cursor == size)
        note_cursor(p);
}

static void
write_all(struct pen *p)
{
    const struct cli_reader *r = p->r;

    write_text(p, r->prompt, strlen(r->prompt), SIZE_MAX);
    write_text(p, r->line.bytes, r->line.size, r->at);
}

/* ---- onto the terminal ---- */

/* ECMA-48 cursor up and forward. */
static void
move(struct cli_reader *r, size_t number, char where)
{
    char text[32];
    int size = snprintf(text, sizeof text, "\033[%zu%c", number, where);

    if (number > 0 && size > 0)
        (void)cli_bytes_put(&r->shown, r->shown.size, text, (size_t)size);
}

static void
send(struct cli_reader *r)
{
    size_t sent = 0;

    while (sent < r->shown.size) {
        ssize_t n = write(r->fd, r->shown.bytes + sent, r->shown.size - sent);

        if (n <= 0)
            break; /* what cannot be shown is no reason to stop */
        sent += (size_t)n;
    }
    cli_bytes_cut(&r->shown, 0, r->shown.size);
}

void
cli_reader_draw(struct cli_reader *r)
{
    struct pen size = {.r = r}, p = {.r = r, .shows = true};

    write_all(&size);
    p.last = size.row;
    if (size.row >= r->rows) {
        p.last = size.cursor_row + 1 < r->rows ? r->rows - 1 : size.cursor_row;
        p.first = p.last + 1 - r->rows;
    }
    move(r, r->row, 'A');
    (void)cli_bytes_put(&r->shown, r->shown.size, "\r\033[J", 4);
    write_all(&p);
    move(r, p.last - p.cursor_row, 'A');
    (void)cli_bytes_put(&r->shown, r->shown.size, "\r", 1);
    move(r, p.cursor_column, 'C');
    r->row = p.cursor_row - p.first;
    r->stale = false;
    send(r);
}

void
cli_reader_pass(struct cli_reader *r)
{
    const size_t at = r->at;

    r->at = r->line.size;
    if (r->stale || at != r->at)
        cli_reader_draw(r);
    (void)cli_bytes_put(&r->shown, r->shown.size, "\r\n", 2);
    send(r);
    r->at = at;
    r->row = 0;
}
