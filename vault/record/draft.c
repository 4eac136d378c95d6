/* vault/record/draft.c - a record being written. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "record.h"

enum { NAME_SHOWN_MAX = 40 };

/* ---- new, free ---- */

enum wb_status
wb_draft_new_any(struct wb_draft **d, const struct wb_kind *kind, struct wb_error *e)
{
    struct wb_draft *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    made->kind = kind;
    made->fields = wb_arena_new_array(&made->arena, kind->count, sizeof *made->fields);
    if (made->fields == NULL) {
        wb_draft_free(&made);
        return wb_fail_memory(e);
    }
    *d = made;
    return WB_OK;
}

enum wb_status
wb_draft_new(struct wb_draft **d, const char *kind, struct wb_error *e)
{
    const struct wb_kind *k = wb_kind_find(kind);
    struct wb_buf known;

    if (k != NULL && (k->flags & WB_BY_HAND) != 0)
        return wb_draft_new_any(d, k, e);
    if (k != NULL)
        return wb_fail(e, WB_ERR_USAGE, "%s: only the program adds these", k->name);
    wb_buf_init(&known, WB_ERROR_MESSAGE_BYTES);
    for (size_t i = 0; i < wb_kind_count(); i++)
        if ((wb_kind_at(i)->flags & WB_BY_HAND) != 0)
            wb_buf_print(&known, " %s", wb_kind_at(i)->name);
    wb_fail(
        e, WB_ERR_USAGE, "no such kind of record, there are:%s", wb_buf_text(&known));
    wb_buf_wipe(&known);
    return WB_ERR_USAGE;
}

void
wb_draft_free(struct wb_draft **d)
{
    if (*d == NULL)
        return;
    wb_arena_free(&(*d)->arena);
    wb_mem_free(*d);
    *d = NULL;
}

const struct wb_kind *
wb_draft_kind(const struct wb_draft *d)
{
    return d->kind;
}

/* ---- values ---- */

/* The name was typed by somebody: it is shown cut and without control characters. */
static enum wb_status
refuse_field(const struct wb_kind *k, const char *name, struct wb_error *e)
{
    struct wb_buf text;
    size_t size = strnlen(name, NAME_SHOWN_MAX);

    wb_buf_init(&text, 2 * WB_ERROR_MESSAGE_BYTES);
    wb_buf_print(&text, "%s has no field ", k->name);
    wb_text_show(&text, name, size);
    wb_buf_add_text(&text, ", it has:");
    for (size_t i = 0; i < k->count; i++)
        wb_buf_print(&text, " %s", k->fields[i].name);
    wb_fail(e, WB_ERR_USAGE, "%s", wb_buf_text(&text));
    wb_buf_wipe(&text);
    return WB_ERR_USAGE;
}

static enum wb_status
find_field(struct wb_draft *d, const char *name, const struct wb_field **f,
    struct wb_draft_field **values, struct wb_error *e)
{
    *f = wb_field_find(d->kind, name);
    if (*f == NULL)
        return refuse_field(d->kind, name, e);
    *values = &d->fields[*f - d->kind->fields];
    return WB_OK;
}

static enum wb_status
check_new(const struct wb_field *f, const struct wb_draft_field *values,
    enum wb_state state, const char *text, size_t size, struct wb_error *e)
{
    struct wb_field line = *f;

    if (values->count > 0 && (f->flags & WB_REPEATS) == 0)
        return wb_fail(e, WB_ERR_VALUE, "takes one value");
    if (f->kind == WB_REF)
        line.kind = WB_LINE;
    switch (state) {
    case WB_STATE_TEXT:
        return wb_value_check(&line, text, size, e);
    case WB_STATE_UNKNOWN:
    case WB_STATE_NOT_ASKED:
    case WB_STATE_REFUSED:
        return WB_OK;
    case WB_STATE_ABSENT:
    case WB_STATE_WITHHELD:
        break;
    }
    return wb_fail(e, WB_ERR_VALUE, "the states are unknown, not-asked and refused");
}

enum wb_status
wb_draft_append(struct wb_draft *d, struct wb_draft_field *values, enum wb_state state,
    const char *text, size_t size, struct wb_error *e)
{
    struct wb_draft_value *v = wb_arena_new(&d->arena, sizeof *v);

    if (v == NULL)
        return wb_fail_memory(e);
    v->state = state;
    v->size = state == WB_STATE_TEXT ? size : 0;
    v->text = wb_arena_copy(&d->arena, text, v->size);
    if (v->text == NULL)
        return wb_fail_memory(e);
    if (values->last == NULL)
        values->first = v;
    else
        values->last->next = v;
    values->last = v;
    values->count++;
    return WB_OK;
}

enum wb_status
wb_draft_put(struct wb_draft *d, const char *field, enum wb_state state,
    const char *text, size_t size, struct wb_error *e)
{
    const struct wb_field *f;
    struct wb_draft_field *values;
    enum wb_status st;

    if ((st = find_field(d, field, &f, &values, e)) != WB_OK)
        return st;
    if ((st = check_new(f, values, state, text, size, e)) != WB_OK)
        return wb_within(e, st, "%s", f->name);
    return wb_draft_append(d, values, state, text, size, e);
}

/* What holds for values by hand beyond wb_draft_put. */
static enum wb_status
check_by_hand(const struct wb_field *f, enum wb_state state, const char *text,
    size_t size, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if ((f->flags & WB_OURS) != 0)
        return wb_fail(e, WB_ERR_USAGE, "%s: set by the program, not by hand", f->name);
    if (f->kind == WB_REF && state == WB_STATE_TEXT)
        st = wb_value_check(f, text, size, e);
    return wb_within(e, st, "%s", f->name);
}

enum wb_status
wb_draft_add(struct wb_draft *d, const char *field, enum wb_state state,
    const char *text, size_t size, struct wb_error *e)
{
    const struct wb_field *f;
    struct wb_draft_field *values;
    enum wb_status st;

    if ((st = find_field(d, field, &f, &values, e)) != WB_OK ||
        (st = check_by_hand(f, state, text, size, e)) != WB_OK)
        return st;
    return wb_draft_put(d, field, state, text, size, e);
}

/* The next line of a text, its end not counted. False at the end of the text. */
static bool
next_line(const char **at, const char *end, const char **line, size_t *size)
{
    const char *feed;

    if (*at == end)
        return false;
    *line = *at;
    feed = memchr(*at, '\n', (size_t)(end - *at));
    *at = feed != NULL ? feed + 1 : end;
    *size = (size_t)((feed != NULL ? feed : end) - *line);
    if (*size > 0 && (*line)[*size - 1] == '\r')
        (*size)--;
    return true;
}

static bool
is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return false;
    return true;
}

/* The next paragraph: from its first line to the end of its last one. A field of one
 * value takes the text whole. */
static bool
next_paragraph(
    const char **at, const char *end, bool whole, const char **text, size_t *size)
{
    const char *line;
    size_t length;

    *size = 0;
    while (next_line(at, end, &line, &length)) {
        bool blank = is_blank(line, length);

        if (blank && *size > 0 && !whole)
            break;
        if (blank)
            continue;
        if (*size == 0)
            *text = line;
        *size = (size_t)(line + length - *text);
    }
    return *size > 0;
}

enum wb_status
wb_draft_add_paragraphs(struct wb_draft *d, const char *field, const char *text,
    size_t size, struct wb_error *e)
{
    const struct wb_field *f;
    struct wb_draft_field *values, before;
    const char *at = text, *end = text + size, *paragraph = text;
    size_t length, added = 0;
    enum wb_status st;

    if ((st = find_field(d, field, &f, &values, e)) != WB_OK)
        return st;
    before = *values;
    while (st == WB_OK &&
        next_paragraph(&at, end, (f->flags & WB_REPEATS) == 0, &paragraph, &length)) {
        st = wb_draft_add(d, field, WB_STATE_TEXT, paragraph, length, e);
        added += st == WB_OK;
    }
    if (st == WB_OK && added == 0)
        st = wb_fail(e, WB_ERR_VALUE, "%s: empty", f->name);
    if (st != WB_OK) {
        *values = before;
        if (before.last != NULL)
            values->last->next = NULL;
    }
    return st;
}

enum wb_status
wb_draft_clear(struct wb_draft *d, const char *field, struct wb_error *e)
{
    const struct wb_field *f;
    struct wb_draft_field *values;
    enum wb_status st;

    if ((st = find_field(d, field, &f, &values, e)) == WB_OK)
        *values = (struct wb_draft_field){0};
    return st;
}

bool
wb_draft_value(const struct wb_draft *d, const char *field, size_t index,
    struct wb_value_view *view)
{
    const struct wb_field *f = wb_field_find(d->kind, field);
    const struct wb_draft_value *v =
        f != NULL ? d->fields[f - d->kind->fields].first : NULL;

    while (v != NULL && index-- > 0)
        v = v->next;
    if (v != NULL)
        *view = (struct wb_value_view){v->state, v->text, v->size};
    return v != NULL;
}

enum wb_status
wb_draft_each_ref(const struct wb_draft *d,
    enum wb_status (*each)(void *cookie, const struct wb_field *field,
        struct wb_draft_value *value, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    enum wb_status st;

    for (size_t i = 0; i < d->kind->count; i++) {
        const struct wb_field *f = &d->kind->fields[i];
        struct wb_draft_value *v = f->kind == WB_REF ? d->fields[i].first : NULL;

        for (; v != NULL; v = v->next)
            if (v->state == WB_STATE_TEXT && (st = each(cookie, f, v, e)) != WB_OK)
                return wb_within(e, st, "%s", f->name);
    }
    return WB_OK;
}
