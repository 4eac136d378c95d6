/* vault/record/make.c - from a draft to a record of ours, and back. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../crypto/random.h"
#include "record.h"

/* What one value takes in JSON besides its text: salt, names and quotes. */
enum { VALUE_JSON_BYTES = 128, ESCAPE_BYTES = 6 };

/* Bytes of a value in JSON, escapes counted. */
static size_t
json_bytes(const struct wb_draft_value *v)
{
    size_t bytes = VALUE_JSON_BYTES + v->size;

    for (size_t i = 0; i < v->size; i++)
        if ((uint8_t)v->text[i] < 0x20)
            bytes += ESCAPE_BYTES - 1;
        else
            bytes += v->text[i] == '"' || v->text[i] == '\\';
    return bytes;
}

/* What a whole draft adds up to; `most`: were every byte an escape. */
struct sum {
    size_t most;
    size_t values;
};

static size_t
all_bytes(const struct wb_draft *d)
{
    size_t bytes = 0;

    for (size_t i = 0; i < d->kind->count; i++)
        for (const struct wb_draft_value *v = d->fields[i].first; v != NULL;
             v = v->next)
            bytes += json_bytes(v);
    return bytes;
}

static enum wb_status
check_field(const struct wb_field *f, const struct wb_draft_field *values,
    struct sum *sum, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (values->count == 0 && (f->flags & WB_REQUIRED) != 0)
        return wb_fail(e, WB_ERR_VALUE, "required, missing");
    for (const struct wb_draft_value *v = values->first; v != NULL; v = v->next) {
        sum->most += VALUE_JSON_BYTES + ESCAPE_BYTES * v->size;
        sum->values++;
        if (f->kind == WB_REF && v->state == WB_STATE_TEXT &&
            (st = wb_value_check(f, v->text, v->size, e)) != WB_OK)
            break;
    }
    return st;
}

/* What is written down later says why. */
static enum wb_status
check_late(const struct wb_draft *d, struct wb_error *e)
{
    const struct wb_field *late = wb_field_find(d->kind, "late");
    const struct wb_field *reason = wb_field_find(d->kind, "late-reason");
    const struct wb_draft_value *said;

    if (late == NULL || reason == NULL)
        return WB_OK;
    said = d->fields[late - d->kind->fields].first;
    if (said == NULL || said->state != WB_STATE_TEXT ||
        strcmp(said->text, "yes") != 0 || d->fields[reason - d->kind->fields].count > 0)
        return WB_OK;
    return wb_fail(e, WB_ERR_VALUE,
        "late-reason: missing; a reconstruction says why it was written down later");
}

enum wb_status
wb_draft_check(const struct wb_draft *d, struct wb_error *e)
{
    struct sum sum = {0};
    size_t bytes;

    for (size_t i = 0; i < d->kind->count; i++) {
        const struct wb_field *f = &d->kind->fields[i];
        enum wb_status st = check_field(f, &d->fields[i], &sum, e);

        if (st != WB_OK)
            return wb_within(e, st, "%s", f->name);
    }
    if (sum.most > WB_DRAFT_BYTES_MAX && (bytes = all_bytes(d)) > WB_DRAFT_BYTES_MAX)
        return wb_fail(e, WB_ERR_VALUE,
            "%s: all values together are %zu bytes, limit is 60 MiB", d->kind->name,
            bytes);
    if (sum.values > WB_VALUES_MAX && (d->kind->flags & WB_PRIVATE) == 0)
        return wb_fail(e, WB_ERR_VALUE, "%s: %zu values, limit is %d a record",
            d->kind->name, sum.values, WB_VALUES_MAX);
    return check_late(d, e);
}

enum wb_status
wb_draft_from(struct wb_draft **d, const struct wb_record *r, struct wb_error *e)
{
    struct wb_draft *made = NULL;
    enum wb_status st;

    if (r->table == NULL)
        return wb_fail(
            e, WB_ERR_POLICY, "a kind that this version does not know: %s", r->kind);
    if (wb_record_withheld(r) > 0)
        return wb_fail(e, WB_ERR_POLICY, "something in it was withheld from us");
    if ((st = wb_draft_new_any(&made, r->table, e)) != WB_OK)
        return st;
    for (size_t i = 0; i < r->table->count; i++) {
        const struct wb_place *p = &r->places[i + 1];

        for (size_t j = 0; j < p->count; j++) {
            const struct wb_value *v = &p->values[j];

            if (v->state != WB_STATE_ABSENT &&
                (st = wb_draft_append(
                     made, &made->fields[i], v->state, v->text, v->size, e)) != WB_OK)
                goto out;
        }
    }
    *d = made;
    made = NULL;
out:
    wb_draft_free(&made);
    return st;
}

static int
compare_roots(const void *a, const void *b)
{
    return memcmp(a, b, WB_ROOT_BYTES);
}

static enum wb_status
set_lineage(struct wb_record *r, const struct wb_lineage *l, struct wb_error *e)
{
    size_t size = l->previous_count * sizeof *l->previous;

    r->id = l->id;
    r->revision = l->revision;
    if (l->previous_count > WB_PREVIOUS_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "predecessors: %zu, limit is %d",
            l->previous_count, WB_PREVIOUS_MAX);
    r->previous = wb_arena_copy(&r->arena, l->previous, size);
    if (r->previous == NULL)
        return wb_fail_memory(e);
    r->previous_count = l->previous_count;
    qsort(r->previous, r->previous_count, WB_ROOT_BYTES, compare_roots);
    return WB_OK;
}

static enum wb_status
set_values(struct wb_record *r, struct wb_place *p, const struct wb_draft_field *values,
    struct wb_error *e)
{
    size_t i = 0;

    p->count = p->form == WB_FORM_LIST ? values->count : 1;
    p->values = wb_arena_new_array(&r->arena, p->count, sizeof *p->values);
    if (p->values == NULL)
        return wb_fail_memory(e);
    if (values->count == 0 && p->count == 1)
        p->values[0] = (struct wb_value){.state = WB_STATE_ABSENT, .text = ""};
    for (const struct wb_draft_value *v = values->first; v != NULL; v = v->next, i++) {
        struct wb_value *to = &p->values[i];

        to->state = v->state;
        to->size = v->size;
        to->text = wb_arena_copy(&r->arena, v->text, v->size);
        if (to->text == NULL)
            return wb_fail_memory(e);
    }
    return WB_OK;
}

static enum wb_status
set_places(struct wb_record *r, const struct wb_draft *d, const char *origin,
    struct wb_error *e)
{
    struct wb_draft_value said = {NULL, WB_STATE_TEXT, origin, strlen(origin)};
    const struct wb_draft_field first = {&said, &said, 1};
    enum wb_status st = WB_OK;

    r->place_count = d->kind->count + 1;
    r->places = wb_arena_new_array(&r->arena, r->place_count, sizeof *r->places);
    if (r->places == NULL)
        return wb_fail_memory(e);
    st = set_values(r, &r->places[0], &first, e);
    for (size_t i = 0; st == WB_OK && i < d->kind->count; i++) {
        const struct wb_field *f = &d->kind->fields[i];
        struct wb_place *p = &r->places[i + 1];

        p->field = f->number;
        p->form = (f->flags & WB_REPEATS) != 0 ? WB_FORM_LIST : WB_FORM_SINGLE;
        st = set_values(r, p, &d->fields[i], e);
    }
    return st;
}

enum wb_status
wb_record_make(struct wb_record **r, const struct wb_draft *d,
    const struct wb_lineage *lineage, struct wb_error *e)
{
    struct wb_record *made = NULL;
    enum wb_status st;

    if ((st = wb_draft_check(d, e)) != WB_OK || (st = wb_record_new(&made, e)) != WB_OK)
        return st;
    made->kind = d->kind->name;
    made->schema = d->kind->schema;
    wb_random(made->seed, sizeof made->seed);
    if ((st = set_lineage(made, lineage, e)) != WB_OK ||
        (st = set_places(made, d, lineage->origin, e)) != WB_OK ||
        (st = wb_record_settle(made, e)) != WB_OK)
        goto out;
    *r = made;
    made = NULL;
out:
    wb_record_free(&made);
    return st;
}

enum wb_status
wb_record_from_draft(struct wb_record **r, const struct wb_draft *d,
    const struct wb_lineage *lineage, struct wb_error *e)
{
    enum wb_status st = wb_record_make(r, d, lineage, e);

    if (st == WB_OK)
        wb_record_commit(*r);
    return st;
}
