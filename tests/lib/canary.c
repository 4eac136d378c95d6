/* tests/lib/canary.c - words that must not be found anywhere, in every disguise. */
#include "canary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "room.h"

enum { NEEDLES_MAX = 2048, CLEAN_MAX = 16 };

/* Searched all at once: candidates by their first two bytes. */
static struct needle {
    const char *name;
    uint8_t *bytes;
    size_t size;
    struct needle *next; /* of the same first two bytes */
} needles[NEEDLES_MAX];
static size_t needle_count, last_taken;
static struct needle *by_start[65536];

unsigned long canary_looks, canary_bytes;

static void
add(const char *name, const void *bytes, size_t size)
{
    struct needle *n = &needles[needle_count];
    size_t start;

    assert_true(needle_count < NEEDLES_MAX);
    assert_true(size >= 6); /* shorter ones are found by chance */
    n->name = name;
    n->bytes = malloc(size);
    assert_non_null(n->bytes);
    memcpy(n->bytes, bytes, size);
    n->size = size;
    start = (size_t)n->bytes[0] << 8 | n->bytes[1];
    n->next = by_start[start];
    by_start[start] = n;
    needle_count++;
}

/* What files were found clean last: most of them are as they were in the look before,
 * and comparing costs less than searching. */
static struct clean {
    uint8_t *bytes;
    size_t size;
    unsigned long looked;
} clean[CLEAN_MAX];

static bool
was_clean(const uint8_t *bytes, size_t size)
{
    for (struct clean *c = clean; c < clean + CLEAN_MAX; c++)
        if (c->bytes != NULL && c->size == size && memcmp(c->bytes, bytes, size) == 0) {
            c->looked = canary_looks;
            return true;
        }
    return false;
}

/* In the place of what was not seen for the longest time. Takes the bytes. */
static void
keep_clean(uint8_t *bytes, size_t size)
{
    struct clean *oldest = clean;

    for (struct clean *c = clean; c < clean + CLEAN_MAX; c++)
        if (c->looked < oldest->looked)
            oldest = c;
    free(oldest->bytes);
    *oldest = (struct clean){bytes, size, canary_looks};
}

static void
forget_clean(void)
{
    for (struct clean *c = clean; c < clean + CLEAN_MAX; c++)
        free(c->bytes);
    memset(clean, 0, sizeof clean);
}

/* One letter of Latin or Cyrillic in the other case, as a code point. */
static unsigned
fold(unsigned c, bool upper)
{
    if (upper && ((c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x44f)))
        return c - 0x20;
    if (upper && c >= 0x450 && c <= 0x45f)
        return c - 0x50;
    if (!upper && ((c >= 'A' && c <= 'Z') || (c >= 0x410 && c <= 0x42f)))
        return c + 0x20;
    if (!upper && c >= 0x400 && c <= 0x40f)
        return c + 0x50;
    if (c >= 0x490 && c <= 0x4ff) /* pairs: Ғғ, Ққ, Ҳҳ, Ҷҷ, Ӣӣ, Ӯӯ */
        return upper ? c & ~1u : c | 1u;
    return c;
}

static unsigned
next_point(const char **text)
{
    const uint8_t *at = (const uint8_t *)*text;

    *text += at[0] < 0x80 ? 1 : 2; /* up to U+07FF */
    return at[0] < 0x80 ? at[0] : (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
}

static void
fold_word(char *out, const char *word, bool upper)
{
    while (*word != '\0') {
        unsigned c = fold(next_point(&word), upper);

        if (c < 0x80)
            *out++ = (char)c;
        else {
            *out++ = (char)(0xc0 | c >> 6);
            *out++ = (char)(0x80 | (c & 0x3f));
        }
    }
    *out = '\0';
}

static void
add_hex(const char *name, const char *word, const char *digits)
{
    char out[1024];
    size_t n = 0;

    for (; *word != '\0'; word++) {
        out[n++] = digits[(uint8_t)*word >> 4];
        out[n++] = digits[(uint8_t)*word & 15];
    }
    add(name, out, n);
}

/* The characters that depend on the word alone, with `before` bytes in front of it. */
static void
add_base64(const char *name, const char *word, size_t before)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t bits = strlen(word) * 8;
    const size_t skip = before * 8 % 6 == 0 ? 0 : 6 - before * 8 % 6;
    char out[1024];
    size_t n = 0;

    for (size_t at = skip; at + 6 <= bits; at += 6) {
        unsigned value = 0;

        for (size_t i = at; i < at + 6; i++)
            value = value << 1 | ((unsigned)(uint8_t)word[i / 8] >> (7 - i % 8) & 1u);
        out[n++] = digits[value];
    }
    add(name, out, n);
}

static void
add_utf16(const char *name, const char *word)
{
    uint8_t out[1024];
    size_t n = 0;

    while (*word != '\0') {
        unsigned c = next_point(&word);

        out[n++] = (uint8_t)c;
        out[n++] = (uint8_t)(c >> 8);
    }
    add(name, out, n);
}

void
canary_take(const char *name, const char *word)
{
    char forms[3][512];

    assert_true(strlen(word) < sizeof forms[0]);
    forget_clean();
    last_taken = needle_count;
    strcpy(forms[0], word);
    fold_word(forms[1], word, false);
    fold_word(forms[2], word, true);
    for (size_t i = 0; i < 3; i++) {
        add(name, forms[i], strlen(forms[i]));
        for (size_t before = 0; before < 3; before++)
            add_base64(name, forms[i], before);
        add_hex(name, forms[i], "0123456789abcdef");
        add_hex(name, forms[i], "0123456789ABCDEF");
    }
    add_utf16(name, word);
    assert_int_equal(needle_count - last_taken, CANARY_DISGUISES);
}

const uint8_t *
canary_disguise(size_t i, size_t *size)
{
    *size = needles[last_taken + i].size;
    return needles[last_taken + i].bytes;
}

void
canary_forget(void)
{
    for (size_t i = 0; i < needle_count; i++)
        free(needles[i].bytes);
    needle_count = 0;
    memset(by_start, 0, sizeof by_start);
    forget_clean();
}

const char *
canary_find(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i + 1 < size; i++)
        for (const struct needle *n = by_start[(size_t)at[i] << 8 | at[i + 1]];
             n != NULL; n = n->next)
            if (n->size <= size - i && memcmp(at + i, n->bytes, n->size) == 0)
                return n->name;
    return NULL;
}

/* ---- files ---- */

static void
look_at(void *cookie, const char *name, const char *path)
{
    const char **found = cookie;
    struct stat info;
    uint8_t *bytes;
    size_t size;

    if (*found == NULL)
        *found = canary_find(name, strlen(name));
    if (*found != NULL || lstat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return;
    bytes = room_read(path, &size);
    canary_bytes += size;
    if (was_clean(bytes, size) || (*found = canary_find(bytes, size)) != NULL)
        free(bytes);
    else
        keep_clean(bytes, size);
}

const char *
canary_look(const char *folder)
{
    const char *found = NULL;

    canary_looks++;
    room_each_file(folder, look_at, &found);
    return found;
}
