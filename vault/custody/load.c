/* vault/custody/load.c - many records from JSONL, all or nothing. */
#include <string.h>
#include <unistd.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "../crypto/random.h"
#include "../formats/json.h"
#include "refs.h"

enum { READ_BYTES = 64 * 1024 };

/* Lines of a file, one at a time, flat in memory but for the longest line. */
struct lines {
    int fd;
    uint8_t *bytes;
    size_t at, got;
    bool ended;
    struct wb_buf line;
    uint64_t number; /* of the line at hand, from 1 */
};

static enum wb_status
next_line(struct lines *l, bool *found, struct wb_error *e)
{
    enum wb_status st;

    wb_buf_clear(&l->line);
    *found = false;
    while (!l->ended) {
        const uint8_t *from = l->bytes + l->at;
        const uint8_t *end = memchr(from, '\n', l->got - l->at);
        size_t part = end == NULL ? l->got - l->at : (size_t)(end - from);

        wb_buf_add(&l->line, from, part);
        if ((st = wb_buf_check(&l->line, e)) != WB_OK)
            return wb_within(e, st, "line %llu", (unsigned long long)l->number + 1);
        l->at += part + (end != NULL);
        if (end != NULL) {
            *found = true;
            break;
        }
        if ((st = wb_file_read(l->fd, l->bytes, READ_BYTES, &l->got, e)) != WB_OK)
            return st;
        l->at = 0;
        l->ended = l->got == 0;
    }
    *found |= l->line.size > 0;
    l->number += *found;
    return WB_OK;
}

/* What one line says, before its references are looked at. */
struct item {
    struct wb_json *json;
    const struct wb_json *fields;
    const struct wb_kind *kind;
    const char *key; /* NULL without one */
    size_t key_size;
};

static enum wb_status
parse_item(struct item *item, const struct wb_buf *line, struct wb_error *e)
{
    const struct wb_json *key;
    const char *kind;
    size_t size;
    enum wb_status st;

    *item = (struct item){0};
    st = wb_json_decode(&item->json, line->data, line->size, WB_RECORD_BYTES_MAX, e);
    if (st != WB_OK)
        return st == WB_ERR_FORMAT ? wb_fail(e, WB_ERR_VALUE, "%s", e ? e->message : "")
                                   : st;
    item->fields = wb_json_get(item->json, "fields");
    key = wb_json_get(item->json, "key");
    if (!wb_json_get_text(wb_json_get(item->json, "kind"), &kind, &size) ||
        !wb_json_is_object(item->fields) ||
        (key != NULL && !wb_json_get_text(key, &item->key, &item->key_size)) ||
        wb_json_count(item->json) != (key == NULL ? 2 : 3))
        st = wb_fail(
            e, WB_ERR_VALUE, "must be {\"kind\",\"fields\"} and may have a \"key\"");
    else if ((item->kind = wb_kind_find(kind)) == NULL ||
        (item->kind->flags & WB_BY_HAND) == 0)
        st = wb_fail(e, WB_ERR_VALUE, "kind: there is none of that name to be added");
    if (st != WB_OK)
        wb_json_free(&item->json);
    return st;
}

/* A value is a string, or {"state":"unknown"}. */
static enum wb_status
add_value(struct wb_draft *d, const char *field, const struct wb_json *node,
    struct wb_error *e)
{
    enum wb_state state = WB_STATE_TEXT;
    const char *text;
    size_t size;

    if (wb_json_get_text(node, &text, &size))
        return wb_draft_put(d, field, WB_STATE_TEXT, text, size, e);
    if (wb_json_is_object(node) && wb_json_count(node) == 1 &&
        wb_json_get_text(wb_json_get(node, "state"), &text, &size) &&
        wb_state_find(&state, text))
        return wb_draft_put(d, field, state, NULL, 0, e);
    return wb_fail(e, WB_ERR_VALUE,
        "%s: must be a string, an array of strings, or "
        "{\"state\":\"unknown\"}",
        field);
}

static enum wb_status
fill_draft(struct wb_draft *d, const struct wb_json *fields, struct wb_error *e)
{
    const struct wb_json *value;
    struct wb_json_walk walk;
    const char *field;
    enum wb_status st = WB_OK;

    wb_json_walk_init(&walk, fields);
    while (st == WB_OK && wb_json_walk_next(&walk, &field, &value)) {
        const struct wb_field *f = wb_field_find(d->kind, field);

        if (f != NULL && (f->flags & WB_OURS) != 0)
            return wb_fail(e, WB_ERR_VALUE, "%s: is set by the program", field);
        if (!wb_json_is_array(value))
            st = add_value(d, field, value, e);
        for (size_t i = 0;
             st == WB_OK && wb_json_is_array(value) && i < wb_json_count(value); i++)
            st = add_value(d, field, wb_json_at(value, i), e);
    }
    return st;
}

struct resolving {
    struct wb_vault *v;
    struct wb_draft *d;
};

/* A reference that is a key of this file becomes the id that the key stands for. */
static enum wb_status
resolve(void *cookie, const struct wb_field *field, struct wb_draft_value *value,
    struct wb_error *e)
{
    struct resolving *r = cookie;
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;
    enum wb_status st;

    (void)field;
    st = wb_refs_announced(r->v, value->text, value->size, &id, e);
    if (st == WB_ERR_NOT_FOUND)
        return wb_id_parse(&id, value->text, value->size)
            ? WB_OK
            : wb_fail(e, WB_ERR_VALUE, "no such key in this file, and not an id");
    if (st != WB_OK)
        return st;
    wb_id_text(text, &id);
    value->text = wb_arena_copy(&r->d->arena, text, sizeof text - 1);
    value->size = sizeof text - 1;
    return value->text == NULL ? wb_fail_memory(e) : WB_OK;
}

/* First pass: keyed lines get their ids, so that any line may name any other. */
static enum wb_status
announce(struct wb_change *c, const struct wb_buf *line, struct wb_error *e)
{
    struct wb_id id;
    struct item item;
    enum wb_status st = parse_item(&item, line, e);

    if (st == WB_OK && item.key != NULL) {
        wb_random(id.bytes, sizeof id.bytes);
        st = wb_refs_announce(
            wb_change_vault(c), item.key, item.key_size, &id, item.kind->name, e);
        st = wb_within(e, st, "key");
    }
    wb_json_free(&item.json);
    return st;
}

/* Second pass: the record itself. */
static enum wb_status
store(struct wb_change *c, const struct wb_buf *line, struct wb_saved *saved,
    struct wb_error *e)
{
    struct resolving r = {.v = wb_change_vault(c)};
    struct wb_id id;
    struct item item;
    enum wb_status st;

    if ((st = parse_item(&item, line, e)) != WB_OK ||
        (st = wb_draft_new_any(&r.d, item.kind, e)) != WB_OK ||
        (st = fill_draft(r.d, item.fields, e)) != WB_OK ||
        (st = wb_draft_each_ref(r.d, resolve, &r, e)) != WB_OK)
        goto out;
    if (item.key == NULL)
        wb_random(id.bytes, sizeof id.bytes);
    else if ((st = wb_refs_announced(r.v, item.key, item.key_size, &id, e)) != WB_OK)
        goto out;
    st = wb_change_add_as(c, r.d, &id, NULL, 0, saved, e);
out:
    wb_draft_free(&r.d);
    wb_json_free(&item.json);
    return st;
}

/* One pass over all lines; `loaded` is NULL in the first. */
static enum wb_status
pass(struct wb_change *c, int fd, struct wb_loaded *loaded, struct wb_error *e)
{
    struct lines l = {.fd = fd, .bytes = wb_mem_new(READ_BYTES)};
    struct wb_saved saved;
    bool found = true;
    enum wb_status st = l.bytes == NULL ? wb_fail_memory(e) : WB_OK;

    wb_buf_init(&l.line, WB_RECORD_BYTES_MAX);
    while (st == WB_OK && (st = next_line(&l, &found, e)) == WB_OK && found) {
        st = loaded == NULL ? announce(c, &l.line, e) : store(c, &l.line, &saved, e);
        if (st != WB_OK)
            wb_within(e, st, "line %llu", (unsigned long long)l.number);
        else if (loaded != NULL) {
            if (loaded->added++ == 0)
                loaded->first = saved.id;
            loaded->last = saved.id;
        }
    }
    wb_buf_wipe(&l.line);
    wb_mem_free(l.bytes);
    return st;
}

enum wb_status
wb_change_load(
    struct wb_change *c, int fd, struct wb_loaded *loaded, struct wb_error *e)
{
    struct wb_loaded got = {0};
    enum wb_status st;

    if ((st = pass(c, fd, NULL, e)) != WB_OK)
        return st;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return wb_fail(
            e, WB_ERR_USAGE, "must be a file that can be read twice, no pipe");
    if ((st = pass(c, fd, &got, e)) != WB_OK)
        return st;
    if (got.added == 0)
        return wb_fail(e, WB_ERR_VALUE, "no records in it");
    if ((st = wb_staging_clear(wb_change_vault(c), e)) == WB_OK)
        *loaded = got;
    return st;
}
