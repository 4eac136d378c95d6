/* tests/unit/test_answers.c - the index never changes an answer: what is found is what
 * opening every record and looking at it finds. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "babel.h"
#include "formats/edtf.h"
#include "query/index.h"
#include "query/terms.h"

enum { QUESTIONS = 120, LISTS = 60, ANSWER_MAX = 2 * BABEL_RECORDS };

static int
set_up(void **state)
{
    struct babel *b = calloc(1, sizeof *b);

    assert_non_null(b);
    babel_make(b);
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    babel_sweep(*state);
    free(*state);
    wb_index_memory_most = 64;
    return 0;
}

struct question {
    char words[BABEL_BYTES];
    bool all_revisions;
};

static void
draw_question(struct babel *b, struct question *q)
{
    babel_question(b, q->words);
    q->all_revisions = babel_draw(b, 5) == 0;
}

/* Newest first. */
struct answer {
    struct wb_id ids[ANSWER_MAX];
    uint32_t revisions[ANSWER_MAX];
    size_t count;
};

static void
put_answer(struct answer *a, const struct wb_record *r)
{
    assert_true(a->count < ANSWER_MAX);
    a->ids[a->count] = *wb_record_id(r);
    a->revisions[a->count++] = wb_record_revision(r);
}

static bool
put_hit(void *cookie, const struct wb_hit *hit)
{
    put_answer(cookie, hit->record);
    return true;
}

static bool
put_row(void *cookie, const struct wb_record *r)
{
    put_answer(cookie, r);
    return true;
}

/* ---- the same without any index: everything is opened and looked at ---- */

static bool
has_text(const struct wb_record *r, const struct wb_term *term, bool own)
{
    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];
        struct wb_place_found found;

        if (own && term->field != NULL && strcmp(term->field, p->name) != 0)
            continue;
        for (size_t n = 0; n < p->count && wb_term_applies(r, p); n++)
            if (wb_term_in(term, p->values[n].text, p->values[n].size, &found))
                return true;
    }
    return false;
}

static bool
refers_to_text(struct babel *b, const struct wb_record *r, const struct wb_term *term)
{
    struct wb_record *other = NULL;
    struct wb_id id;
    bool has = false;

    if (term->field == NULL ||
        !wb_id_parse(&id, wb_record_text(r, term->field), WB_ID_TEXT_BYTES - 1))
        return false;
    if (wb_record_load(b->v, &other, &id, NULL) == WB_OK)
        has = has_text(other, term, false);
    wb_record_free(&other);
    return has;
}

static bool
answers(struct babel *b, const struct wb_record *r, const struct wb_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        if (!has_text(r, &terms->items[i], true) &&
            !refers_to_text(b, r, &terms->items[i]))
            return false;
    return true;
}

static bool
is_newest(struct babel *b, const struct wb_record *r)
{
    struct wb_record *newest = NULL;
    bool same;

    assert_int_equal(wb_record_load(b->v, &newest, &r->id, NULL), WB_OK);
    same = newest->row == r->row;
    wb_record_free(&newest);
    return same;
}

static void
look_at_all(struct babel *b, const struct question *q, const struct wb_terms *terms,
    struct answer *out)
{
    out->count = 0;
    for (uint64_t row = wb_store_state(b->v)->next_row; row-- > 1;) {
        struct wb_record *r = NULL;

        if (wb_custody_open_row(b->v, &r, row, NULL) != WB_OK)
            continue;
        if ((r->table->flags & WB_BY_HAND) != 0 && answers(b, r, terms) &&
            (q->all_revisions || is_newest(b, r)))
            put_answer(out, r);
        wb_record_free(&r);
    }
}

/* ---- asking ---- */

static void
compare(const struct answer *a, const struct answer *b, const char *about)
{
    if (a->count != b->count)
        fail_msg("%s: %zu found, not %zu", about, a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        if (!wb_id_equal(&a->ids[i], &b->ids[i]) || a->revisions[i] != b->revisions[i])
            fail_msg("%s: another at %zu", about, i);
}

struct tally {
    size_t asked, nothing, some, many;
};

static void
ask(struct babel *b, const struct question *q, struct tally *t)
{
    static struct answer found, expected;
    const struct wb_search search = {
        .words = q->words, .all_revisions = q->all_revisions};
    struct wb_terms terms = {.count = 0};
    struct wb_error e = {0};
    uint64_t damaged;

    if (wb_terms_parse(&terms, q->words, &e) != WB_OK)
        return; /* a letter alone */
    found.count = 0;
    if (wb_search(b->v, &search, put_hit, &found, &damaged, &e) != WB_OK)
        fail_msg("%s: %s", q->words, e.message);
    look_at_all(b, q, &terms, &expected);
    compare(&found, &expected, q->words);
    wb_terms_wipe(&terms);
    t->asked++;
    t->nothing += found.count == 0;
    t->some += found.count > 0;
    t->many += found.count > BABEL_RECORDS / 4;
}

static void
ask_questions(struct babel *b)
{
    struct tally t = {0};
    struct question q;

    for (size_t i = 0; i < QUESTIONS; i++) {
        draw_question(b, &q);
        ask(b, &q, &t);
    }
    print_message("%zu questions: nothing %zu times, some %zu, many %zu\n", t.asked,
        t.nothing, t.some, t.many);
    assert_true(t.asked > QUESTIONS * 3 / 4 && t.nothing > 20 && t.some > 20);
    assert_true(t.many > 5);
}

/* ---- lists ---- */

struct wish {
    struct wb_list_filter filter;
    struct wb_id target;
};

static void
draw_wish(struct babel *b, struct wish *w)
{
    static const char *const kinds[] = {"person", "incident", "statement"};

    *w = (struct wish){.filter = {0}};
    if (babel_draw(b, 2) == 0)
        w->filter.kind = kinds[babel_draw(b, 3)];
    if (babel_draw(b, 3) == 0) {
        w->target = b->ids[babel_draw(b, BABEL_PEOPLE + BABEL_INCIDENTS)];
        w->filter.refers_to = &w->target;
    }
    if (babel_draw(b, 3) == 0)
        w->filter.since = "2000-06";
    if (babel_draw(b, 3) == 0)
        w->filter.until = "2021-10-19";
}

static bool
may_be_within(const struct wb_record *r, const struct wb_list_filter *w)
{
    struct wb_edtf since = {.earliest = INT64_MIN}, until = {.latest = INT64_MAX};
    int64_t earliest, latest;

    if (w->since == NULL && w->until == NULL)
        return true;
    if (w->since != NULL)
        assert_int_equal(
            wb_edtf_range(&since, w->since, strlen(w->since), NULL), WB_OK);
    if (w->until != NULL)
        assert_int_equal(
            wb_edtf_range(&until, w->until, strlen(w->until), NULL), WB_OK);
    return wb_index_days(r, &earliest, &latest) && latest >= since.earliest &&
        earliest <= until.latest;
}

static bool
is_wished(const struct wb_record *r, const struct wb_list_filter *w)
{
    char id[WB_ID_TEXT_BYTES] = "";

    if (w->refers_to != NULL)
        wb_id_text(id, w->refers_to);
    return (w->kind == NULL ? (r->table->flags & WB_BY_HAND) != 0
                            : strcmp(w->kind, r->kind) == 0) &&
        (w->refers_to == NULL || strcmp(wb_record_text(r, "witness"), id) == 0 ||
            strcmp(wb_record_text(r, "incident"), id) == 0) &&
        may_be_within(r, w);
}

static void
ask_list(struct babel *b, const struct wish *w, struct tally *t)
{
    static struct answer found, expected;
    struct wb_error e = {0};
    uint64_t damaged;

    found.count = expected.count = 0;
    if (wb_list(b->v, &w->filter, put_row, &found, &damaged, &e) != WB_OK)
        fail_msg("%s", e.message);
    for (uint64_t row = wb_store_state(b->v)->next_row; row-- > 1;) {
        struct wb_record *r = NULL;

        if (wb_custody_open_row(b->v, &r, row, NULL) == WB_OK &&
            is_wished(r, &w->filter) && is_newest(b, r))
            put_answer(&expected, r);
        wb_record_free(&r);
    }
    compare(&found, &expected, "a list");
    t->asked++;
    t->nothing += found.count == 0;
    t->some += found.count > 0;
}

static void
ask_lists(struct babel *b)
{
    struct tally t = {0};
    struct wish w;

    for (size_t i = 0; i < LISTS; i++) {
        draw_wish(b, &w);
        ask_list(b, &w, &t);
    }
    print_message(
        "%zu lists: nothing %zu times, some %zu\n", t.asked, t.nothing, t.some);
    assert_true(t.nothing > 10 && t.some > LISTS / 2);
}

/* ---- wherever the index lies ---- */

static void
ask_all(struct babel *b)
{
    ask_questions(b);
    ask_lists(b);
}

static void
an_index_in_memory_answers_as_the_records_do(void **state)
{
    struct babel *b = *state;

    wb_index_memory_most = UINT64_MAX;
    babel_fill(b, BABEL_RECORDS);
    ask_all(b);
    assert_int_equal(wb_store_state(b->v)->pages.count, 0);
}

static void
an_index_in_the_file_answers_as_the_records_do(void **state)
{
    struct babel *b = *state;
    struct wb_error e = {0};

    babel_fill(b, BABEL_RECORDS);
    assert_int_equal(room_write_index(b->v, &e), WB_OK);
    assert_true(wb_store_state(b->v)->pages.count > 0);
    babel_reopen(b);
    ask_all(b);
}

/* Written, then changed: what came since is read into memory. */
static void
an_index_that_is_behind_answers_as_the_records_do(void **state)
{
    struct babel *b = *state;
    struct wb_error e = {0};

    babel_fill(b, BABEL_RECORDS / 2);
    assert_int_equal(room_write_index(b->v, &e), WB_OK);
    wb_index_memory_most = UINT64_MAX;
    babel_fill(b, BABEL_RECORDS);
    assert_true(wb_store_state(b->v)->index_leaf < wb_store_state(b->v)->edge.size);
    ask_all(b);
    babel_reopen(b);
    ask_all(b);
}

static void
a_lost_index_changes_no_answer(void **state)
{
    struct babel *b = *state;
    struct wb_error e = {0};

    babel_fill(b, BABEL_RECORDS);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(room_write_index(b->v, &e), WB_OK);
        assert_int_equal(wb_store_begin(b->v, &e), WB_OK);
        assert_int_equal(wb_pages_cut(b->v, 0, &e), WB_OK);
        assert_int_equal(wb_store_commit(b->v, &e), WB_OK);
        babel_reopen(b);
        ask_all(b);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_index_in_memory_answers_as_the_records_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_index_in_the_file_answers_as_the_records_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_index_that_is_behind_answers_as_the_records_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_lost_index_changes_no_answer, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
