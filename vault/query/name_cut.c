/* vault/query/name_cut.c - words that are written together. */
#include "name_cut.h"

#include <stdint.h>

enum sort { SMALL, CAPITAL, DIGIT, APOSTROPHE };

/* Code points that are no small letters, in order and `step` apart: 2 where capitals
 * and small letters take turns. */
static const struct {
    uint32_t first, last, step;
    enum sort sort;
} sorts[] = {
    {'\'', '\'', 1, APOSTROPHE},
    {'0', '9', 1, DIGIT},
    {'A', 'Z', 1, CAPITAL},
    {'`', '`', 1, APOSTROPHE},
    {0xc0, 0xde, 1, CAPITAL},
    {0x100, 0x136, 2, CAPITAL},
    {0x139, 0x147, 2, CAPITAL},
    {0x14a, 0x176, 2, CAPITAL},
    {0x179, 0x17d, 2, CAPITAL},
    {0x18f, 0x18f, 1, CAPITAL}, /* Azerbaijani Ə */
    {0x218, 0x21a, 2, CAPITAL},
    {0x2bb, 0x2bc, 1, APOSTROPHE},
    {0x391, 0x3a9, 1, CAPITAL},
    {0x400, 0x42f, 1, CAPITAL},
    {0x460, 0x4be, 2, CAPITAL},
    {0x4c1, 0x4cd, 2, CAPITAL},
    {0x4d0, 0x52e, 2, CAPITAL},
    {0x531, 0x556, 1, CAPITAL},
    {0x660, 0x669, 1, DIGIT},
    {0x6f0, 0x6f9, 1, DIGIT},
    {0x1e00, 0x1efe, 2, CAPITAL},
    {0x2018, 0x2019, 1, APOSTROPHE},
};

/* A word has nothing in it that is not UTF-8. */
static uint32_t
code_at(const char *text, size_t *size)
{
    const unsigned char first = (unsigned char)*text;
    uint32_t code = first;

    *size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (*size > 1)
        code &= 0x7fU >> *size;
    for (size_t i = 1; i < *size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return code;
}

static enum sort
sort_at(const char *text, size_t *size)
{
    uint32_t code = code_at(text, size);

    if ((code >= 'a' && code <= 'z') || (code >= 0x430 && code <= 0x45f))
        return SMALL; /* most letters */
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts && sorts[i].first <= code; i++)
        if (code <= sorts[i].last && (code - sorts[i].first) % sorts[i].step == 0)
            return sorts[i].sort;
    return SMALL;
}

/* Whether a piece ends between two characters; what stands behind an apostrophe goes on
 * with it to the next place. */
static bool
parts(enum sort before, enum sort behind)
{
    if (before == behind || before == APOSTROPHE)
        return false;
    return behind != SMALL || before != CAPITAL;
}

/* Where the piece at the beginning ends. Of several capitals the last one belongs to
 * the small letters behind it: IMG|Durdyewa. */
static size_t
piece_size(const char *text, size_t size)
{
    size_t taken, next_taken;
    enum sort before = sort_at(text, &taken), sort;

    for (size_t at = taken; at < size; at += taken, before = sort) {
        sort = sort_at(text + at, &taken);
        if (parts(before, sort))
            return at;
        if (before == CAPITAL && sort == CAPITAL && at + taken < size &&
            sort_at(text + at + taken, &next_taken) == SMALL)
            return at;
    }
    return size;
}

bool
wb_name_cut_next(struct wb_name_cut *c, const char **piece, size_t *size)
{
    while (c->at < c->size) {
        size_t taken, start = c->at;
        enum sort first = sort_at(c->text + start, &taken);

        c->at += piece_size(c->text + start, c->size - start);
        if (c->at - start == c->size)
            return false; /* all of it */
        if (first == DIGIT || first == APOSTROPHE)
            continue;
        *piece = c->text + start;
        *size = c->at - start;
        return true;
    }
    return false;
}
