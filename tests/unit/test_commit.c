/* tests/unit/test_commit.c - nobody can open one root to two values of one field. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "sample.h"

enum { ROUNDS = 400, SEEN_MAX = 4096, VALUE_BYTES = 24, LONGEST_BYTES = 64 };

/* The roots of one round: none may come twice. */
struct seen {
    uint8_t roots[SEEN_MAX][WB_ROOT_BYTES];
    size_t count;
};
static struct seen seen;
static size_t altered;

static uint64_t dice = 1;

static unsigned
draw(unsigned below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice >> 33) % below;
}

/* The root as it is now must be a new one. */
static void
expect_new(struct wb_record *r)
{
    uint8_t root[WB_ROOT_BYTES];

    wb_record_commit_places(r);
    wb_record_commit_root(r, root);
    for (size_t i = 0; i < seen.count; i++)
        assert_memory_not_equal(seen.roots[i], root, WB_ROOT_BYTES);
    assert_true(seen.count < SEEN_MAX);
    memcpy(seen.roots[seen.count++], root, WB_ROOT_BYTES);
    altered++;
}

static void
expect_back(struct wb_record *r)
{
    uint8_t root[WB_ROOT_BYTES];

    wb_record_commit_places(r);
    wb_record_commit_root(r, root);
    assert_memory_equal(seen.roots[0], root, WB_ROOT_BYTES);
}

/* ---- one alteration each, and back ---- */

static void
alter_value(struct wb_record *r, struct wb_value *v)
{
    static const enum wb_state states[] = {WB_STATE_ABSENT, WB_STATE_TEXT,
        WB_STATE_UNKNOWN, WB_STATE_NOT_ASKED, WB_STATE_REFUSED};
    const struct wb_value before = *v;
    char text[LONGEST_BYTES];
    size_t at;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (states[i] == before.state)
            continue;
        *v = before;
        v->state = states[i];
        v->text = "";
        v->size = 0;
        expect_new(r);
    }
    *v = before;
    assert_true(v->size + 1 < sizeof text);
    if (v->state == WB_STATE_TEXT && v->size > 0) {
        memcpy(text, before.text, before.size);
        v->text = text;
        at = draw((unsigned)v->size);
        text[at] ^= 1;
        expect_new(r); /* a byte */
        text[at] ^= 1;
        v->size--;
        expect_new(r); /* a byte less */
        text[before.size] = 'x';
        v->size = before.size + 1;
        expect_new(r); /* a byte more */
    }
    *v = before;
    at = draw(WB_SALT16_BYTES);
    v->salt[at] ^= 1;
    expect_new(r);
    *v = before;
    expect_back(r);
}

static void
alter_list(struct wb_record *r, struct wb_place *p)
{
    struct wb_value *values = p->values, copy[8], one;
    const size_t count = p->count;

    assert_true(count < 8);
    memcpy(copy, values, count * sizeof *values);
    p->values = copy;
    for (size_t i = 0; i + 1 < count; i++) { /* two elements change places */
        one = copy[i];
        copy[i] = copy[i + 1];
        copy[i + 1] = one;
        expect_new(r);
        memcpy(copy, values, count * sizeof *values);
    }
    for (size_t i = 0; i < count; i++) { /* one is left out */
        memmove(&copy[i], &copy[i + 1], (count - i - 1) * sizeof *copy);
        p->count = count - 1;
        expect_new(r);
        memcpy(copy, values, count * sizeof *values);
    }
    if (count > 0) { /* the last one twice */
        copy[count] = copy[count - 1];
        p->count = count + 1;
        expect_new(r);
    }
    p->count = count;
    p->values = values;
    p->salt[0] ^= 1;
    expect_new(r);
    p->salt[0] ^= 1;
    expect_back(r);
}

/* One element as a single place, and the other way round. */
static void
alter_form(struct wb_record *r, struct wb_place *p)
{
    const struct wb_place before = *p;

    if (p->count != 1)
        return;
    p->form = p->form == WB_FORM_LIST ? WB_FORM_SINGLE : WB_FORM_LIST;
    memcpy(p->salt, p->values[0].salt, sizeof p->salt);
    expect_new(r);
    *p = before;
    expect_back(r);
}

/* The opening of one field under the number of another. */
static void
alter_field(struct wb_record *r, struct wb_place *p)
{
    const uint16_t number = p->field;

    p->field = (uint16_t)(number + 100);
    expect_new(r);
    p->field = number;
    expect_back(r);
}

static void
swap_places(struct wb_record *r, size_t a, size_t b)
{
    const struct wb_place one = r->places[a], two = r->places[b];

    r->places[a] = two;
    r->places[a].field = one.field;
    r->places[b] = one;
    r->places[b].field = two.field;
    expect_new(r);
    r->places[a] = one;
    r->places[b] = two;
    expect_back(r);
}

/* Lineage and kind stand in the root as well. */
static void
alter_head(struct wb_record *r)
{
    const char *kind = r->kind;

    r->revision++;
    expect_new(r);
    r->revision--;
    r->schema++;
    expect_new(r);
    r->schema--;
    r->id.bytes[draw(16)] ^= 1;
    expect_new(r);
    assert_true(wb_id_parse(&r->id, SAMPLE_ID_A, 26));
    r->kind = "statemenu";
    expect_new(r);
    r->kind = kind;
    r->place_count--;
    expect_new(r);
    r->place_count++;
    expect_back(r);
}

static struct wb_record *
make_statement(void)
{
    struct wb_draft *d = sample_draft("statement");
    const unsigned paragraphs = 1 + draw(5);
    char text[VALUE_BYTES + 1];

    for (unsigned i = 0; i < paragraphs; i++) {
        const size_t size = 1 + draw(VALUE_BYTES - 1);

        for (size_t n = 0; n < size; n++)
            text[n] = (char)('a' + draw(26));
        text[size] = '\0';
        sample_put(d, "text", text);
    }
    sample_put(d, "witness", SAMPLE_ID_B);
    if (draw(2) != 0)
        sample_put(d, "place", "x");
    if (draw(2) != 0)
        sample_state(d, "channel", WB_STATE_REFUSED);
    return sample_record(d);
}

/* Salts are the forger's to choose: they stay as they are, the rest is altered. */
static void
one_root_opens_to_one_content(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct wb_record *r = make_statement();

        sample_make_foreign(r);
        seen.count = 0;
        expect_new(r);
        assert_memory_equal(seen.roots[0], r->root, WB_ROOT_BYTES);
        alter_head(r);
        for (size_t i = 0; i < r->place_count; i++) {
            struct wb_place *p = &r->places[i];

            for (size_t n = 0; n < p->count && n < 8; n++)
                alter_value(r, &p->values[n]);
            if (p->form == WB_FORM_LIST && p->count < 7)
                alter_list(r, p);
            alter_form(r, p);
            alter_field(r, p);
        }
        swap_places(r, 3, 10);
        swap_places(r, 7, 12);
        wb_record_free(&r);
    }
    print_message("%zu alterations, each with a root of its own\n", altered);
    assert_true(altered > ROUNDS * 100);
}

/* An element's hash, shown as if it were a whole place, is not the place's. */
static void
an_element_is_never_a_place_and_a_place_never_an_element(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_place *text = wb_record_place(r, 3);
    struct wb_value alone = text->values[0];
    uint8_t root[WB_ROOT_BYTES];

    (void)state;
    sample_make_foreign(r);
    assert_int_equal(text->count, 2);
    for (size_t i = 0; i < text->count; i++) {
        assert_memory_not_equal(text->hash, text->values[i].hash, WB_ROOT_BYTES);
        text->form = WB_FORM_CLOSED;
        memcpy(text->hash, text->values[i].hash, WB_ROOT_BYTES);
        wb_record_commit_root(r, root);
        assert_memory_not_equal(root, r->root, WB_ROOT_BYTES);
        text->form = WB_FORM_LIST;
        wb_record_commit_places(r);
    }
    text->values = &alone;
    text->count = 1;
    text->form = WB_FORM_SINGLE; /* with the element's own salt */
    wb_record_commit_places(r);
    wb_record_commit_root(r, root);
    assert_memory_not_equal(root, r->root, WB_ROOT_BYTES);
    wb_record_free(&r);
}

/* ---- the rule of places: a known schema has exactly its numbers ---- */

static void
expect_refused(struct wb_record *r)
{
    struct wb_error e = {0};

    wb_record_commit(r);
    assert_int_equal(wb_record_settle(r, &e), WB_ERR_FORMAT);
    assert_true(e.message[0] != '\0');
}

static void
a_field_that_stands_twice_or_not_at_all_is_refused(void **state)
{
    unsigned reached = 0;

    (void)state;
    for (size_t at = 0;; at++, reached += 3) {
        struct wb_record *r = sample_statement();
        struct wb_place *all = calloc(r->place_count + 1, sizeof *all);
        const size_t count = r->place_count;

        assert_non_null(all);
        if (at >= count) {
            free(all);
            wb_record_free(&r);
            break;
        }
        memcpy(all, r->places, count * sizeof *all);
        memmove(&all[at + 1], &all[at], (count - at) * sizeof *all); /* twice */
        r->places = all;
        r->place_count = count + 1;
        expect_refused(r);
        all[at + 1].field++; /* under the number of its neighbour */
        expect_refused(r);
        memmove(&all[at], &all[at + 2], (count - at - 1) * sizeof *all); /* left out */
        r->place_count = count - 1;
        expect_refused(r);
        free(all);
        r->places = NULL;
        r->place_count = 0;
        wb_record_free(&r);
    }
    assert_true(reached >= 3 * 29);
}

static void
a_single_field_shown_as_a_list_is_refused(void **state)
{
    unsigned reached = 0;

    (void)state;
    for (size_t at = 0;; at++) {
        struct wb_record *r = sample_statement();

        if (at >= r->place_count) {
            wb_record_free(&r);
            break;
        }
        r->places[at].form =
            r->places[at].form == WB_FORM_LIST ? WB_FORM_SINGLE : WB_FORM_LIST;
        if (r->places[at].count == 1) {
            expect_refused(r);
            reached++;
        }
        wb_record_free(&r);
    }
    assert_true(reached > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_root_opens_to_one_content),
        cmocka_unit_test(an_element_is_never_a_place_and_a_place_never_an_element),
        cmocka_unit_test(a_field_that_stands_twice_or_not_at_all_is_refused),
        cmocka_unit_test(a_single_field_shown_as_a_list_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
