/* tests/lib/vectors.c - the cases of tests/vectors, and the randomness in them.
 */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/random.h"

enum { PATH_MAX_BYTES = 4096, FILE_BYTES_MAX = 1024 * 1024, CHECKS_MAX = 64 };

/* ---- values of a case ---- */

static void
bad(const struct vector *c, const char *key, const char *what)
{
    fail_msg("%s: %s: %s: %s", c->file, c->name, key, what);
    abort(); /* not reached: fail_msg leaves the test */
}

static const struct wb_json *
member(const struct vector *c, const char *key)
{
    const struct wb_json *value;
    struct wb_json_walk walk;
    const char *name;

    wb_json_walk_init(&walk, c->node);
    for (unsigned i = 0; wb_json_walk_next(&walk, &name, &value); i++)
        if (strcmp(name, key) == 0) {
            *c->seen |= UINT64_C(1) << i;
            return value;
        }
    bad(c, key, "no such member");
    return NULL;
}

bool
vector_has(const struct vector *c, const char *key)
{
    return wb_json_get(c->node, key) != NULL;
}

size_t
vector_count(const struct vector *c, const char *key)
{
    const struct wb_json *value = member(c, key);

    if (!wb_json_is_array(value))
        bad(c, key, "not an array");
    return wb_json_count(value);
}

static const char *
text_of(const struct vector *c, const char *key, const struct wb_json *value)
{
    const char *text = NULL;
    size_t size;

    if (!wb_json_get_text(value, &text, &size))
        bad(c, key, "not a string");
    return text;
}

static struct vector_bytes
bytes_of(const struct vector *c, const char *key, const char *text)
{
    size_t size = strlen(text) / 2;
    uint8_t *room = wb_arena_new(c->memory, size + 1);

    assert_non_null(room);
    if (!wb_hex_decode(room, size, text, strlen(text)))
        bad(c, key, "not hexadecimal");
    return (struct vector_bytes){room, size};
}

static uint64_t
number_of(const struct vector *c, const char *key, const char *text)
{
    if (*text == '\0' || strspn(text, "0123456789") != strlen(text))
        bad(c, key, "not a number");
    return strtoull(text, NULL, 10);
}

const char *
vector_text(const struct vector *c, const char *key)
{
    return text_of(c, key, member(c, key));
}

uint64_t
vector_number(const struct vector *c, const char *key)
{
    return number_of(c, key, vector_text(c, key));
}

struct vector_bytes
vector_bytes(const struct vector *c, const char *key)
{
    return bytes_of(c, key, vector_text(c, key));
}

const char *
vector_text_at(const struct vector *c, const char *key, size_t index)
{
    return text_of(c, key, wb_json_at(member(c, key), index));
}

uint64_t
vector_number_at(const struct vector *c, const char *key, size_t index)
{
    return number_of(c, key, vector_text_at(c, key, index));
}

struct vector_bytes
vector_bytes_at(const struct vector *c, const char *key, size_t index)
{
    return bytes_of(c, key, vector_text_at(c, key, index));
}

void
vector_copy(const struct vector *c, const char *key, void *out, size_t size)
{
    struct vector_bytes b = vector_bytes(c, key);

    if (b.size != size)
        bad(c, key, "of another length");
    memcpy(out, b.data, size);
}

struct wb_secret *
vector_secret(const struct vector *c, const char *key)
{
    struct vector_bytes b = vector_bytes(c, key);
    struct wb_secret *s = NULL;

    assert_int_equal(wb_secret_new(&s, b.size, NULL), WB_OK);
    memcpy(wb_secret_room(s), b.data, b.size);
    return s;
}

struct vector
vector_other(const struct vector *c, const char *name)
{
    static uint64_t nobody;
    struct vector other = *c;

    other.name = name;
    other.node = wb_json_get(c->cases, name);
    other.seen = &nobody;
    vector_true(c, other.node != NULL, name);
    return other;
}

/* ---- comparing ---- */

static void
same(const struct vector *c, const char *key, struct vector_bytes wanted,
    const void *bytes, size_t size)
{
    if (wanted.size != size)
        fail_msg("%s: %s: %s: %zu bytes, wanted %zu", c->file, c->name, key, size,
            wanted.size);
    for (size_t i = 0; i < size; i++)
        if (wanted.data[i] != ((const uint8_t *)bytes)[i])
            fail_msg("%s: %s: %s: byte %zu of %zu is another", c->file, c->name, key, i,
                size);
}

void
vector_same(const struct vector *c, const char *key, const void *bytes, size_t size)
{
    same(c, key, vector_bytes(c, key), bytes, size);
}

void
vector_same_at(const struct vector *c, const char *key, size_t index, const void *bytes,
    size_t size)
{
    same(c, key, vector_bytes_at(c, key, index), bytes, size);
}

void
vector_same_text(const struct vector *c, const char *key, const char *text)
{
    if (strcmp(vector_text(c, key), text) != 0)
        bad(c, key, text);
}

void
vector_same_number(const struct vector *c, const char *key, uint64_t number)
{
    if (vector_number(c, key) != number)
        fail_msg("%s: %s: %s: %llu", c->file, c->name, key, (unsigned long long)number);
}

void
vector_same_count(const struct vector *c, const char *key, size_t count)
{
    if (vector_count(c, key) != count)
        fail_msg("%s: %s: %s: %zu items", c->file, c->name, key, count);
}

void
vector_ok(const struct vector *c, enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s: %s: status %d: %s", c->file, c->name, (int)st, e->message);
}

void
vector_true(const struct vector *c, bool holds, const char *what)
{
    if (!holds)
        fail_msg("%s: %s: %s", c->file, c->name, what);
}

/* ---- randomness ---- */

enum { FED_MAX = 16 };
static struct vector_bytes fed[FED_MAX];
static size_t fed_count, fed_drawn;

static void
draw(void *bytes, size_t size)
{
    assert_true(fed_drawn < fed_count);
    assert_int_equal(fed[fed_drawn].size, size);
    memcpy(bytes, fed[fed_drawn].data, size);
    fed_drawn++;
}

void
vectors_feed(const void *bytes, size_t size)
{
    assert_true(fed_count < FED_MAX);
    fed[fed_count++] = (struct vector_bytes){bytes, size};
    wb_random_source = draw;
}

void
vectors_feed_end(const struct vector *c)
{
    vector_true(c, fed_drawn == fed_count, "not all randomness was drawn");
    fed_count = fed_drawn = 0;
    wb_random_source = NULL;
}

/* ---- files ---- */

static void
load(const struct wb_json **root, struct wb_arena *nodes, const char *file)
{
    const char *tests = getenv("WB_TESTS");
    char path[PATH_MAX_BYTES];
    struct wb_error e = {0};
    struct wb_buf text;

    assert_non_null(tests);
    assert_true((size_t)snprintf(path, sizeof path, "%s/vectors/%s", tests, file) <
        sizeof path);
    wb_buf_init(&text, FILE_BYTES_MAX);
    if (wb_crypto_start(&e) != WB_OK || wb_file_load(&text, path, &e) != WB_OK ||
        wb_json_decode(root, nodes, text.data, text.size, FILE_BYTES_MAX, &e) != WB_OK)
        fail_msg("%s", e.message);
    wb_buf_wipe(&text);
}

/* The row of the case's `what`. */
static size_t
find(const struct vector *c, const struct vector_check *checks, size_t count)
{
    const char *what = vector_text(c, "what");
    size_t i = 0;

    while (i < count && strcmp(checks[i].what, what) != 0)
        i++;
    if (i == count)
        bad(c, "what", "nobody checks such a case");
    return i;
}

static void
demand_all_seen(const struct vector *c)
{
    const struct wb_json *value;
    struct wb_json_walk walk;
    const char *key;

    assert_true(wb_json_count(c->node) <= 64);
    wb_json_walk_init(&walk, c->node);
    for (unsigned i = 0; wb_json_walk_next(&walk, &key, &value); i++)
        if ((*c->seen >> i & 1) == 0)
            bad(c, key, "not looked at");
}

void
vectors_run(const char *file, const struct vector_check *checks, size_t check_count)
{
    size_t reached[CHECKS_MAX] = {0}, checked = 0;
    const struct wb_json *root = NULL;
    struct wb_json_walk walk;
    struct wb_arena memory = {0};
    uint64_t seen;
    struct vector c = {.file = file, .memory = &memory, .seen = &seen};

    assert_true(check_count <= CHECKS_MAX);
    load(&root, &memory, file);
    c.cases = root;
    wb_json_walk_init(&walk, root);
    while (wb_json_walk_next(&walk, &c.name, &c.node)) {
        size_t row;

        seen = 0;
        row = find(&c, checks, check_count);
        checks[row].check(&c);
        demand_all_seen(&c);
        reached[row]++;
        checked++;
    }
    for (size_t i = 0; i < check_count; i++)
        if (reached[i] == 0)
            fail_msg("%s: no case of %s", file, checks[i].what);
    assert_true(checked > 0);
    assert_int_equal(checked, wb_json_count(root));
    counted(checked, "vectors");
    wb_arena_free(&memory);
}
