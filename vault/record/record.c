/* vault/record/record.c - a record in memory: made whole, asked for what it holds. */
#include "record.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"

enum { TITLE_COLUMNS_MAX = 60, FIELD_NAME_BYTES = 12 };

/* Where the title field is empty, this one stands in for it. */
static const struct {
    const char *kind;
    const char *field;
} second_titles[] = {
    {"evidence", "description"},
    {"involvement", "degree-code"},
    {"person", "pseudonym"},
};

enum wb_status
wb_record_new(struct wb_record **r, struct wb_error *e)
{
    struct wb_record *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    made->kind = "";
    made->title = "";
    *r = made;
    return WB_OK;
}

void
wb_record_free(struct wb_record **r)
{
    if (*r == NULL)
        return;
    wb_arena_free(&(*r)->arena);
    wb_mem_free(*r);
    *r = NULL;
}

/* ---- settling ---- */

static bool
is_kind_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return size > 0 && size <= WB_KIND_NAME_MAX && name[size] == '\0';
}

static enum wb_status
check_lineage(const struct wb_record *r, struct wb_error *e)
{
    if (r->previous_count > WB_PREVIOUS_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "previous: %zu, limit is %d",
            r->previous_count, WB_PREVIOUS_MAX);
    for (size_t i = 1; i < r->previous_count; i++)
        if (memcmp(r->previous[i - 1], r->previous[i], WB_ROOT_BYTES) >= 0)
            return wb_fail(e, WB_ERR_FORMAT, "previous %zu: not ascending", i + 1);
    if (r->revision == 0 || (r->revision == 1) != (r->previous_count == 0))
        return wb_fail(e, WB_ERR_FORMAT,
            "revision: %" PRIu32 " with %zu predecessors, 1 has none and others have",
            r->revision, r->previous_count);
    return WB_OK;
}

static enum wb_status
check_order(const struct wb_record *r, struct wb_error *e)
{
    if (r->place_count == 0 || r->place_count > WB_FIELDS_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "places: %zu, 1 to %d are allowed",
            r->place_count, WB_FIELDS_MAX);
    if (r->places[0].field != WB_FIELD_ORIGIN || r->places[0].form == WB_FORM_LIST)
        return wb_fail(e, WB_ERR_FORMAT, "places 1: not the origin");
    for (size_t i = 1; i < r->place_count; i++)
        if (r->places[i - 1].field >= r->places[i].field)
            return wb_fail(
                e, WB_ERR_FORMAT, "places %zu: field numbers do not ascend", i + 1);
    return WB_OK;
}

/* A known schema has exactly its numbers: nobody can leave a place out unseen. */
static enum wb_status
check_schema(const struct wb_record *r, const struct wb_kind *k, struct wb_error *e)
{
    if (r->place_count != k->count + 1)
        return wb_fail(e, WB_ERR_FORMAT, "places: %zu, %s schema %u has %zu",
            r->place_count, k->name, k->schema, k->count + 1);
    for (size_t i = 0; i < k->count; i++) {
        const struct wb_field *f = &k->fields[i];
        const struct wb_place *p = &r->places[i + 1];
        bool repeats = (f->flags & WB_REPEATS) != 0;

        if (p->field != f->number)
            return wb_fail(e, WB_ERR_FORMAT, "places %zu: field %u, expected %u", i + 2,
                p->field, f->number);
        if (p->form != WB_FORM_CLOSED && (p->form == WB_FORM_LIST) != repeats)
            return wb_fail(e, WB_ERR_FORMAT, "places %zu: %s %s", i + 2, f->name,
                repeats ? wb_word("is a list") : wb_word("takes one value"));
    }
    return WB_OK;
}

static enum wb_status
name_places(struct wb_record *r, struct wb_error *e)
{
    struct wb_buf name;

    wb_buf_init(&name, FIELD_NAME_BYTES);
    r->places[0].name = "origin";
    for (size_t i = 1; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (r->table != NULL) {
            p->name = r->table->fields[i - 1].name;
            continue;
        }
        wb_buf_clear(&name);
        wb_buf_print(&name, "field-%u", p->field);
        if (wb_buf_check(&name, e) == WB_OK)
            p->name = wb_arena_copy(&r->arena, name.data, name.size);
        if (p->name == NULL)
            break;
    }
    wb_buf_wipe(&name);
    return r->places[r->place_count - 1].name == NULL ? wb_fail_memory(e) : WB_OK;
}

/* As many bytes of a text as fit the columns, whole characters only. */
static size_t
fit(const char *text, size_t size)
{
    size_t columns = 0, end;

    for (size_t at = 0; at < size; at = end) {
        for (end = at + 1; end < size && ((uint8_t)text[end] & 0xc0) == 0x80;)
            end++;
        columns += wb_text_width(text + at, end - at);
        if (columns > TITLE_COLUMNS_MAX)
            return at;
    }
    return size;
}

/* A line stands as it is; of a paragraph the beginning, as one line. */
static enum wb_status
set_title(struct wb_record *r, const char *field, struct wb_error *e)
{
    const struct wb_field *f = wb_field_find(r->table, field);
    const char *text = wb_record_text(r, field);
    char *cut;

    if (f->kind != WB_TEXT) {
        r->title = text;
        return WB_OK;
    }
    cut = wb_arena_copy(&r->arena, text, fit(text, strlen(text)));
    if (cut == NULL)
        return wb_fail_memory(e);
    for (char *at = cut; (at = strpbrk(at, "\r\n\t")) != NULL;)
        *at = ' ';
    r->title = cut;
    return WB_OK;
}

static enum wb_status
find_title(struct wb_record *r, struct wb_error *e)
{
    enum wb_status st = set_title(r, r->table->title, e);

    for (size_t i = 0; i < sizeof second_titles / sizeof *second_titles; i++)
        if (st == WB_OK && r->title[0] == '\0' &&
            strcmp(second_titles[i].kind, r->kind) == 0)
            st = set_title(r, second_titles[i].field, e);
    return st;
}

enum wb_status
wb_record_settle(struct wb_record *r, struct wb_error *e)
{
    const struct wb_kind *k = wb_kind_find(r->kind);
    enum wb_status st;

    if (!is_kind_name(r->kind))
        return wb_fail(
            e, WB_ERR_FORMAT, "kind: 1 to %d of a-z, 0-9 and -", WB_KIND_NAME_MAX);
    r->table = k != NULL && k->schema == r->schema ? k : NULL;
    if ((st = check_lineage(r, e)) != WB_OK || (st = check_order(r, e)) != WB_OK)
        return st;
    if (r->table != NULL && (st = check_schema(r, k, e)) != WB_OK)
        return st;
    if ((st = name_places(r, e)) != WB_OK)
        return st;
    return r->table != NULL ? find_title(r, e) : WB_OK;
}

/* ---- asking ---- */

struct wb_place *
wb_record_place(const struct wb_record *r, uint16_t field)
{
    for (size_t i = 0; i < r->place_count; i++)
        if (r->places[i].field == field)
            return &r->places[i];
    return NULL;
}

static const struct wb_place *
place_of(const struct wb_record *r, const char *field)
{
    for (size_t i = 1; i < r->place_count; i++)
        if (strcmp(r->places[i].name, field) == 0)
            return &r->places[i];
    return NULL;
}

/* Values to show: none in a closed place, none where a single one is absent. */
static size_t
value_count(const struct wb_place *p)
{
    if (p->form == WB_FORM_SINGLE && p->values[0].state == WB_STATE_ABSENT)
        return 0;
    return p->count;
}

const char *
wb_record_text(const struct wb_record *r, const char *field)
{
    const struct wb_place *p = place_of(r, field);

    for (size_t i = 0; p != NULL && i < value_count(p); i++)
        if (p->values[i].state == WB_STATE_TEXT)
            return p->values[i].text;
    return "";
}

const struct wb_id *
wb_record_id(const struct wb_record *r)
{
    return &r->id;
}

const char *
wb_record_kind(const struct wb_record *r)
{
    return r->kind;
}

uint16_t
wb_record_schema(const struct wb_record *r)
{
    return r->schema;
}

uint32_t
wb_record_revision(const struct wb_record *r)
{
    return r->revision;
}

const uint8_t *
wb_record_root(const struct wb_record *r)
{
    return r->root;
}

size_t
wb_record_previous_count(const struct wb_record *r)
{
    return r->previous_count;
}

const uint8_t *
wb_record_previous(const struct wb_record *r, size_t index)
{
    return index < r->previous_count ? r->previous[index] : NULL;
}

const char *
wb_record_origin(const struct wb_record *r)
{
    const struct wb_place *p = &r->places[0];

    return p->form == WB_FORM_SINGLE ? p->values[0].text : "";
}

bool
wb_record_is_foreign(const struct wb_record *r)
{
    return r->foreign;
}

bool
wb_record_is_adopted(const struct wb_record *r)
{
    return r->adopted;
}

bool
wb_record_is_ours(const struct wb_record *r)
{
    return !r->foreign || r->adopted;
}

size_t
wb_record_withheld(const struct wb_record *r)
{
    size_t closed = 0;

    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        closed += p->form == WB_FORM_CLOSED;
        for (size_t j = 0; j < p->count; j++)
            closed += p->values[j].state == WB_STATE_WITHHELD;
    }
    return closed;
}

size_t
wb_record_proof_count(const struct wb_record *r)
{
    return r->proof_count;
}

const char *
wb_record_title(const struct wb_record *r)
{
    return r->title;
}

bool
wb_record_field(const struct wb_record *r, size_t index, struct wb_field_view *view)
{
    const struct wb_place *p;

    if (r->place_count == 0 || index >= r->place_count - 1)
        return false;
    p = &r->places[index + 1];
    *view = (struct wb_field_view){
        .number = p->field,
        .name = p->name,
        .field = r->table != NULL ? &r->table->fields[index] : NULL,
        .repeats = p->form == WB_FORM_LIST,
        .withheld = p->form == WB_FORM_CLOSED,
        .count = value_count(p),
    };
    if (view->field != NULL)
        view->repeats = (view->field->flags & WB_REPEATS) != 0;
    return true;
}

bool
wb_record_value(const struct wb_record *r, const char *field, size_t index,
    struct wb_value_view *view)
{
    const struct wb_place *p = place_of(r, field);

    if (p == NULL || index >= value_count(p))
        return false;
    *view = (struct wb_value_view){
        p->values[index].state, p->values[index].text, p->values[index].size};
    return true;
}

/* What wb_value_check takes as a number; 0 for anything else. */
static uint64_t
number_of(const char *text)
{
    uint64_t number = 0;

    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return 0;
    for (; *text != '\0'; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    return number;
}

bool
wb_record_file(const struct wb_record *r, struct wb_file_view *view)
{
    if (r->table == NULL || strcmp(r->kind, "evidence") != 0 ||
        wb_record_text(r, "sha256")[0] == '\0')
        return false;
    *view = (struct wb_file_view){
        .name = wb_record_text(r, "file-name"),
        .sha256 = wb_record_text(r, "sha256"),
        .type = wb_record_text(r, "media-type"),
        .size = number_of(wb_record_text(r, "size")),
        .stored = r->private_size > 0,
    };
    return true;
}
