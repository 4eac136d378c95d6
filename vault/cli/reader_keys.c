/* vault/cli/reader_keys.c - from the bytes that a terminal sends to keys. */
#include <poll.h>
#include <string.h>

#include "reader.h"

enum { SEQUENCE_MS = 50, SEQUENCE_BYTES = 16 };

static const struct {
    const char *bytes; /* behind the escape */
    enum cli_key key;
} sequences[] = {
    {"[A", CLI_KEY_UP},
    {"OA", CLI_KEY_UP},
    {"[B", CLI_KEY_DOWN},
    {"OB", CLI_KEY_DOWN},
    {"[C", CLI_KEY_RIGHT},
    {"OC", CLI_KEY_RIGHT},
    {"[D", CLI_KEY_LEFT},
    {"OD", CLI_KEY_LEFT},
    {"[1;5C", CLI_KEY_WORD_RIGHT},
    {"[1;3C", CLI_KEY_WORD_RIGHT},
    {"f", CLI_KEY_WORD_RIGHT},
    {"[1;5D", CLI_KEY_WORD_LEFT},
    {"[1;3D", CLI_KEY_WORD_LEFT},
    {"b", CLI_KEY_WORD_LEFT},
    {"[H", CLI_KEY_HOME},
    {"OH", CLI_KEY_HOME},
    {"[1~", CLI_KEY_HOME},
    {"[7~", CLI_KEY_HOME},
    {"[F", CLI_KEY_END},
    {"OF", CLI_KEY_END},
    {"[4~", CLI_KEY_END},
    {"[8~", CLI_KEY_END},
    {"[3~", CLI_KEY_DELETE},
    {"\x7f", CLI_KEY_CUT_WORD},
    {"[200~", CLI_KEY_PASTE},
    {"[201~", CLI_KEY_PASTED},
    {"OP", CLI_KEY_F1},
    {"[11~", CLI_KEY_F1},
    {"[[A", CLI_KEY_F1},
    {"OQ", CLI_KEY_F2},
    {"[12~", CLI_KEY_F2},
    {"[[B", CLI_KEY_F2},
    {"OR", CLI_KEY_F3},
    {"[13~", CLI_KEY_F3},
    {"[[C", CLI_KEY_F3},
    {"OS", CLI_KEY_F4},
    {"[14~", CLI_KEY_F4},
    {"[[D", CLI_KEY_F4},
};

static const struct {
    char byte;
    enum cli_key key;
} controls[] = {
    {'\r', CLI_KEY_ENTER},
    {'\n', CLI_KEY_ENTER},
    {'\t', CLI_KEY_TAB},
    {'\x01', CLI_KEY_HOME},
    {'\x02', CLI_KEY_LEFT},
    {'\x04', CLI_KEY_CLOSE},
    {'\x05', CLI_KEY_END},
    {'\x06', CLI_KEY_RIGHT},
    {'\x08', CLI_KEY_BACKSPACE},
    {'\x0b', CLI_KEY_CUT_BEHIND},
    {'\x0c', CLI_KEY_REDRAW},
    {'\x0e', CLI_KEY_DOWN},
    {'\x10', CLI_KEY_UP},
    {'\x15', CLI_KEY_CUT_BEFORE},
    {'\x17', CLI_KEY_CUT_WORD},
    {'\x7f', CLI_KEY_BACKSPACE},
};

static enum cli_wait
next_byte(struct cli_reader *r, char *byte, long timeout_ms)
{
    if (!r->has_ahead)
        return cli_watch_read(r->fd, byte, timeout_ms);
    *byte = r->ahead;
    r->has_ahead = false;
    return CLI_WAIT_BYTE;
}

bool
cli_reader_has_more(struct cli_reader *r)
{
    struct pollfd wait = {.fd = r->fd, .events = POLLIN};

    return r->has_ahead || (poll(&wait, 1, 0) == 1 && (wait.revents & POLLIN) != 0);
}

/* Whether these bytes can be the whole of what stands behind an escape: a letter, or a
 * bracket and parameters up to a final byte (ECMA-48 section 5.4). */
static bool
is_whole(const char *bytes, size_t size)
{
    char last = bytes[size - 1];

    if (size == 1)
        return last != '[' && last != 'O';
    if (bytes[0] == 'O')
        return true;
    return last >= '@' && last <= '~' && !(size == 2 && last == '[');
}

static enum cli_key
escape_key(struct cli_reader *r)
{
    char bytes[SEQUENCE_BYTES] = "";
    size_t size = 0;

    while (size + 1 < sizeof bytes &&
        next_byte(r, &bytes[size], SEQUENCE_MS) == CLI_WAIT_BYTE)
        if (is_whole(bytes, ++size))
            break;
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
        if (strlen(sequences[i].bytes) == size &&
            memcmp(sequences[i].bytes, bytes, size) == 0)
            return sequences[i].key;
    return CLI_KEY_NONE;
}

/* A whole character in UTF-8 (its rules are the library's); what breaks off is passed
 * over, and the byte that broke it off is read again. */
static enum cli_key
character(struct cli_reader *r, char text[static 4], size_t *size)
{
    const unsigned char first = (unsigned char)text[0];
    size_t whole = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (first >= 0x80 && (first < 0xc2 || first > 0xf4))
        return CLI_KEY_NONE;
    for (*size = 1; *size < whole; ++*size) {
        if (next_byte(r, &text[*size], SEQUENCE_MS) != CLI_WAIT_BYTE)
            return CLI_KEY_NONE;
        if ((text[*size] & 0xc0) != 0x80) {
            r->ahead = text[*size];
            r->has_ahead = true;
            return CLI_KEY_NONE;
        }
    }
    return CLI_KEY_TEXT;
}

enum cli_key
cli_reader_key(
    struct cli_reader *r, char text[static 4], size_t *size, struct cli_waiting *w)
{
    w->got = next_byte(r, text, w->timeout_ms);
    if (w->got != CLI_WAIT_BYTE)
        return CLI_KEY_NONE;
    if (text[0] == '\x1b')
        return escape_key(r);
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (text[0] == controls[i].byte)
            return controls[i].key;
    if ((unsigned char)text[0] < 0x20)
        return CLI_KEY_NONE;
    return character(r, text, size);
}
