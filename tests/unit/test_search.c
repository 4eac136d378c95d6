/* tests/unit/test_search.c - records found by their words, and what is no question. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/destroy.h>

#include "base/mem.h"
#include "query/index.h"
#include "query/terms.h"
#include "room.h"

enum { HITS_MAX = 16, EXCERPT_BYTES = 512 };

/* Names stand for records in the tables below. */
enum name { AMON, GADOEV, QODIROV, ABDUCTION, TRANSFER, TOLD, HEARD, NAMES };

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_id ids[NAMES];
};

static void
add(struct fixture *f, enum name name, const char *kind, const char *const *fields)
{
    struct wb_error e = {0};

    if (room_add(f->v, &f->ids[name], &e, kind, fields) != WB_OK)
        fail_msg("%s: %s", kind, e.message);
}

static void
add_statement(struct fixture *f, enum name name, enum name witness, const char *text)
{
    char id[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"witness", id, "text", text, "text",
        "Second paragraph, with the same gate.", "date", "2021-10-20", NULL};

    wb_id_text(id, &f->ids[witness]);
    add(f, name, "statement", fields);
}

static int
set_up(void **state)
{
    static const char *const amon[] = {"name", "Иззат Амон", NULL};
    static const char *const gadoev[] = {"name", "Sharofiddin Gadoev", NULL};
    static const char *const qodirov[] = {"name", "Қодиров", NULL};
    static const char *const abduction[] = {"title", "Taken from his home", "place",
        "Türkmenistan", "date", "2021-10-20", NULL};
    static const char *const transfer[] = {
        "title", "Transfer of Gadoev", "description", "Azat was not there", NULL};
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    add(f, AMON, "person", amon);
    add(f, GADOEV, "person", gadoev);
    add(f, QODIROV, "person", qodirov);
    add(f, ABDUCTION, "incident", abduction);
    add(f, TRANSFER, "incident", transfer);
    add_statement(f, TOLD, AMON,
        "Police are here. If they find me they will take me. Азат said: I am hiding.");
    add_statement(
        f, HEARD, GADOEV, "They are police, here at the gate of the factory.");
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    free(f);
    return 0;
}

struct seen {
    struct wb_id ids[HITS_MAX];
    uint32_t revisions[HITS_MAX];
    size_t count;
    char field[64], excerpt[EXCERPT_BYTES]; /* of the last */
};

static bool
note(void *cookie, const struct wb_hit *hit)
{
    struct seen *s = cookie;

    assert_true(s->count < HITS_MAX);
    s->ids[s->count] = *wb_record_id(hit->record);
    s->revisions[s->count++] = wb_record_revision(hit->record);
    room_text(s->field, sizeof s->field, "%s", hit->field == NULL ? "" : hit->field);
    room_text(s->excerpt, sizeof s->excerpt, "%.*s", (int)hit->size, hit->text);
    return true;
}

static void
search(struct fixture *f, struct seen *seen, const struct wb_search *search)
{
    struct wb_error e = {0};
    uint64_t damaged = 99;

    *seen = (struct seen){.count = 0};
    if (wb_search(f->v, search, note, seen, &damaged, &e) != WB_OK)
        fail_msg("%s: %s", search->words, e.message);
    assert_int_equal(damaged, 0);
}

struct question {
    const char *words;
    enum name found[4]; /* newest first */
    size_t count;
};

/* clang-format off */
static const struct question questions[] = {
    {"амон", {AMON}, 1},
    {"AMON", {AMON}, 1},
    {"izat amon", {AMON}, 1},
    {"gadoyev", {TRANSFER, GADOEV}, 2},
    {"гадоев", {TRANSFER, GADOEV}, 2},
    {"Гадоев transfer", {TRANSFER}, 1},
    {"кодиров", {QODIROV}, 1},
    {"kodirov", {QODIROV}, 1},
    {"кадыров", {0}, 0},
    {"turkmenistan", {ABDUCTION}, 1},
    {"туркменистан", {ABDUCTION}, 1},
    {"азат", {TOLD, TRANSFER}, 2},
    {"police here", {HEARD, TOLD}, 2},
    {"\"police are here\"", {TOLD}, 1},
    {"\"police, are: here!\"", {TOLD}, 1},
    {"\"are police\"", {HEARD}, 1},
    {"\"hiding second\"", {0}, 0}, /* words of two paragraphs */
    {"gat*", {HEARD, TOLD}, 2},
    {"\"the fact\"*", {HEARD}, 1},
    {"gadoy*", {TRANSFER, GADOEV}, 2},
    {"гад*", {TRANSFER, GADOEV}, 2},
    {"fact", {0}, 0},
    {"witness:amon", {TOLD}, 1},
    {"witness:гадоев", {HEARD}, 1},
    {"witness:gad* police", {HEARD}, 1},
    {"witness:amon factory", {0}, 0},
    {"witness:amon text:police", {TOLD}, 1},
    {"title:gadoev", {TRANSFER}, 1},
    {"title:\"from his\"", {ABDUCTION}, 1},
    {"name:gadoev", {GADOEV}, 1},
    {"title:azat", {0}, 0}, /* it is in the description */
    {"description:azat", {TRANSFER}, 1},
    {"2021", {HEARD, TOLD, ABDUCTION}, 3},
    {"\"2021-10-20\" police", {HEARD, TOLD}, 2},
    {"2021-10-20 taken", {ABDUCTION}, 1},
    {"nobody", {0}, 0},
};
/* clang-format on */

static void
ask_all(struct fixture *f)
{
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const struct question *q = &questions[i];
        struct seen seen;

        search(f, &seen, &(struct wb_search){.words = q->words});
        if (seen.count != q->count)
            fail_msg("%s: %zu found, not %zu", q->words, seen.count, q->count);
        for (size_t n = 0; n < q->count; n++)
            if (!wb_id_equal(&seen.ids[n], &f->ids[q->found[n]]))
                fail_msg("%s: another at %zu", q->words, n);
    }
}

static void
words_are_found_and_nothing_else(void **state)
{
    ask_all(*state);
}

static void
answers_do_not_depend_on_where_the_index_lies(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};

    assert_int_equal(room_write_index(f->v, &e), WB_OK);
    ask_all(f);
    wb_vault_close(&f->v);
    f->v = room_open(f->room.vault);
    ask_all(f);
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_pages_cut(f->v, 0, &e), WB_OK);
    assert_int_equal(wb_store_commit(f->v, &e), WB_OK);
    wb_vault_close(&f->v);
    f->v = room_open(f->room.vault);
    ask_all(f);
}

static void
the_place_is_shown(void **state)
{
    struct fixture *f = *state;
    struct seen seen;

    search(f, &seen, &(struct wb_search){.words = "hiding"});
    assert_string_equal(seen.field, "text");
    assert_string_equal(
        seen.excerpt, "... If they find me they will take me. Азат said: I am hiding.");
    search(f, &seen, &(struct wb_search){.words = "witness:amon"});
    assert_string_equal(seen.field, "");
    assert_string_equal(seen.excerpt, "");
    search(f, &seen, &(struct wb_search){.words = "witness:amon азат"});
    assert_string_equal(seen.field, "text");
}

static void
long_lines_are_cut_between_words(void **state)
{
    char text[2000];
    const char *const fields[] = {"text", text, NULL};
    struct fixture *f = *state;
    struct seen seen;
    size_t size = 0;

    while (size < 1000)
        size += (size_t)sprintf(text + size, "слово\n");
    size += (size_t)sprintf(text + size, "here ");
    while (size < 1900)
        size += (size_t)sprintf(text + size, "слово ");
    add(f, TOLD, "statement", fields);
    search(f, &seen, &(struct wb_search){.words = "here", .limit = 1});
    assert_memory_equal(seen.excerpt, "... слово", 14);
    assert_null(strchr(seen.excerpt, '\n'));
    assert_string_equal(seen.excerpt + strlen(seen.excerpt) - 14, "слово ...");
    assert_true(strlen(seen.excerpt) < 240);
}

/* A character at a time, where there are no spaces. */
static void
lines_without_spaces_are_cut_between_characters(void **state)
{
    char text[2000] = "";
    const char *const fields[] = {"text", text, NULL};
    struct fixture *f = *state;
    struct seen seen;

    for (int i = 0; i < 300; i++)
        strcat(text, i == 150 ? "証" : "人");
    add(f, TOLD, "statement", fields);
    search(f, &seen, &(struct wb_search){.words = "証", .limit = 1});
    assert_memory_equal(seen.excerpt, "... 人", 7);
    assert_string_equal(seen.excerpt + strlen(seen.excerpt) - 7, "人 ...");
    assert_int_equal(strlen(seen.excerpt), 8 + 60 + 3 + 120);
}

static void
the_newest_revision_counts_unless_all_are_asked_for(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};
    struct seen seen;

    assert_int_equal(
        room_rewrite(f->v, &f->ids[HEARD], "quite another text", &e), WB_OK);
    search(f, &seen, &(struct wb_search){.words = "factory"});
    assert_int_equal(seen.count, 0);
    search(f, &seen, &(struct wb_search){.words = "factory", .all_revisions = true});
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.revisions[0], 1);
    search(f, &seen, &(struct wb_search){.words = "another"});
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.revisions[0], 2);
}

static void
a_limit_takes_the_newest(void **state)
{
    struct fixture *f = *state;
    struct seen seen;

    search(f, &seen, &(struct wb_search){.words = "police", .limit = 1});
    assert_int_equal(seen.count, 1);
    assert_true(wb_id_equal(&seen.ids[0], &f->ids[HEARD]));
}

static void
what_was_shredded_is_found_no_more(void **state)
{
    struct fixture *f = *state;
    struct wb_shredded done;
    struct wb_error e = {0};
    struct seen seen;

    search(f, &seen, &(struct wb_search){.words = "hiding"});
    assert_int_equal(seen.count, 1);
    assert_int_equal(wb_shred(f->v, &f->ids[TOLD], "asked to", &done, &e), WB_OK);
    search(f, &seen, &(struct wb_search){.words = "hiding", .all_revisions = true});
    assert_int_equal(seen.count, 0);
    /* the person of a reference may be gone, and the others are found still */
    assert_int_equal(wb_shred(f->v, &f->ids[AMON], "asked to", &done, &e), WB_OK);
    search(f, &seen, &(struct wb_search){.words = "witness:gadoev"});
    assert_int_equal(seen.count, 1);
}

static void
our_own_keys_and_papers_are_not_searched(void **state)
{
    struct fixture *f = *state;
    struct seen seen;

    search(f, &seen, &(struct wb_search){.words = "age1*"});
    assert_int_equal(seen.count, 0);
}

static void
what_is_no_question_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *words, *said;
    } cases[] = {
        {"", "nothing to search for, give a word"},
        {"  \t", "nothing to search for, give a word"},
        {"*", "\"\": no word to search for, letters or digits are needed"},
        {"police ...", "\"...\": no word to search for, letters or digits are needed"},
        {"\"\"", "\"\": no word to search for, letters or digits are needed"},
        {"\"police are", "\"police are: the quotation marks are not closed, add one"},
        {"po*lice",
            "lice: a space must part it from what is before; * stands only at "
            "the end"},
        {"p*", "p*: too short, give at least two letters of it"},
        {"witnes:amon",
            "witnes: no kind has such a field, see `kinds`; text with a "
            "colon needs quotes"},
        {"witness: amon", "\"\": no word to search for, letters or digits are needed"},
        {"a\"b\"",
            "\"b\": a space must part it from what is before; * stands only at "
            "the end"},
        {"\xff", "what to search for is not UTF-8"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct wb_search question = {.words = cases[i].words};
        struct seen seen = {.count = 0};
        struct wb_error e = {0};
        uint64_t damaged;

        assert_int_equal(
            wb_search(f->v, &question, note, &seen, &damaged, &e), WB_ERR_USAGE);
        assert_string_equal(e.message, cases[i].said);
        assert_int_equal(seen.count, 0);
    }
}

/* Questions to FTS5 are made of words: nothing in them is its own syntax. */
static void
words_of_other_languages_of_query_are_only_words(void **state)
{
    static const char *const words[] = {"AND", "OR police", "NOT", "NEAR(a b)",
        "^police", "{text}", "-police", "police+here", "rowid", "'police'",
        "police;here", "\"NEAR/2\"", "a:b.c", "(police", "%", "1=1"};
    struct fixture *f = *state;
    unsigned asked = 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct wb_search question = {.words = words[i]};
        struct seen seen = {.count = 0};
        struct wb_error e = {0};
        uint64_t damaged;
        enum wb_status st = wb_search(f->v, &question, note, &seen, &damaged, &e);

        if (st != WB_OK && st != WB_ERR_USAGE)
            fail_msg("%s: %s", words[i], e.message);
        asked += st == WB_OK;
    }
    assert_true(asked >= 10);
}

static void
too_many_words_are_refused(void **state)
{
    char text[WB_SEARCH_BYTES_MAX + 2] = "";
    struct fixture *f = *state;
    const struct wb_search question = {.words = text};
    struct seen seen = {.count = 0};
    struct wb_error e = {0};
    uint64_t damaged;

    for (int i = 0; i <= WB_TERMS_MAX; i++)
        strcat(text, "word ");
    assert_int_equal(
        wb_search(f->v, &question, note, &seen, &damaged, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "more than 32 words to search for");
    memset(text, 'a', sizeof text - 1);
    assert_int_equal(
        wb_search(f->v, &question, note, &seen, &damaged, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "4097 bytes to search for, limit is 4096");
}

static long refused, asked; /* which allocation, and how many there were */

static bool
refuse_one(size_t size)
{
    (void)size;
    return ++asked == refused;
}

/* Nor is it taken for a question that FTS5 does not understand. */
static void
a_search_that_lacks_memory_says_so(void **state)
{
    static const struct wb_search question = {.words = "police witness:amon"};
    struct fixture *f = *state;
    struct seen seen;
    uint64_t damaged;
    long failed = 0;

    search(f, &seen, &question);
    for (refused = 1;; refused++) {
        struct wb_error e = {0};
        enum wb_status st;

        seen.count = 0;
        asked = 0;
        wb_mem_fault = refuse_one;
        st = wb_search(f->v, &question, note, &seen, &damaged, &e);
        wb_mem_fault = NULL;
        if (asked < refused)
            break;
        if (st != WB_OK && st != WB_ERR_MEMORY)
            fail_msg("allocation %ld: status %d: %s", refused, (int)st, e.message);
        failed += st != WB_OK;
    }
    assert_true(failed >= 50);
    search(f, &seen, &question);
    assert_int_equal(seen.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            words_are_found_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            answers_do_not_depend_on_where_the_index_lies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_place_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            long_lines_are_cut_between_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            lines_without_spaces_are_cut_between_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_newest_revision_counts_unless_all_are_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_limit_takes_the_newest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_shredded_is_found_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            our_own_keys_and_papers_are_not_searched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_no_question_is_refused_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            words_of_other_languages_of_query_are_only_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_words_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_search_that_lacks_memory_says_so, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
