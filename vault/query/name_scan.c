/* vault/query/name_scan.c - people's names in running text. */
#include "name_scan.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/fold.h"

#define SCAN_BYTES_MAX ((size_t)1 << 36)

enum {
    WINDOW_WORDS = 6,
    LETTERS_MIN = 3,      /* of a word that gives somebody away by itself */
    BENT_LETTERS_MIN = 4, /* of a word that may have an ending behind it */
    STEM_LETTERS_MIN = 3, /* of one that loses its last vowel before an ending */
    APART = 1024,         /* words between two texts: more than a name has */
};

struct name {
    const char *text;
    size_t person;
    size_t first, count; /* its words in `seen` */
    bool near;
};

struct key {
    const char *text;
    size_t name, word; /* of the name, from 0 */
    bool stem;         /* met only with an ending */
    bool tells;        /* long enough to count alone */
};

/* Endings as the skeleton of a word has them. */
static const char *const cyrillic_endings[] = {
    /* Russian */ "a", "u", "e", "i", "o", "om", "em", "im", "am", "m", "oi", "ei",
    "oiu", "eiu", "ia", "iu", "iem", "iei", "ov", "ami", "ah",
    /* Tajik, Uzbek */ "ro", "ho", "on", "ning", "ni", "ga", "da", "dan", "lar", NULL};
static const char *const latin_endings[] = {
    "a", "in", "un", "ni", "ning", "ga", "da", "dan", "den", "lar", NULL};

void
wb_name_scan_init(struct wb_name_scan *s)
{
    *s = (struct wb_name_scan){0};
    wb_buf_init(&s->names, SCAN_BYTES_MAX);
    wb_buf_init(&s->keys, SCAN_BYTES_MAX);
    wb_buf_init(&s->seen, SCAN_BYTES_MAX);
}

void
wb_name_scan_wipe(struct wb_name_scan *s)
{
    wb_buf_wipe(&s->names);
    wb_buf_wipe(&s->keys);
    wb_buf_wipe(&s->seen);
    wb_arena_free(&s->arena);
}

/* ---- names ---- */

static size_t
letters(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}

static void
add_key(struct wb_name_scan *s, const struct key *like, const char *text, size_t size)
{
    struct key key = *like;

    if ((key.text = wb_arena_copy(&s->arena, text, size)) == NULL)
        s->keys.failed = WB_ERR_MEMORY;
    wb_buf_add(&s->keys, &key, sizeof key);
}

static void
add_word(
    struct wb_name_scan *s, size_t name, size_t number, const struct wb_fold_word *w)
{
    struct key key = {.name = name, .word = number};
    size_t stem = w->skeleton_size - (w->skeleton_size > 0);

    key.tells = letters(w->folded, w->folded_size) >= LETTERS_MIN;
    add_key(s, &key, w->folded, w->folded_size);
    if (strcmp(w->folded, w->skeleton) != 0)
        add_key(s, &key, w->skeleton, w->skeleton_size);
    key.stem = true;
    if (letters(w->skeleton, stem) >= STEM_LETTERS_MIN &&
        strchr("aeiou", w->skeleton[stem]) != NULL)
        add_key(s, &key, w->skeleton, stem);
}

enum wb_status
wb_name_scan_add(struct wb_name_scan *s, size_t person, const char *name, bool near,
    struct wb_error *e)
{
    const size_t number = s->names.size / sizeof(struct name);
    struct name line = {.person = person, .near = near};
    struct wb_fold f;
    struct wb_fold_word w;
    enum wb_status st;

    line.first = s->seen.size / sizeof(uint64_t);
    if ((line.text = wb_arena_copy(&s->arena, name, strlen(name))) == NULL)
        return wb_fail_memory(e);
    for (wb_fold_init(&f, name, strlen(name)); wb_fold_next(&f, &w); line.count++) {
        add_word(s, number, line.count, &w);
        wb_buf_add_zeros(&s->seen, sizeof(uint64_t));
    }
    wb_buf_add(&s->names, &line, sizeof line);
    if ((st = wb_buf_check(&s->keys, e)) == WB_OK &&
        (st = wb_buf_check(&s->seen, e)) == WB_OK)
        st = wb_buf_check(&s->names, e);
    return st;
}

static int
compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

void
wb_name_scan_settle(struct wb_name_scan *s)
{
    size_t count = s->keys.size / sizeof(struct key);

    if (count > 1)
        qsort(s->keys.data, count, sizeof(struct key), compare_keys);
}

/* ---- texts ---- */

struct scanning {
    struct wb_name_scan *s;
    void (*found)(void *cookie, size_t person, const char *name);
    void *cookie;
};

/* Whether all words of a name stood a short way back. */
static bool
is_whole(const struct wb_name_scan *s, const struct name *name)
{
    const uint64_t *seen = (const uint64_t *)(const void *)s->seen.data + name->first;
    uint64_t window = name->count > WINDOW_WORDS ? name->count : WINDOW_WORDS;

    for (size_t i = 0; i < name->count; i++)
        if (seen[i] == 0 || s->word - seen[i] >= window)
            return false;
    return true;
}

static void
meet(const struct scanning *g, const struct key *key)
{
    const struct name *name =
        (const struct name *)(const void *)g->s->names.data + key->name;
    uint64_t *seen = (uint64_t *)(void *)g->s->seen.data + name->first;

    seen[key->word] = g->s->word;
    if ((name->near && key->tells) || is_whole(g->s, name))
        g->found(g->cookie, name->person, name->text);
}

static size_t
first_key(const struct key *keys, size_t count, const char *text)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(keys[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* All that are written so; `bent` where an ending was taken off. */
static void
meet_all(const struct scanning *g, const char *text, bool bent)
{
    const struct key *keys = (const struct key *)(const void *)g->s->keys.data;
    size_t count = g->s->keys.size / sizeof *keys;
    bool whole = !bent || letters(text, strlen(text)) >= BENT_LETTERS_MIN;

    for (size_t i = first_key(keys, count, text);
         i < count && strcmp(keys[i].text, text) == 0; i++)
        if (keys[i].stem ? bent : whole)
            meet(g, &keys[i]);
}

static bool
is_cyrillic(const struct wb_fold_word *w)
{
    const unsigned char first = (unsigned char)w->folded[0];

    return first >= 0xd0 && first <= 0xd3; /* U+0400 to U+04FF in UTF-8 */
}

static void
meet_bent(const struct scanning *g, const struct wb_fold_word *w)
{
    const char *const *ending = is_cyrillic(w) ? cyrillic_endings : latin_endings;
    char base[WB_FOLD_BYTES_MAX + 1];

    for (; *ending != NULL; ending++) {
        size_t size = strlen(*ending);

        if (size >= w->skeleton_size ||
            strcmp(w->skeleton + w->skeleton_size - size, *ending) != 0)
            continue;
        memcpy(base, w->skeleton, w->skeleton_size - size);
        base[w->skeleton_size - size] = '\0';
        meet_all(g, base, true);
    }
}

void
wb_name_scan_text(struct wb_name_scan *s, const char *text, size_t size,
    void (*found)(void *cookie, size_t person, const char *name), void *cookie)
{
    struct scanning g = {s, found, cookie};
    struct wb_fold f;
    struct wb_fold_word w;

    s->word += APART;
    for (wb_fold_init(&f, text, size); wb_fold_next(&f, &w); s->word++) {
        meet_all(&g, w.folded, false);
        if (strcmp(w.folded, w.skeleton) != 0)
            meet_all(&g, w.skeleton, false);
        meet_bent(&g, &w);
    }
}
