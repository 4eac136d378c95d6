/* vault/record/record_json_read.c - a record read from canonical JSON,
 * vault/bundle/FORMAT.md section 4. */
#include <inttypes.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/text.h"
#include "record_json.h"

enum {
    NUMBER_DIGITS_MAX = 10,
    /* Commas and opening brackets of the largest record: 65,536 elements of three, 512
     * places of six, and the head. More would only cost memory. */
    MARKS_MAX = 256 * 1024,
};

/* Members are looked up by name; what else is there, their order and their spelling
 * show when the record is written again and compared. */

static enum wb_status
need_text(const struct wb_json *node, const char *key, const char **text, size_t *size,
    struct wb_error *e)
{
    if (!wb_json_get_text(wb_json_get(node, key), text, size))
        return wb_fail(e, WB_ERR_FORMAT, "%s: missing, or not a string", key);
    return WB_OK;
}

static enum wb_status
need_hex(const struct wb_json *node, const char *key, uint8_t *out, size_t size,
    struct wb_error *e)
{
    const char *text;
    size_t length;
    enum wb_status st;

    if ((st = need_text(node, key, &text, &length, e)) != WB_OK)
        return st;
    if (!wb_hex_decode(out, size, text, length))
        return wb_fail(
            e, WB_ERR_FORMAT, "%s: not %zu hexadecimal digits", key, 2 * size);
    return WB_OK;
}

static enum wb_status
need_number(const struct wb_json *node, const char *key, uint32_t max, uint32_t *value,
    struct wb_error *e)
{
    uint64_t number = 0;
    const char *text;
    size_t size;
    enum wb_status st;

    if ((st = need_text(node, key, &text, &size, e)) != WB_OK)
        return st;
    if (size == 0 || size > NUMBER_DIGITS_MAX || strspn(text, "0123456789") != size)
        return wb_fail(e, WB_ERR_FORMAT, "%s: not a number", key);
    for (size_t i = 0; i < size; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    if (number > max)
        return wb_fail(
            e, WB_ERR_FORMAT, "%s: %" PRIu64 ", limit is %" PRIu32, key, number, max);
    *value = (uint32_t)number;
    return WB_OK;
}

/* A text kept in the record's arena. */
static enum wb_status
need_copy(struct wb_record *r, const struct wb_json *node, const char *key,
    const char **copy, size_t *size, struct wb_error *e)
{
    const char *text;
    enum wb_status st;

    if ((st = need_text(node, key, &text, size, e)) != WB_OK)
        return st;
    *copy = wb_arena_copy(&r->arena, text, *size);
    return *copy == NULL ? wb_fail_memory(e) : WB_OK;
}

/* An array's items, at most `max`. */
static enum wb_status
need_array(const struct wb_json *node, const char *key, size_t max,
    const struct wb_json **array, size_t *count, struct wb_error *e)
{
    *array = wb_json_get(node, key);
    if (!wb_json_is_array(*array))
        return wb_fail(e, WB_ERR_FORMAT, "%s: missing, or not an array", key);
    *count = wb_json_count(*array);
    if (*count > max)
        return wb_fail(e, WB_ERR_FORMAT, "%s: %zu, limit is %zu", key, *count, max);
    return WB_OK;
}

static enum wb_status
read_previous(struct wb_record *r, const struct wb_json *root, struct wb_error *e)
{
    const struct wb_json *array;
    const char *text;
    size_t size;
    enum wb_status st;

    if ((st = need_array(root, "previous", WB_PREVIOUS_MAX, &array, &r->previous_count,
             e)) != WB_OK)
        return st;
    r->previous = wb_arena_new_array(&r->arena, r->previous_count, sizeof *r->previous);
    if (r->previous == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < r->previous_count; i++)
        if (!wb_json_get_text(wb_json_at(array, i), &text, &size) ||
            !wb_hex_decode(r->previous[i], WB_ROOT_BYTES, text, size))
            return wb_fail(
                e, WB_ERR_FORMAT, "previous %zu: not 64 hexadecimal digits", i + 1);
    return WB_OK;
}

static enum wb_status
check_version(const struct wb_json *root, struct wb_error *e)
{
    const char *text;
    size_t size, at = strlen("record/");
    enum wb_status st;

    if ((st = need_text(root, "witnessbox", &text, &size, e)) != WB_OK)
        return st;
    if (strcmp(text, WB_RECORD_JSON_VERSION) == 0)
        return WB_OK;
    if (strncmp(text, WB_RECORD_JSON_VERSION, at) == 0 && text[at] >= '1' &&
        text[at] <= '9' && strspn(text + at, "0123456789") == size - at)
        return wb_fail(e, WB_ERR_TOO_NEW, "a later format of records, known is %s",
            WB_RECORD_JSON_VERSION);
    return wb_fail(e, WB_ERR_FORMAT, "witnessbox: not %s", WB_RECORD_JSON_VERSION);
}

static enum wb_status
read_head(struct wb_record *r, const struct wb_json *root, struct wb_error *e)
{
    const struct wb_kind *k;
    const char *id;
    size_t size;
    uint32_t schema = 0;
    enum wb_status st;

    if ((st = check_version(root, e)) != WB_OK ||
        (st = need_copy(r, root, "kind", &r->kind, &size, e)) != WB_OK ||
        (st = need_number(root, "schema", UINT16_MAX, &schema, e)) != WB_OK ||
        (st = need_text(root, "id", &id, &size, e)) != WB_OK ||
        (st = need_number(root, "revision", UINT32_MAX, &r->revision, e)) != WB_OK)
        return st;
    k = wb_kind_find(r->kind);
    if (k != NULL && (k->flags & WB_PRIVATE) != 0)
        return wb_fail(
            e, WB_ERR_FORMAT, "kind: %s, which never leaves a vault", k->name);
    if (!wb_id_parse(&r->id, id, size))
        return wb_fail(e, WB_ERR_FORMAT, "id: not 26 characters of an id");
    r->schema = (uint16_t)schema;
    return read_previous(r, root, e);
}

static enum wb_status
read_closed(
    const struct wb_json *node, uint8_t hash[static WB_ROOT_BYTES], struct wb_error *e)
{
    return need_hex(node, "closed", hash, WB_ROOT_BYTES, e);
}

static enum wb_status
read_value(struct wb_record *r, const struct wb_json *node, struct wb_value *v,
    struct wb_error *e)
{
    const char *state;
    size_t size;
    enum wb_status st;

    v->text = "";
    if ((st = need_hex(node, "salt", v->salt, sizeof v->salt, e)) != WB_OK)
        return st;
    if (wb_json_get(node, "state") == NULL) {
        v->state = WB_STATE_TEXT;
        if ((st = need_copy(r, node, "value", &v->text, &v->size, e)) != WB_OK)
            return st;
        if (v->size > WB_PARAGRAPH_BYTES_MAX)
            return wb_fail(
                e, WB_ERR_FORMAT, "value: %zu bytes, limit is 16 MiB", v->size);
        return WB_OK;
    }
    if ((st = need_text(node, "state", &state, &size, e)) != WB_OK)
        return st;
    return wb_state_find(&v->state, state)
        ? WB_OK
        : wb_fail(e, WB_ERR_FORMAT, "state: no such state");
}

static enum wb_status
read_element(struct wb_record *r, const struct wb_json *node, struct wb_value *v,
    struct wb_error *e)
{
    enum wb_status st;

    if (wb_json_get(node, "closed") != NULL) {
        v->state = WB_STATE_WITHHELD;
        v->text = "";
        return read_closed(node, v->hash, e);
    }
    if ((st = read_value(r, node, v, e)) != WB_OK)
        return st;
    if (v->state == WB_STATE_ABSENT)
        return wb_fail(e, WB_ERR_FORMAT, "state: an element is never absent");
    return WB_OK;
}

static enum wb_status
read_list(struct wb_record *r, const struct wb_json *node, struct wb_place *p,
    struct wb_error *e)
{
    const struct wb_json *array;
    enum wb_status st;

    p->form = WB_FORM_LIST;
    if ((st = need_hex(node, "salt", p->salt, sizeof p->salt, e)) != WB_OK ||
        (st = need_array(node, "values", WB_VALUES_MAX, &array, &p->count, e)) != WB_OK)
        return st;
    p->values = wb_arena_new_array(&r->arena, p->count, sizeof *p->values);
    if (p->values == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; st == WB_OK && i < p->count; i++)
        st = wb_within(e, read_element(r, wb_json_at(array, i), &p->values[i], e),
            "values %zu", i + 1);
    return st;
}

static enum wb_status
read_place(struct wb_record *r, const struct wb_json *node, struct wb_place *p,
    struct wb_error *e)
{
    uint32_t field = 0;
    enum wb_status st;

    if ((st = need_number(node, "field", UINT16_MAX, &field, e)) != WB_OK)
        return st;
    p->field = (uint16_t)field;
    if (wb_json_get(node, "closed") != NULL) {
        p->form = WB_FORM_CLOSED;
        return read_closed(node, p->hash, e);
    }
    if (wb_json_get(node, "values") != NULL)
        return read_list(r, node, p, e);
    p->values = wb_arena_new(&r->arena, sizeof *p->values);
    if (p->values == NULL)
        return wb_fail_memory(e);
    p->count = 1;
    return read_value(r, node, &p->values[0], e);
}

static enum wb_status
read_places(struct wb_record *r, const struct wb_json *root, struct wb_error *e)
{
    const struct wb_json *array;
    enum wb_status st;

    if ((st = need_array(root, "places", WB_FIELDS_MAX, &array, &r->place_count, e)) !=
        WB_OK)
        return st;
    r->places = wb_arena_new_array(&r->arena, r->place_count, sizeof *r->places);
    if (r->places == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; st == WB_OK && i < r->place_count; i++)
        st = wb_within(e, read_place(r, wb_json_at(array, i), &r->places[i], e),
            "places %zu", i + 1);
    return st;
}

static enum wb_status
read_proof(struct wb_record *r, const struct wb_json *node, struct wb_record_proof *p,
    struct wb_error *e)
{
    int64_t seconds;
    size_t size;
    enum wb_status st;

    p->time = "";
    if ((st = need_copy(r, node, "proof", &p->text, &p->size, e)) != WB_OK)
        return st;
    if (p->size == 0 || p->size > WB_PROOF_BYTES_MAX)
        return wb_fail(
            e, WB_ERR_FORMAT, "proof: %zu bytes, 1 to %d", p->size, WB_PROOF_BYTES_MAX);
    if (wb_json_get(node, "time") == NULL)
        return WB_OK;
    if ((st = need_copy(r, node, "time", &p->time, &size, e)) != WB_OK)
        return st;
    if (!wb_clock_parse(&seconds, p->time, size))
        return wb_fail(e, WB_ERR_FORMAT, "time: not a time");
    return need_hex(node, "salt", p->salt, sizeof p->salt, e);
}

static enum wb_status
read_proofs(struct wb_record *r, const struct wb_json *root, struct wb_error *e)
{
    const struct wb_json *array;
    enum wb_status st;

    if ((st = need_array(root, "proofs", WB_PROOFS_MAX, &array, &r->proof_count, e)) !=
        WB_OK)
        return st;
    r->proofs = wb_arena_new_array(&r->arena, r->proof_count, sizeof *r->proofs);
    if (r->proofs == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; st == WB_OK && i < r->proof_count; i++)
        st = wb_within(e, read_proof(r, wb_json_at(array, i), &r->proofs[i], e),
            "proofs %zu", i + 1);
    return st;
}

static enum wb_status
read_latest(const struct wb_json *root, int *latest, struct wb_error *e)
{
    const char *word;
    size_t size;
    enum wb_status st;

    *latest = -1;
    if (wb_json_get(root, "latest") == NULL)
        return WB_OK;
    if ((st = need_text(root, "latest", &word, &size, e)) != WB_OK)
        return st;
    *latest = strcmp(word, "yes") == 0;
    return *latest == 1 || strcmp(word, "no") == 0
        ? WB_OK
        : wb_fail(e, WB_ERR_FORMAT, "latest: yes or no");
}

static enum wb_status
check_root(const struct wb_record *r, const struct wb_json *root, struct wb_error *e)
{
    uint8_t said[WB_ROOT_BYTES];
    enum wb_status st;

    if ((st = need_hex(root, "root", said, sizeof said, e)) != WB_OK)
        return st;
    if (memcmp(said, r->root, sizeof said) != 0)
        return wb_fail(e, WB_ERR_INTEGRITY, "root: not that of the content");
    return WB_OK;
}

/* Nodes of a document cost far more memory than the text they stand in. */
static enum wb_status
check_marks(const uint8_t *bytes, size_t size, struct wb_error *e)
{
    bool in_string = false;
    size_t marks = 0;

    for (size_t i = 0; i < size; i++) {
        if (in_string && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            in_string = !in_string;
        else if (!in_string)
            marks += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    }
    if (marks > MARKS_MAX)
        return wb_fail(
            e, WB_ERR_LIMIT, "more values than the limit of %d", WB_VALUES_MAX);
    return WB_OK;
}

enum wb_status
wb_record_json_read(struct wb_record **r, int *latest, const uint8_t *bytes,
    size_t size, struct wb_error *e)
{
    struct wb_arena nodes = {0};
    const struct wb_json *root;
    struct wb_record *made = NULL;
    const char **names;
    int said = -1;
    enum wb_status st;

    if ((st = check_marks(bytes, size, e)) != WB_OK ||
        (st = wb_json_decode(&root, &nodes, bytes, size, WB_RECORD_BYTES_MAX, e)) !=
            WB_OK ||
        (st = wb_record_new(&made, e)) != WB_OK)
        goto out;
    made->foreign = true;
    if ((st = read_head(made, root, e)) != WB_OK ||
        (st = read_latest(root, &said, e)) != WB_OK ||
        (st = read_places(made, root, e)) != WB_OK ||
        (st = read_proofs(made, root, e)) != WB_OK ||
        (st = wb_record_settle(made, e)) != WB_OK ||
        (st = wb_record_names_take(&names, made, root, e)) != WB_OK ||
        (st = wb_record_check_foreign(made, e)) != WB_OK)
        goto out;
    wb_record_commit(made);
    if ((st = check_root(made, root, e)) != WB_OK)
        goto out;
    wb_record_names_swap(
        made, names); /* names are the one thing he may write his way */
    if ((st = wb_record_json_check(made, said, bytes, size, e)) != WB_OK)
        goto out;
    wb_record_names_swap(made, names);
    made->latest_said = said == 1;
    *latest = said;
    *r = made;
    made = NULL;
out:
    wb_record_free(&made);
    wb_arena_free(&nodes);
    return st;
}
