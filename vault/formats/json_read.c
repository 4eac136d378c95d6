/* vault/formats/json_read.c - JSON read strictly into a tree (RFC 8259). */
#include <string.h>

#include "../base/arena.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "json.h"

enum type { OBJECT, ARRAY, STRING, OTHER };

struct wb_json {
    enum type type;
    size_t count;
    const char *key; /* of a member of an object */
    size_t key_size;
    const char *text; /* of a string */
    size_t size;
    struct wb_json *first, **items; /* of an array `items` are the same in a row */
    struct wb_json *next;
};

struct document {
    struct wb_json root; /* first: what the caller holds */
    struct wb_arena arena;
};

struct reader {
    struct wb_arena *arena;
    const uint8_t *begin, *at, *end;
    unsigned depth;
    struct wb_error *e;
};

static enum wb_status
refuse(const struct reader *r, const char *words)
{
    return wb_fail(
        r->e, WB_ERR_FORMAT, "position %zu: %s", (size_t)(r->at - r->begin), words);
}

static enum wb_status
refuse_end(const struct reader *r)
{
    return refuse(r, "the text ends too early");
}

/* The byte at hand is not what must stand there. */
static enum wb_status
refuse_byte(struct reader *r)
{
    if (r->at == r->end)
        return refuse_end(r);
    r->at++;
    return refuse(r, "not a JSON object or array");
}

/* The next byte that is no white space, which is not taken yet; 0 at the end. */
static uint8_t
peek(struct reader *r)
{
    while (r->at < r->end &&
        (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : 0;
}

/* ---- strings ---- */

static int
hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes the four digits of a \u. */
static enum wb_status
take_unit(struct reader *r, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        if (r->at == r->end || hex_digit(*r->at) < 0)
            return refuse_byte(r);
        *unit = *unit << 4 | (uint32_t)hex_digit(*r->at);
    }
    return WB_OK;
}

static enum wb_status
take_code(struct reader *r, uint32_t *code)
{
    uint32_t low;
    enum wb_status st = take_unit(r, code);

    if (st != WB_OK || *code < 0xd800 || *code > 0xdfff)
        return st == WB_OK && *code == 0 ? refuse(r, "a zero character") : st;
    if (*code > 0xdbff || r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
        return refuse_byte(r);
    r->at += 2;
    if ((st = take_unit(r, &low)) != WB_OK)
        return st;
    if (low < 0xdc00 || low > 0xdfff)
        return refuse_byte(r);
    *code = 0x10000 + ((*code - 0xd800) << 10 | (low - 0xdc00));
    return WB_OK;
}

static char *
put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800)
        *to++ = (char)(0xc0 | code >> 6);
    else {
        if (code < 0x10000)
            *to++ = (char)(0xe0 | code >> 12);
        else {
            *to++ = (char)(0xf0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* One escape, behind its backslash. */
static enum wb_status
take_escape(struct reader *r, char **to)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found;
    uint32_t code;
    enum wb_status st;

    if (r->at == r->end)
        return refuse_end(r);
    if (*r->at == 'u') {
        r->at++;
        if ((st = take_code(r, &code)) == WB_OK)
            *to = put_utf8(*to, code);
        return st;
    }
    found = *r->at == 0 ? NULL : strchr(names, (char)*r->at);
    if (found == NULL)
        return refuse_byte(r);
    *(*to)++ = meant[found - names];
    r->at++;
    return WB_OK;
}

/* The bytes from here that stand for themselves; what ends them is not among them. */
static size_t
plain_bytes(const struct reader *r)
{
    const uint8_t *at = r->at;

    while (at < r->end && *at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return (size_t)(at - r->at);
}

/* Where the string ends that begins here, or the input does: no text is longer. */
static size_t
string_bytes(const struct reader *r)
{
    const uint8_t *at = r->at;

    while (at < r->end && *at != '"')
        at += *at == '\\' && r->end - at > 1 ? 2 : 1;
    return (size_t)(at - r->at);
}

/* Copies what stands for itself, and checks it. */
static enum wb_status
take_plain(struct reader *r, char **to, size_t size)
{
    const size_t good = wb_text_span(r->at, size);

    if (good < size) {
        r->at += good + 1;
        return refuse(r, "not UTF-8");
    }
    memcpy(*to, r->at, size);
    *to += size;
    r->at += size;
    return WB_OK;
}

/* A string, behind its opening quote. */
static enum wb_status
take_string(struct reader *r, const char **text, size_t *size)
{
    char *room = wb_arena_new(r->arena, string_bytes(r) + 1), *to = room;
    enum wb_status st = WB_OK;

    if (room == NULL)
        return wb_fail_memory(r->e);
    while (st == WB_OK && (st = take_plain(r, &to, plain_bytes(r))) == WB_OK) {
        if (r->at == r->end)
            return refuse_end(r);
        if (*r->at == 0) {
            r->at++;
            return refuse(r, "a zero character");
        }
        if (*r->at < 0x20)
            return refuse_byte(r);
        if (*r->at++ == '"')
            break;
        st = take_escape(r, &to);
    }
    *to = '\0';
    *text = room;
    *size = (size_t)(to - room);
    return st;
}

/* ---- numbers and words: their form is checked, nothing here asks for more ---- */

static bool
take_digits(struct reader *r)
{
    const uint8_t *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > from;
}

static bool
take_byte(struct reader *r, const char *any)
{
    if (r->at == r->end || *r->at == 0 || strchr(any, (char)*r->at) == NULL)
        return false;
    r->at++;
    return true;
}

static enum wb_status
take_number(struct reader *r)
{
    (void)take_byte(r, "-");
    if (!take_byte(r, "0") && !take_digits(r))
        return refuse_byte(r);
    if (take_byte(r, ".") && !take_digits(r))
        return refuse_byte(r);
    if (!take_byte(r, "eE"))
        return WB_OK;
    (void)take_byte(r, "+-");
    return take_digits(r) ? WB_OK : refuse_byte(r);
}

static enum wb_status
take_word(struct reader *r)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);

        if ((size_t)(r->end - r->at) >= size && memcmp(r->at, words[i], size) == 0) {
            r->at += size;
            return WB_OK;
        }
    }
    return refuse_byte(r);
}

/* ---- objects and arrays ---- */

static enum wb_status take_value(struct reader *r, struct wb_json *node);

static bool
has_member(const struct wb_json *object, const struct wb_json *named)
{
    for (const struct wb_json *m = object->first; m != NULL; m = m->next)
        if (m->key_size == named->key_size &&
            memcmp(m->key, named->key, named->key_size) == 0)
            return true;
    return false;
}

/* Name and colon of a member. */
static enum wb_status
take_name(struct reader *r, const struct wb_json *object, struct wb_json *member)
{
    enum wb_status st;

    if (peek(r) != '"')
        return refuse_byte(r);
    r->at++;
    if ((st = take_string(r, &member->key, &member->key_size)) != WB_OK)
        return st;
    if (has_member(object, member))
        return refuse(r, "a name twice in one object");
    if (object->count == WB_JSON_MEMBERS_MAX)
        return wb_fail(r->e, WB_ERR_LIMIT,
            "position %zu: more than %d names in one object",
            (size_t)(r->at - r->begin), WB_JSON_MEMBERS_MAX);
    if (peek(r) != ':')
        return refuse_byte(r);
    r->at++;
    return WB_OK;
}

/* So that every item of an array is found at once. */
static enum wb_status
line_up(struct reader *r, struct wb_json *array)
{
    size_t i = 0;

    array->items = wb_arena_new_array(r->arena, array->count, sizeof(struct wb_json *));
    if (array->items == NULL)
        return wb_fail_memory(r->e);
    for (struct wb_json *item = array->first; item != NULL; item = item->next)
        array->items[i++] = item;
    return WB_OK;
}

static enum wb_status
take_children(struct reader *r, struct wb_json *node, uint8_t closing)
{
    struct wb_json **link = &node->first;
    enum wb_status st = WB_OK;

    while (node->count > 0 || peek(r) != closing) {
        struct wb_json *child = wb_arena_new(r->arena, sizeof *child);

        if (child == NULL)
            return wb_fail_memory(r->e);
        if ((node->type == OBJECT && (st = take_name(r, node, child)) != WB_OK) ||
            (st = take_value(r, child)) != WB_OK)
            return st;
        *link = child;
        link = &child->next;
        node->count++;
        if (peek(r) != ',')
            break;
        r->at++;
    }
    if (peek(r) != closing)
        return refuse_byte(r);
    r->at++;
    return node->type == ARRAY ? line_up(r, node) : WB_OK;
}

static enum wb_status
take_nest(struct reader *r, struct wb_json *node, enum type type, uint8_t closing)
{
    enum wb_status st;

    r->at++;
    if (++r->depth > WB_JSON_DEPTH_MAX)
        return wb_fail(r->e, WB_ERR_LIMIT, "position %zu: nested more than %d deep",
            (size_t)(r->at - r->begin), WB_JSON_DEPTH_MAX);
    node->type = type;
    st = take_children(r, node, closing);
    r->depth--;
    return st;
}

static enum wb_status
take_value(struct reader *r, struct wb_json *node)
{
    const uint8_t next = peek(r);

    if (next == '{')
        return take_nest(r, node, OBJECT, '}');
    if (next == '[')
        return take_nest(r, node, ARRAY, ']');
    node->type = next == '"' ? STRING : OTHER;
    if (next == '"') {
        r->at++;
        return take_string(r, &node->text, &node->size);
    }
    return next == '-' || (next >= '0' && next <= '9') ? take_number(r) : take_word(r);
}

enum wb_status
wb_json_decode(struct wb_json **root, const void *bytes, size_t size, size_t max,
    struct wb_error *e)
{
    struct document *d;
    struct wb_json *made;
    struct reader r;
    enum wb_status st;

    if (size > max)
        return wb_fail(e, WB_ERR_LIMIT, "size: %zu bytes, limit is %zu", size, max);
    if ((d = wb_mem_new(sizeof *d)) == NULL)
        return wb_fail_memory(e);
    bytes = size > 0 ? bytes : "";
    r = (struct reader){
        .arena = &d->arena, .begin = bytes, .at = bytes, .end = bytes, .e = e};
    r.end += size;
    if (peek(&r) != '{' && peek(&r) != '[')
        st = refuse_byte(&r);
    else if ((st = take_value(&r, &d->root)) == WB_OK && (peek(&r), r.at < r.end)) {
        r.at++;
        st = refuse(&r, "text behind the end of the value");
    }
    made = &d->root;
    if (st == WB_OK)
        *root = made;
    else
        wb_json_free(&made);
    return st;
}

void
wb_json_free(struct wb_json **root)
{
    struct document *d = (struct document *)(void *)*root;

    if (d == NULL)
        return;
    wb_arena_free(&d->arena);
    wb_mem_free(d);
    *root = NULL;
}

/* ---- looking at it ---- */

bool
wb_json_is_object(const struct wb_json *node)
{
    return node != NULL && node->type == OBJECT;
}

bool
wb_json_is_array(const struct wb_json *node)
{
    return node != NULL && node->type == ARRAY;
}

size_t
wb_json_count(const struct wb_json *node)
{
    return node == NULL ? 0 : node->count;
}

const struct wb_json *
wb_json_get(const struct wb_json *node, const char *key)
{
    const struct wb_json *m = wb_json_is_object(node) ? node->first : NULL;

    while (m != NULL && strcmp(m->key, key) != 0)
        m = m->next;
    return m;
}

const struct wb_json *
wb_json_at(const struct wb_json *node, size_t index)
{
    return wb_json_is_array(node) && index < node->count ? node->items[index] : NULL;
}

bool
wb_json_get_text(const struct wb_json *node, const char **text, size_t *size)
{
    if (node == NULL || node->type != STRING)
        return false;
    *text = node->text;
    *size = node->size;
    return true;
}

void
wb_json_walk_init(struct wb_json_walk *w, const struct wb_json *object)
{
    *w =
        (struct wb_json_walk){.next = wb_json_is_object(object) ? object->first : NULL};
}

bool
wb_json_walk_next(
    struct wb_json_walk *w, const char **key, const struct wb_json **value)
{
    if (w->next == NULL)
        return false;
    *key = w->next->key;
    *value = w->next;
    w->next = w->next->next;
    return true;
}
