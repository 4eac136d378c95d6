/* vault/formats/json.c - JSON: written in one canonical form, read strictly. */
#include "json.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../crypto/random.h"

void
wb_json_out_init(struct wb_json_out *o, struct wb_buf *buf)
{
    *o = (struct wb_json_out){.buf = buf};
}

/* What stands in front of every value and name. */
static void
separate(struct wb_json_out *o)
{
    if (o->comma)
        wb_buf_add(o->buf, ",", 1);
    o->comma = true;
}

static void
begin(struct wb_json_out *o, const char *bracket)
{
    separate(o);
    wb_buf_add(o->buf, bracket, 1);
    o->comma = false;
}

static void
end(struct wb_json_out *o, const char *bracket)
{
    wb_buf_add(o->buf, bracket, 1);
    o->comma = true;
}

void
wb_json_object(struct wb_json_out *o)
{
    begin(o, "{");
}

void
wb_json_object_end(struct wb_json_out *o)
{
    end(o, "}");
}

void
wb_json_array(struct wb_json_out *o)
{
    begin(o, "[");
}

void
wb_json_array_end(struct wb_json_out *o)
{
    end(o, "]");
}

/* How many bytes from `at` are written as an escape, and as which; 0 for none. */
static size_t
escaped(const struct wb_json_out *o, const uint8_t *at, size_t left, char escape[7])
{
    uint32_t code = at[0];
    size_t taken = 1;

    if (code == '"' || code == '\\')
        (void)snprintf(escape, 7, "\\%c", (char)code);
    else if (code < 0x20 ||
        (o->shown && code >= 0x7f && (taken = wb_text_control(at, left, &code)) > 0))
        (void)snprintf(escape, 7, "\\u%04x", (unsigned)code);
    else
        return 0;
    return taken;
}

void
wb_json_string(struct wb_json_out *o, const void *text, size_t size)
{
    const uint8_t *at = text;
    size_t plain = 0, taken; /* plain: where the run of bytes as they are began */
    char escape[7];

    if (o->buf->failed == WB_OK)
        o->buf->failed = wb_text_check(text, size, NULL);
    separate(o);
    wb_buf_add(o->buf, "\"", 1);
    for (size_t i = 0; i<size; i += taken> 0 ? taken : 1) {
        taken = escaped(o, at + i, size - i, escape);
        if (taken == 0)
            continue;
        wb_buf_add(o->buf, at + plain, i - plain);
        wb_buf_add_text(o->buf, escape);
        plain = i + taken;
    }
    if (size > plain)
        wb_buf_add(o->buf, at + plain, size - plain);
    wb_buf_add(o->buf, "\"", 1);
}

void
wb_json_text(struct wb_json_out *o, const char *text)
{
    wb_json_string(o, text, strlen(text));
}

void
wb_json_key(struct wb_json_out *o, const char *key)
{
    wb_json_text(o, key);
    wb_buf_add(o->buf, ":", 1);
    o->comma = false;
}

void
wb_json_hex(struct wb_json_out *o, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    char digits[3];

    separate(o);
    wb_buf_add(o->buf, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        wb_hex_encode(digits, at + i, 1);
        wb_buf_add(o->buf, digits, 2);
    }
    wb_buf_add(o->buf, "\"", 1);
}

void
wb_json_number(struct wb_json_out *o, uint64_t value)
{
    separate(o);
    wb_buf_print(o->buf, "%" PRIu64, value);
}

void
wb_json_bool(struct wb_json_out *o, bool value)
{
    separate(o);
    wb_buf_add_text(o->buf, value ? "true" : "false");
}

/* Where the document that is being read takes its memory, and where the reading ends if
 * there is none: after a failed allocation jansson 2.14 goes on, loses characters, the
 * closing quote too, and reads and writes past the end of the string. So it never sees
 * one. It holds nothing but this memory, which goes with the arena. */
static _Thread_local struct {
    struct wb_arena *nodes;
    jmp_buf starved;
} reading;

static void *
take_memory(size_t size)
{
    void *block = wb_arena_new(reading.nodes, size);

    if (block == NULL)
        longjmp(reading.starved, 1);
    return block;
}

/* It goes with the arena. */
static void
keep_memory(void *block)
{
    (void)block;
}

/* Seeded by us, jansson opens no /dev/urandom; 0 would make it do so. */
static void
start_jansson(void)
{
    uint32_t seed;

    wb_random(&seed, sizeof seed);
    json_set_alloc_funcs(take_memory, keep_memory);
    json_object_seed((size_t)seed | 1);
}

static const char *
error_words(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8:
        return "not UTF-8";
    case json_error_premature_end_of_input:
        return "the text ends too early";
    case json_error_end_of_input_expected:
        return "text behind the end of the value";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a zero character";
    case json_error_duplicate_key:
        return "a name twice in one object";
    case json_error_numeric_overflow:
        return "a number out of range";
    default:
        return "not a JSON object or array";
    }
}

/* Brackets inside one another, those in strings not counted; never mind what else is
 * wrong with the text. jansson's own limit is 2048 and cannot be set. */
static enum wb_status
check_depth(const char *text, size_t size, struct wb_error *e)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < size; i++) {
        if (in_string && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            in_string = !in_string;
        else if (!in_string && (text[i] == '[' || text[i] == '{'))
            depth++;
        else if (!in_string && (text[i] == ']' || text[i] == '}') && depth > 0)
            depth--;
        if (depth > WB_JSON_DEPTH_MAX)
            return wb_fail(e, WB_ERR_LIMIT, "position %zu: nested more than %d deep",
                i + 1, WB_JSON_DEPTH_MAX);
    }
    return WB_OK;
}

enum wb_status
wb_json_decode(const struct wb_json **root, struct wb_arena *nodes, const void *bytes,
    size_t size, size_t max, struct wb_error *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    json_error_t reason;
    json_t *found;
    enum wb_status st;

    if (size > max)
        return wb_fail(e, WB_ERR_LIMIT, "size: %zu bytes, limit is %zu", size, max);
    if ((st = check_depth(bytes, size, e)) != WB_OK)
        return st;
    (void)pthread_once(&once, start_jansson);
    reading.nodes = nodes;
    if (setjmp(reading.starved) != 0)
        return wb_fail_memory(e);
    found = json_loadb(size > 0 ? bytes : "", size, JSON_REJECT_DUPLICATES, &reason);
    if (found == NULL) {
        st = wb_fail(e, WB_ERR_FORMAT, "position %d: %s", reason.position,
            error_words(json_error_code(&reason)));
        wb_wipe(&reason, sizeof reason); /* its text quotes the input */
        return st;
    }
    *root = (const struct wb_json *)found;
    return WB_OK;
}

static const json_t *
inside(const struct wb_json *node)
{
    return (const json_t *)node;
}

bool
wb_json_is_object(const struct wb_json *node)
{
    return json_is_object(inside(node));
}

bool
wb_json_is_array(const struct wb_json *node)
{
    return json_is_array(inside(node));
}

size_t
wb_json_count(const struct wb_json *node)
{
    return json_is_array(inside(node)) ? json_array_size(inside(node))
                                       : json_object_size(inside(node));
}

const struct wb_json *
wb_json_get(const struct wb_json *node, const char *key)
{
    return (const struct wb_json *)json_object_get(inside(node), key);
}

const struct wb_json *
wb_json_at(const struct wb_json *node, size_t index)
{
    return (const struct wb_json *)json_array_get(inside(node), index);
}

bool
wb_json_get_text(const struct wb_json *node, const char **text, size_t *size)
{
    if (!json_is_string(inside(node)))
        return false;
    *text = json_string_value(inside(node));
    *size = json_string_length(inside(node));
    return true;
}

/* jansson's iterators want an object that may be changed, but only read it. */
static json_t *
loosen(const struct wb_json *object)
{
    return (json_t *)(uintptr_t)object;
}

void
wb_json_walk_init(struct wb_json_walk *w, const struct wb_json *object)
{
    *w = (struct wb_json_walk){
        .object = object, .place = json_object_iter(loosen(object))};
}

bool
wb_json_walk_next(
    struct wb_json_walk *w, const char **key, const struct wb_json **value)
{
    if (w->place == NULL)
        return false;
    *key = json_object_iter_key(w->place);
    *value = (const struct wb_json *)json_object_iter_value(w->place);
    w->place = json_object_iter_next(loosen(w->object), w->place);
    return true;
}
