/* vault/query/name_scan.c - people's names in running text. */
#include "name_scan.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/fold.h"
#include "name_cut.h"
#include "name_forms.h"

#define SCAN_BYTES_MAX ((size_t)1 << 36)

enum {
    WINDOW_WORDS = 6,
    LETTERS_MIN = 3,      /* of a word that gives somebody away by itself */
    BENT_LETTERS_MIN = 4, /* of a word that may have an ending behind it */
    APART = 1024,         /* words between two texts: more than a name has */
};

struct name {
    const char *text;
    size_t person;
    size_t first, count; /* its words in `seen` */
    bool near;
};

enum how {
    AS_IT_IS,
    CHANGED,   /* its last sound: only with an ending behind it */
    SHORTENED, /* the same, and too little to tell by itself before some endings */
};

struct key {
    const char *text;
    size_t name, word; /* of the name, from 0 */
    enum how how;
    bool tells; /* long enough to count alone */
};

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

/* The word of a name whose forms are added. */
struct adding {
    struct wb_name_scan *s;
    struct key key;
};

static void
add_key(struct adding *a, const char *text, size_t size, enum how how)
{
    struct key key = a->key;

    key.how = how;
    if ((key.text = wb_arena_copy(&a->s->arena, text, size)) == NULL)
        a->s->keys.failed = WB_ERR_MEMORY;
    wb_buf_add(&a->s->keys, &key, sizeof key);
}

static void
add_begin(void *cookie, const char *text, size_t size, bool shortened)
{
    add_key(cookie, text, size, shortened ? SHORTENED : CHANGED);
}

static void
add_heard(void *cookie, const struct wb_fold_word *w)
{
    add_key(cookie, w->skeleton, w->skeleton_size, AS_IT_IS);
    wb_name_begins(w, add_begin, cookie);
}

static void
add_word(struct adding *a, const char *name, const struct wb_fold_word *w)
{
    a->key.tells = wb_name_letters(w->folded, w->folded_size) >= LETTERS_MIN;
    if (strcmp(w->folded, w->skeleton) != 0)
        add_key(a, w->folded, w->folded_size, AS_IT_IS);
    add_heard(a, w);
    wb_name_spellings(w, name + w->at, add_heard, a);
}

enum wb_status
wb_name_scan_add(struct wb_name_scan *s, size_t person, const char *name, bool near,
    struct wb_error *e)
{
    struct adding a = {.s = s, .key.name = s->names.size / sizeof(struct name)};
    struct name line = {.person = person, .near = near};
    struct wb_fold f;
    struct wb_fold_word w;
    enum wb_status st;

    line.first = s->seen.size / sizeof(uint64_t);
    if ((line.text = wb_arena_copy(&s->arena, name, strlen(name))) == NULL)
        return wb_fail_memory(e);
    for (wb_fold_init(&f, name, strlen(name)); wb_fold_next(&f, &w); line.count++) {
        a.key.word = line.count;
        add_word(&a, name, &w);
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

/* All that are written so. */
static void
meet_whole(const struct scanning *g, const char *text)
{
    const struct key *keys = (const struct key *)(const void *)g->s->keys.data;
    size_t count = g->s->keys.size / sizeof *keys;

    for (size_t i = first_key(keys, count, text);
         i < count && strcmp(keys[i].text, text) == 0; i++)
        if (keys[i].how == AS_IT_IS)
            meet(g, &keys[i]);
}

/* All that an ending may stand behind. */
static void
meet_base(void *cookie, const char *text, size_t short_min)
{
    const struct scanning *g = cookie;
    const struct key *keys = (const struct key *)(const void *)g->s->keys.data;
    size_t count = g->s->keys.size / sizeof *keys;
    size_t letters = wb_name_letters(text, strlen(text));

    if (letters < BENT_LETTERS_MIN && letters < short_min)
        return;
    for (size_t i = first_key(keys, count, text);
         i < count && strcmp(keys[i].text, text) == 0; i++)
        if (letters >= (keys[i].how == SHORTENED ? short_min : BENT_LETTERS_MIN))
            meet(g, &keys[i]);
}

static void
meet_heard(void *cookie, const struct wb_fold_word *w)
{
    meet_whole(cookie, w->skeleton);
    wb_name_bases(w, meet_base, cookie);
}

static void
meet_word(struct scanning *g, const char *text, const struct wb_fold_word *w)
{
    if (strcmp(w->folded, w->skeleton) != 0)
        meet_whole(g, w->folded);
    meet_heard(g, w);
    wb_name_spellings(w, text + w->at, meet_heard, g);
}

static void
meet_piece(struct scanning *g, const char *piece, size_t size)
{
    struct wb_fold f;
    struct wb_fold_word w;

    for (wb_fold_init(&f, piece, size); wb_fold_next(&f, &w);)
        meet_word(g, piece, &w);
}

/* What is written together counts as one word. */
static void
meet_pieces(struct scanning *g, const char *text, size_t size)
{
    struct wb_name_cut cut = {.text = text, .size = size};
    const char *piece;
    size_t piece_size;

    while (wb_name_cut_next(&cut, &piece, &piece_size))
        meet_piece(g, piece, piece_size);
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
        meet_word(&g, text, &w);
        meet_pieces(&g, text + w.at, w.size);
    }
}
