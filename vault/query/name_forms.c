/* vault/query/name_forms.c - the forms that a word of a name takes in a text. */
#include "name_forms.h"

#include <stdint.h>
#include <string.h>

enum {
    LATIN = 1,    /* in words of Latin letters */
    CYRILLIC = 2, /* of Cyrillic ones */
    BOTH = LATIN | CYRILLIC,
    INNER = 4,   /* another ending may stand behind it: the plural */
    OUTER = 8,   /* it may stand behind any other: particles */
    FIRM = 16,   /* behind words as they are, hardly where a vowel was lost */
    SECOND = 32, /* only behind one that is INNER: of what is theirs */
};

enum {
    SHORT_LETTERS_MIN = 3,      /* of a word that lost its last vowel, */
    FIRM_SHORT_LETTERS_MIN = 4, /* before an ending that is FIRM, */
    SHORT_NEVER = WB_FOLD_BYTES_MAX + 1,
    REPLACED_LETTERS_MIN = 4, /* and of one that lost or changed more */
};

struct ending {
    const char *text;
    unsigned where;
};

#define ENDINGS(...)                                                                   \
    (const struct ending[])                                                            \
    {                                                                                  \
        __VA_ARGS__,                                                                   \
        {                                                                              \
            NULL, 0                                                                    \
        }                                                                              \
    }

/* As the skeleton of a word has them, under their last letter. Cyrillic alone: Russian
 * and Tajik; the others Uzbek and Turkmen. */
/* clang-format off */
static const struct ending *const endings[128] = {
    ['a'] = ENDINGS({"a", BOTH}, {"ia", CYRILLIC}, {"aia", CYRILLIC | FIRM},
                    {"da", BOTH}, {"ga", BOTH}, {"ka", BOTH | FIRM},
                    {"Ca", BOTH | OUTER | FIRM}, {"ina", BOTH | SECOND},
                    {"inda", BOTH | SECOND}, {"ida", BOTH | SECOND}, {"iga", BOTH | SECOND}),
    ['e'] = ENDINGS({"e", CYRILLIC}, {"e", LATIN | FIRM}, {"ie", CYRILLIC | FIRM},
                    {"de", BOTH | FIRM}, {"ine", BOTH | SECOND}, {"inde", BOTH | SECOND}),
    ['i'] = ENDINGS({"i", CYRILLIC}, {"i", LATIN | FIRM}, {"oi", CYRILLIC},
                    {"ei", CYRILLIC}, {"iei", CYRILLIC}, {"ami", CYRILLIC},
                    {"imi", CYRILLIC | FIRM}, {"iami", CYRILLIC | FIRM}, {"ni", BOTH},
                    {"ini", BOTH | SECOND}, {"niki", BOTH | FIRM}, {"mi", BOTH | OUTER | FIRM},
                    {"ki", BOTH | OUTER | FIRM}, {"gi", BOTH | OUTER | FIRM}),
    ['o'] = ENDINGS({"o", CYRILLIC}, {"ro", CYRILLIC}, {"ho", CYRILLIC | INNER},
                    {"ogo", CYRILLIC | FIRM}, {"ego", CYRILLIC | FIRM}),
    ['u'] = ENDINGS({"u", CYRILLIC}, {"iu", CYRILLIC}, {"oiu", CYRILLIC},
                    {"eiu", CYRILLIC}, {"uiu", CYRILLIC | FIRM},
                    {"omu", CYRILLIC | FIRM}, {"emu", CYRILLIC | FIRM}),
    ['g'] = ENDINGS({"ning", BOTH}, {"ining", BOTH | SECOND}),
    ['h'] = ENDINGS({"ah", CYRILLIC}, {"iah", CYRILLIC | FIRM}, {"ih", CYRILLIC | FIRM}),
    ['k'] = ENDINGS({"dek", BOTH | FIRM}),
    ['m'] = ENDINGS({"m", CYRILLIC}, {"om", CYRILLIC}, {"em", CYRILLIC},
                    {"im", CYRILLIC | INNER}, {"im", LATIN | INNER | FIRM},
                    {"am", CYRILLIC}, {"iem", CYRILLIC}, {"iam", CYRILLIC | FIRM}),
    ['n'] = ENDINGS({"on", CYRILLIC | INNER}, {"in", CYRILLIC | FIRM}, {"in", LATIN},
                    {"un", LATIN}, {"nin", BOTH | FIRM}, {"inin", BOTH | SECOND},
                    {"dan", BOTH}, {"den", LATIN}, {"den", CYRILLIC | FIRM},
                    {"indan", BOTH | SECOND}, {"inden", BOTH | SECOND},
                    {"idan", BOTH | SECOND}, {"jan", BOTH | INNER | FIRM},
                    {"jon", BOTH | INNER | FIRM}),
    ['r'] = ENDINGS({"lar", BOTH | INNER}, {"ler", BOTH | INNER | FIRM},
                    {"dir", BOTH | OUTER | FIRM}),
    ['v'] = ENDINGS({"ov", CYRILLIC}),
    ['z'] = ENDINGS({"miz", BOTH | INNER | FIRM}, {"imiz", BOTH | INNER | FIRM}),
    ['S'] = ENDINGS({"aS", CYRILLIC | FIRM}),
};

/* Spellings of whole words: in what is folded, `from` becomes `to`. The first is the
 * folding itself, which knows no ё or ş. */
static const struct spelling {
    const char *from, *to;
} spellings[] = {
    {"", ""},
    {"ье", "е"}, /* Соловьев: Solovev */
    {"yo", "e"}, /* Semyonov: Semenov */
};

/* What a name ends in before no ending, and what it has there before one. */
static const struct turn {
    const char *from, *to;
    bool shortened;
} turns[] = {
    {"aia", "", true}, {"oi", "", true},                   /* Russian */
    {"t", "d", false}, {"p", "b", false}, {"k", "g", false}, {"C", "j", false},
    {"e", "a", false},                                     /* Turkmen */
};
/* clang-format on */

size_t
wb_name_letters(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}

static bool
ends_with(const char *text, size_t size, const char *end)
{
    size_t end_size = strlen(end);

    return end_size <= size && memcmp(text + size - end_size, end, end_size) == 0;
}

/* ---- endings ---- */

struct baring {
    char text[WB_FOLD_BYTES_MAX + 1];
    unsigned script;
    void (*base)(void *cookie, const char *text, size_t short_min);
    void *cookie;
};

static void
tell(struct baring *b, size_t size, size_t short_min)
{
    char cut = b->text[size];

    b->text[size] = '\0';
    b->base(b->cookie, b->text, short_min);
    b->text[size] = cut;
}

/* A skeleton has no doubled letters: of Amon and -ning it has amoning. */
static void
tell_both(struct baring *b, size_t size, const struct ending *ending)
{
    size_t short_min = (ending->where & FIRM) == 0 ? SHORT_LETTERS_MIN
        : b->script == CYRILLIC                    ? FIRM_SHORT_LETTERS_MIN
                                                   : SHORT_NEVER;

    tell(b, size, short_min);
    if (ending->text[1] != '\0')
        tell(b, size + 1, SHORT_NEVER);
}

static bool
follows(const struct ending *outer, const struct ending *inner)
{
    return (inner->where & INNER) != 0 || (outer->where & OUTER) != 0;
}

/* `outer` is what was taken off behind them, or NULL. */
static void
bare(struct baring *b, size_t size, const struct ending *outer)
{
    const struct ending *e = endings[b->text[size - 1] & 0x7f];

    for (; e != NULL && e->text != NULL; e++) {
        size_t left = size - strlen(e->text);

        if ((e->where & b->script) == 0 || left == 0 || left > size ||
            !ends_with(b->text, size, e->text))
            continue;
        if (outer != NULL && !follows(outer, e))
            continue;
        if ((e->where & SECOND) == 0)
            tell_both(b, left, e);
        if (outer == NULL)
            bare(b, left, e);
    }
}

static bool
is_cyrillic(const struct wb_fold_word *w)
{
    const unsigned char first = (unsigned char)w->folded[0];

    return first >= 0xd0 && first <= 0xd3; /* U+0400 to U+04FF in UTF-8 */
}

void
wb_name_bases(const struct wb_fold_word *w,
    void (*base)(void *cookie, const char *text, size_t short_min), void *cookie)
{
    struct baring b = {.base = base, .cookie = cookie};

    b.script = is_cyrillic(w) ? CYRILLIC : LATIN;
    memcpy(b.text, w->skeleton, w->skeleton_size + 1);
    bare(&b, w->skeleton_size, NULL);
    /* Марии, Натальи: the ending cannot be told from what it stands behind */
    if (ends_with(w->folded, w->folded_size, "ии") ||
        ends_with(w->folded, w->folded_size, "ьи"))
        tell(&b, w->skeleton_size, SHORT_LETTERS_MIN);
}

/* ---- spellings ---- */

/* Whether folding has taken more from a word than its capitals: marks, ё. */
static bool
has_lost(const struct wb_fold_word *w, const char *raw)
{
    return wb_name_letters(raw, w->size) != w->size &&
        (w->size != w->folded_size || memcmp(raw, w->folded, w->size) != 0);
}

struct telling {
    const struct wb_fold_word *w;
    void (*spelled)(void *cookie, const struct wb_fold_word *word);
    void *cookie;
};

/* `at`: where s->from stands in the folded word. */
static void
respell(const struct telling *t, const char *at, const struct spelling *s)
{
    size_t before = (size_t)(at - t->w->folded);
    size_t from_size = strlen(s->from), to_size = strlen(s->to);
    char text[WB_FOLD_BYTES_MAX + 1];
    struct wb_fold_word word;
    struct wb_fold f;

    memcpy(text, t->w->folded, before);
    memcpy(text + before, s->to, to_size);
    memcpy(text + before + to_size, at + from_size,
        t->w->folded_size - before - from_size);
    wb_fold_init(&f, text, t->w->folded_size - from_size + to_size);
    if (wb_fold_next(&f, &word) && strcmp(word.skeleton, t->w->skeleton) != 0)
        t->spelled(t->cookie, &word);
}

void
wb_name_spellings(const struct wb_fold_word *w, const char *raw,
    void (*spelled)(void *cookie, const struct wb_fold_word *word), void *cookie)
{
    const struct telling t = {w, spelled, cookie};

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const char *at = strstr(w->folded, spellings[i].from);

        if (at != NULL && (i > 0 || has_lost(w, raw)))
            respell(&t, at, &spellings[i]);
    }
}

/* ---- beginnings ---- */

static void
turn(const struct wb_fold_word *w, const struct turn *t,
    void (*begin)(void *cookie, const char *text, size_t size, bool shortened),
    void *cookie)
{
    size_t size = w->skeleton_size;
    char text[WB_FOLD_BYTES_MAX + 1];

    if (!ends_with(w->skeleton, size, t->from))
        return;
    size -= strlen(t->from);
    memcpy(text, w->skeleton, size);
    memcpy(text + size, t->to, strlen(t->to));
    size += strlen(t->to);
    if (wb_name_letters(text, size) >= REPLACED_LETTERS_MIN)
        begin(cookie, text, size, t->shortened);
}

void
wb_name_begins(const struct wb_fold_word *w,
    void (*begin)(void *cookie, const char *text, size_t size, bool shortened),
    void *cookie)
{
    size_t size = w->skeleton_size - (w->skeleton_size > 0);

    if (wb_name_letters(w->skeleton, size) >= SHORT_LETTERS_MIN &&
        strchr("aeiou", w->skeleton[size]) != NULL)
        begin(cookie, w->skeleton, size, true);
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        turn(w, &turns[i], begin, cookie);
}
