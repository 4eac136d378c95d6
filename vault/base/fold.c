/* vault/base/fold.c - the words of a text, as searching and the name scan compare them.
 */
#include "fold.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

enum {
    DECOMPOSED_MAX = 18, /* code points that one may become (U+FDFA) */
    CHARACTER_BYTES_MAX = 4,
    SHORT_HYPHEN = 0xad, /* "soft hyphen": where a line may be broken */
};

/* What a code point is to a word. */
enum part { ENDS, LETTER, ALONE, MARK, APOSTROPHE, UNSEEN };

/* A run of bytes with an end; what does not fit whole is left out. */
struct run {
    char bytes[WB_FOLD_BYTES_MAX + 1];
    size_t size;
};

static void
append(struct run *r, const char *bytes, size_t size)
{
    if (r->size + size > WB_FOLD_BYTES_MAX)
        return;
    for (size_t i = 0; i < size; i++) /* few: a call would cost more */
        r->bytes[r->size++] = bytes[i];
}

/* ---- what belongs to a word ---- */

static bool
is_alone(int32_t code)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {
        {0x0e00, 0x0eff},   /* Thai, Lao */
        {0x1000, 0x109f},   /* Myanmar */
        {0x1780, 0x17ff},   /* Khmer */
        {0x3040, 0x30ff},   /* Hiragana, Katakana */
        {0x3400, 0x9fff},   /* Han */
        {0xf900, 0xfaff},   /* Han, compatibility */
        {0x20000, 0x3ffff}, /* Han, extensions */
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

static bool
is_known(int32_t code)
{
    return code < WB_FOLD_LETTERS && wb_fold_letters[code].known;
}

static enum part
part_of_ascii(int32_t code)
{
    const int32_t lower = code | 0x20;

    if ((lower >= 'a' && lower <= 'z') || (code >= '0' && code <= '9'))
        return LETTER;
    return code == '\'' ? APOSTROPHE : ENDS;
}

static enum part
part_of(int32_t code)
{
    if (code < 0x80)
        return part_of_ascii(code);
    if (is_known(code))
        return LETTER;
    switch (code) {
    case 0x60:
    case 0x2bb: /* Uzbek */
    case 0x2bc:
    case 0x2018:
    case 0x2019:
        return APOSTROPHE;
    case SHORT_HYPHEN:
    case 0x200c: /* joiners of Persian and Indic scripts */
    case 0x200d:
    case 0x2060:
        return UNSEEN;
    default:
        break;
    }
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return is_alone(code) ? ALONE : LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return MARK;
    default:
        return ENDS;
    }
}

/* The code point at `at` and its bytes; a byte that is not UTF-8 is one code point that
 * ends a word. */
static size_t
take(const struct wb_fold *f, size_t at, int32_t *code)
{
    size_t left = f->size - at;
    utf8proc_ssize_t taken;

    if (f->text[at] < 0x80) {
        *code = f->text[at];
        return 1;
    }
    if (left > 1 && f->text[at] >= 0xc2 && f->text[at] < 0xe0 &&
        (f->text[at + 1] & 0xc0) == 0x80) {
        *code = (f->text[at] & 0x1f) << 6 | (f->text[at + 1] & 0x3f);
        return 2;
    }
    taken = utf8proc_iterate(f->text + at,
        left > CHARACTER_BYTES_MAX ? CHARACTER_BYTES_MAX : (utf8proc_ssize_t)left,
        code);
    if (taken > 0)
        return (size_t)taken;
    *code = 0;
    return 1;
}

/* Whether the apostrophe at `at` (its `size` bytes) is inside a word: o'zbek, Mas'ud.
 * Not where it parts words: the article of l'homme (`first` is the only letter before
 * it), the genitive of Isakov's. */
static bool
joins(const struct wb_fold *f, size_t at, size_t size, size_t letters, int32_t first)
{
    int32_t next, after = 0;
    size_t taken;

    if (at + size >= f->size)
        return false;
    taken = take(f, at + size, &next);
    if (part_of(next) != LETTER)
        return false;
    if (letters == 1 && first < 0x80 && strchr("cdjlmnstCDJLMNST", first) != NULL)
        return false;
    if (next != 's' || at + size + taken >= f->size)
        return next != 's';
    (void)take(f, at + size + taken, &after);
    return part_of(after) == LETTER || part_of(after) == MARK;
}

/* ---- folding a character ---- */

/* A lower-case code point by the table; false where the table has nothing. */
static bool
fold_known(int32_t code, struct run *folded, struct run *heard)
{
    const struct wb_fold_letter *l;
    const char letter = (char)code;

    if (code < 0x80) {
        append(folded, &letter, 1);
        append(heard, &letter, 1);
        return true;
    }
    if (!is_known(code))
        return false;
    l = &wb_fold_letters[code];
    append(folded, l->folded, strlen(l->folded));
    append(heard, l->skeleton, strlen(l->skeleton));
    return true;
}

/* What is no lower-case letter of the table, by Unicode. */
static void
fold_other(int32_t code, struct run *folded, struct run *heard)
{
    const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
        UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    int32_t parts[DECOMPOSED_MAX];
    utf8proc_uint8_t bytes[CHARACTER_BYTES_MAX];
    utf8proc_ssize_t count;
    int boundary = 0;

    code = utf8proc_tolower(code);
    if (fold_known(code, folded, heard))
        return;
    count = utf8proc_decompose_char(code, parts, DECOMPOSED_MAX, options, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED_MAX; i++) {
        if (fold_known(parts[i], folded, heard))
            continue;
        boundary = (int)utf8proc_encode_char(parts[i], bytes);
        append(folded, (const char *)bytes, (size_t)boundary);
        append(heard, (const char *)bytes, (size_t)boundary);
    }
}

static void
fold_letter(int32_t code, struct run *folded, struct run *heard)
{
    if (code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    if (!fold_known(code, folded, heard))
        fold_other(code, folded, heard);
}

/* A letter and the mark behind it as one code point where there is such a one: some
 * keyboards write c and cedilla. */
static bool
compose(int32_t *letter, int32_t mark)
{
    int32_t pair[3] = {*letter, mark, 0};

    if (utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) != 1)
        return false;
    *letter = pair[0];
    return true;
}

/* ---- the skeleton ---- */

static bool
is_vowel(char c)
{
    return c != '\0' && strchr("aeiou", c) != NULL;
}

static bool
is_sound(char c)
{
    return (c >= 'a' && c <= 'z') || c == 'H' || c == 'S' || c == 'C';
}

/* One letter more: no doubles, and no i before e that only says how the e is spoken
 * (Gadoyev, Yelena). */
static void
hear(struct run *r, char letter)
{
    char last = r->size > 0 ? r->bytes[r->size - 1] : '\0';

    if (letter == last && is_sound(letter))
        return;
    if (letter == 'e' && last == 'i' &&
        (r->size < 2 || is_vowel(r->bytes[r->size - 2])))
        r->size--;
    append(r, &letter, 1);
}

/* The spelling that stands at `text`, NULL: its letter stands for itself. */
static const struct wb_fold_sound *
sound_at(const char *text)
{
    const struct wb_fold_sound *s = wb_fold_sounds[text[0] & 0x7f];

    if (s == NULL || (text[0] & 0x80) != 0)
        return NULL;
    for (; s->from != NULL; s++) {
        size_t n = 1;

        while (s->from[n] != '\0' && s->from[n] == text[n])
            n++;
        if (s->from[n] == '\0')
            return s;
    }
    return NULL;
}

/* All spellings once, left to right; whether anything became something else. */
static bool
respell(struct run *r)
{
    struct run old;

    memcpy(old.bytes, r->bytes, r->size);
    old.size = r->size;
    old.bytes[old.size] = '\0';
    r->size = 0;
    for (size_t i = 0; i < old.size;) {
        const struct wb_fold_sound *s = sound_at(old.bytes + i);

        if (s == NULL) {
            hear(r, old.bytes[i++]);
            continue;
        }
        for (const char *to = s->to; *to != '\0'; to++)
            hear(r, *to);
        i += strlen(s->from);
    }
    return r->size != old.size || memcmp(r->bytes, old.bytes, r->size) != 0;
}

static void
finish(struct wb_fold_word *word, const struct run *folded, struct run *heard)
{
    while (respell(heard)) {
        /* each round is shorter, or has one letter less that could change */
    }
    if (heard->size == 0) /* nothing of it is heard: its letters stand for it */
        *heard = *folded;
    for (size_t i = 0; i < heard->size; i++)
        if (heard->bytes[i] == 'H')
            heard->bytes[i] = 'h';
    word->folded_size = folded->size;
    memcpy(word->folded, folded->bytes, folded->size);
    word->folded[folded->size] = '\0';
    word->skeleton_size = heard->size;
    memcpy(word->skeleton, heard->bytes, heard->size);
    word->skeleton[heard->size] = '\0';
}

/* ---- the walk ---- */

void
wb_fold_init(struct wb_fold *f, const void *text, size_t size)
{
    *f = (struct wb_fold){.text = text, .size = size};
}

/* What stands at f->at; at the end of the text nothing, which ends a word. */
struct character {
    int32_t code;
    size_t size;
    enum part part;
};

static struct character
look(const struct wb_fold *f)
{
    struct character c = {.part = ENDS};

    if (f->at < f->size) {
        c.size = take(f, f->at, &c.code);
        c.part = part_of(c.code);
    }
    return c;
}

static void
step(struct wb_fold *f, struct character *c)
{
    f->at += c->size;
    *c = look(f);
}

/* To the first letter of the next word. */
static bool
seek_word(struct wb_fold *f, struct character *c)
{
    for (*c = look(f); f->at < f->size; step(f, c))
        if (c->part == LETTER || c->part == ALONE)
            return true;
    return false;
}

/* ASCII letters and digits as far as no mark can follow; most words are nothing else.
 * Answers how many. */
static size_t
take_plain(struct wb_fold *f, struct run *folded, struct run *heard)
{
    size_t taken = 0;

    while (f->at + 1 < f->size && f->text[f->at + 1] < 0x80 &&
        part_of_ascii(f->text[f->at]) == LETTER) {
        const unsigned char code = f->text[f->at++];
        const char letter = (char)(code >= 'A' && code <= 'Z' ? code | 0x20 : code);

        append(folded, &letter, 1);
        append(heard, &letter, 1);
        taken++;
    }
    return taken;
}

/* The letter at f->at with the marks on it, or several plain ones, folded; f->at is
 * behind them. Answers how many. */
static size_t
take_letters(
    struct wb_fold *f, struct character *c, struct run *folded, struct run *heard)
{
    const size_t plain = take_plain(f, folded, heard);
    int32_t letter = c->code;

    if (plain > 0) {
        *c = look(f);
        return plain;
    }
    for (step(f, c); c->part == MARK; step(f, c))
        (void)compose(&letter, c->code);
    fold_letter(letter, folded, heard);
    return 1;
}

/* Steps over what stands between two letters of one word; false at its end. */
static bool
goes_on(struct wb_fold *f, struct character *c, size_t letters, int32_t first,
    struct run *heard)
{
    for (; c->part != LETTER; step(f, c)) {
        if (c->part == APOSTROPHE && joins(f, f->at, c->size, letters, first))
            append(heard, "'", 1);
        else if (c->part != UNSEEN && c->part != MARK)
            return false;
    }
    return true;
}

bool
wb_fold_next(struct wb_fold *f, struct wb_fold_word *word)
{
    struct character c;

    while (seek_word(f, &c)) {
        struct run folded, heard;
        const size_t start = f->at;
        const int32_t first = c.code;
        const bool alone = c.part == ALONE;
        size_t letters = 0;

        folded.size = heard.size = 0;
        do {
            letters += take_letters(f, &c, &folded, &heard);
        } while (!alone && goes_on(f, &c, letters, first, &heard));
        if (folded.size == 0)
            continue; /* a tatweel or hamza on its own */
        word->at = start;
        word->size = f->at - start;
        finish(word, &folded, &heard);
        return true;
    }
    return false;
}

bool
wb_fold_agree(const struct wb_fold_word *a, const struct wb_fold_word *b)
{
    return strcmp(a->folded, b->folded) == 0 || strcmp(a->skeleton, b->skeleton) == 0 ||
        strcmp(a->folded, b->skeleton) == 0 || strcmp(a->skeleton, b->folded) == 0;
}

void
wb_fold_cut(struct wb_fold_word *word)
{
    if (word->skeleton_size > 2 && word->skeleton[word->skeleton_size - 1] == 'i')
        word->skeleton[--word->skeleton_size] = '\0';
}

static bool
begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool
wb_fold_begins(const struct wb_fold_word *word, const struct wb_fold_word *start)
{
    return begins(word->folded, start->folded) ||
        begins(word->skeleton, start->folded) ||
        begins(word->folded, start->skeleton) ||
        begins(word->skeleton, start->skeleton);
}
