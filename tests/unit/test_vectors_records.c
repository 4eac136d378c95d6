/* tests/unit/test_vectors_records.c - tests/vectors/records.json and statements.json:
 * bodies, JSON, places, roots. */
#include "cm.h"

#include <string.h>

#include "record/record.h"
#include "vectors.h"

static struct wb_record *
decode(const struct vector *c)
{
    struct vector_bytes x = vector_bytes(c, "x");
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    vector_ok(c, wb_record_decode(&r, x.data, x.size, &e), &e);
    return r;
}

static void
check_head(const struct vector *c, const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    vector_same_text(c, "id_text", id);
    vector_same(c, "id", r->id.bytes, sizeof r->id.bytes);
    vector_same_text(c, "kind", r->kind);
    vector_same_number(c, "schema", r->schema);
    vector_same_number(c, "revision", r->revision);
    vector_same_count(c, "previous", r->previous_count);
    for (size_t i = 0; i < r->previous_count; i++)
        vector_same_at(c, "previous", i, r->previous[i], WB_ROOT_BYTES);
    vector_same(c, "root", r->root, sizeof r->root);
}

static void
check_values(const struct vector *c, const struct wb_place *p, size_t *next)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct wb_value *v = &p->values[i];

        vector_same_at(c, "values", (*next)++, v->salt,
            v->state == WB_STATE_WITHHELD ? 0 : sizeof v->salt);
    }
}

static void
check_places(const struct vector *c, const struct wb_record *r)
{
    size_t next = 0;

    vector_same_count(c, "fields", r->place_count);
    vector_same_count(c, "places", r->place_count);
    vector_same_count(c, "salts", r->place_count);
    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        vector_true(c, vector_number_at(c, "fields", i) == p->field, "fields");
        vector_same_at(c, "places", i, p->hash, sizeof p->hash);
        if (p->form == WB_FORM_CLOSED)
            vector_same_at(c, "salts", i, NULL, 0);
        else if (p->form == WB_FORM_LIST)
            vector_same_at(c, "salts", i, p->salt, sizeof p->salt);
        else
            vector_same_at(c, "salts", i, p->values[0].salt, WB_SALT16_BYTES);
        check_values(c, p, &next);
    }
    vector_same_count(c, "values", next);
}

static void
check_encode(const struct vector *c, const struct wb_record *r)
{
    struct wb_buf out;
    struct wb_error e = {0};

    wb_buf_init(&out, WB_RECORD_BYTES_MAX);
    wb_record_encode(&out, r);
    vector_ok(c, wb_buf_check(&out, &e), &e);
    vector_same(c, "x", out.data, out.size);
    wb_buf_wipe(&out);
}

static void
check_json(
    const struct vector *c, const char *member, const struct wb_record *r, int latest)
{
    struct wb_buf out;
    struct wb_error e = {0};

    wb_buf_init(&out, WB_RECORD_BYTES_MAX);
    wb_record_json_write(&out, r, latest);
    vector_ok(c, wb_buf_check(&out, &e), &e);
    vector_same(c, member, out.data, out.size);
    wb_buf_wipe(&out);
}

static struct wb_record *
read_json(const struct vector *c, const char *member, int *latest)
{
    struct vector_bytes json = vector_bytes(c, member);
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    vector_ok(c, wb_record_json_read(&r, latest, json.data, json.size, &e), &e);
    return r;
}

/* Everything that was computed is computed once more, from nothing but the content. */
static void
forget_hashes(struct wb_record *r)
{
    memset(r->root, 0, sizeof r->root);
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form == WB_FORM_CLOSED)
            continue;
        memset(p->hash, 0, sizeof p->hash);
        if (!r->foreign)
            memset(p->salt, 0, sizeof p->salt);
        for (size_t k = 0; k < p->count; k++)
            if (p->values[k].state != WB_STATE_WITHHELD) {
                memset(p->values[k].hash, 0, WB_ROOT_BYTES);
                if (!r->foreign)
                    memset(p->values[k].salt, 0, WB_SALT16_BYTES);
            }
    }
}

/* What cannot stand in the JSON is taken from the body: who sent it, and of a record of
 * ours its seed and its private part. */
static void
make_like(struct wb_record *read, const struct wb_record *body)
{
    read->foreign = body->foreign;
    memcpy(read->seed, body->seed, sizeof read->seed);
    read->private_part = body->private_part;
    read->private_size = body->private_size;
    read->provenance = body->provenance;
}

static void
check_record(const struct vector *c)
{
    struct wb_record *r = decode(c), *read;
    int latest = 2;

    vector_same_number(c, "foreign", r->foreign);
    vector_same(c, "seed", r->seed, r->foreign ? 0 : sizeof r->seed);
    check_head(c, r);
    check_places(c, r);
    check_encode(c, r);
    forget_hashes(r);
    wb_record_commit(r);
    check_head(c, r);
    check_places(c, r);

    read = read_json(c, "json", &latest);
    vector_true(c, read->foreign, "json: ours");
    check_head(c, read);
    check_places(c, read);
    vector_true(c, latest >= -1 && latest <= 1, "json: latest");
    vector_true(c, r->latest_said == (latest == 1), "json: latest is not the body's");
    check_json(c, "json", r, latest);
    make_like(read, r);
    check_encode(c, read);
    wb_record_free(&read);
    wb_record_free(&r);
}

/* Names are no part of the root: a sender who knows more or fewer fields than we is
 * read, and what he wrote is passed on with our names. */
static void
check_names(const struct vector *c)
{
    int latest = 2;
    struct wb_record *r = read_json(c, "json", &latest), *again;

    vector_same(c, "root", r->root, sizeof r->root);
    vector_true(c, latest == 1, "json: latest");
    check_json(c, "again", r, latest);
    again = read_json(c, "again", &latest);
    vector_same(c, "root", again->root, sizeof again->root);
    check_json(c, "again", again, latest);
    wb_record_free(&again);
    wb_record_free(&r);
}

/* A record with nothing but a list in which the element stands. */
static void
check_value(const struct vector *c)
{
    enum { ELEMENTS_MAX = 8 };
    size_t index = (size_t)vector_number(c, "index");
    struct vector_bytes text = vector_bytes(c, "text");
    struct wb_value values[ELEMENTS_MAX] = {0};
    struct wb_place place = {.field = (uint16_t)vector_number(c, "field"),
        .form = WB_FORM_LIST,
        .values = values,
        .count = ELEMENTS_MAX};
    struct wb_record r = {.foreign = true, .places = &place, .place_count = 1};
    struct wb_value *v;

    vector_true(c, index >= 1 && index <= ELEMENTS_MAX, "index");
    for (size_t i = 0; i < ELEMENTS_MAX; i++)
        values[i].text = "";
    v = &values[index - 1];
    v->state = (enum wb_state)vector_number(c, "tag");
    v->text = wb_arena_copy(c->memory, text.data, text.size);
    v->size = text.size;
    vector_copy(c, "salt", v->salt, sizeof v->salt);
    wb_record_commit_places(&r);
    vector_same(c, "out", v->hash, sizeof v->hash);
}

static void
every_case_of_records_json_holds(void **state)
{
    static const struct vector_check checks[] = {
        {"record", check_record},
        {"names", check_names},
        {"value", check_value},
    };

    (void)state;
    vectors_run("records.json", checks, sizeof checks / sizeof *checks);
}

static void
every_case_of_statements_json_holds(void **state)
{
    static const struct vector_check checks[] = {{"record", check_record}};

    (void)state;
    vectors_run("statements.json", checks, sizeof checks / sizeof *checks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_records_json_holds),
        cmocka_unit_test(every_case_of_statements_json_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
