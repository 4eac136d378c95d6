/* tests/unit/test_index.c - the index is derived: written, read, lost, broken, never
 * needed; and what was shredded is not in it. */
#include "cm.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <witnessbox/destroy.h>
#include <witnessbox/progress.h>

#include "base/worker.h"
#include "query/index.h"
#include "room.h"
#include "store/session.h"

enum { STATEMENTS = 40, WORD_BYTES = 40 };

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_id ids[STATEMENTS]; /* "... number N" */
    struct wb_id secret; /* what no other record says: "Zubaydullo hides in Khorugh" */
};

static void
add(struct fixture *f, struct wb_id *id, const char *text)
{
    const char *const fields[] = {"text", text, "date", "2021-10-20", NULL};
    struct wb_error e = {0};

    if (room_add(f->v, id, &e, "statement", fields) != WB_OK)
        fail_msg("%s", e.message);
}

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char text[64];

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    for (int i = 0; i < STATEMENTS; i++) {
        if (i == STATEMENTS / 2)
            add(f, &f->secret, "Zubaydullo hides in Khorugh");
        room_text(text, sizeof text, "They locked the gate, number %d", i);
        add(f, &f->ids[i], text);
    }
    wb_index_memory_most = 10;
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    wb_index_memory_most = 64;
    free(f);
    return 0;
}

static bool
count(void *cookie, const struct wb_record *r)
{
    (void)r;
    ++*(unsigned *)cookie;
    return true;
}

/* How many statements a vault lists. */
static unsigned
list(struct wb_vault *v)
{
    const struct wb_list_filter statements = {.kind = "statement", .since = "2021-10"};
    struct wb_error e = {0};
    uint64_t damaged;
    unsigned listed = 0;

    if (wb_list(v, &statements, count, &listed, &damaged, &e) != WB_OK)
        fail_msg("%s", e.message);
    assert_int_equal(damaged, 0);
    return listed;
}

static void
reopen(struct fixture *f)
{
    wb_vault_close(&f->v);
    f->v = room_open(f->room.vault);
}

/* Runs SQL on the closed file, as somebody without keys may. */
static void
tamper(struct fixture *f, const char *sql)
{
    sqlite3 *db;

    wb_vault_close(&f->v);
    assert_int_equal(sqlite3_open(f->room.vault, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    f->v = room_open(f->room.vault);
}

static uint64_t
pages(struct fixture *f)
{
    return wb_store_state(f->v)->pages.count;
}

/* ---- derived ---- */

static void
much_is_written_down_and_little_is_not(void **state)
{
    struct fixture *f = *state;
    const struct wb_vault_state *s = wb_store_state(f->v);
    struct wb_id id;

    assert_int_equal(pages(f), 0);
    assert_int_equal(list(f->v), STATEMENTS + 1);
    assert_true(pages(f) > 5);
    assert_int_equal(s->index_leaf, s->edge.size);
    add(f, &id, "one more");
    assert_int_equal(list(f->v), STATEMENTS + 2);
    assert_int_equal(s->index_leaf, s->edge.size - 1);
    reopen(f);
    assert_int_equal(list(f->v), STATEMENTS + 2);
    for (int i = 0; i < 12; i++)
        add(f, &id, "and more");
    assert_int_equal(list(f->v), STATEMENTS + 14);
    assert_int_equal(wb_store_state(f->v)->index_leaf, wb_store_state(f->v)->edge.size);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
without_its_pages_every_answer_is_the_same(void **state)
{
    struct fixture *f = *state;
    char prefix[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};
    struct wb_id id;

    (void)list(f->v);
    tamper(f, "DELETE FROM pages");
    assert_int_equal(list(f->v), STATEMENTS + 1);
    tamper(f, "DELETE FROM pages");
    wb_id_text(prefix, &f->secret);
    prefix[9] = '\0';
    assert_int_equal(wb_find(f->v, &id, prefix, &e), WB_OK);
    assert_true(wb_id_equal(&id, &f->secret));
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
broken_pages_are_made_anew(void **state)
{
    static const char *const breaks[] = {
        "UPDATE pages SET sealed = zeroblob(16328) WHERE row = 1",
        "UPDATE pages SET sealed = zeroblob(16328) WHERE row = 3",
        "UPDATE pages SET epoch = 9",
        "UPDATE pages SET sealed = zeroblob(7)",
        "UPDATE pages SET sealed = (SELECT sealed FROM pages WHERE row = 2)",
        "DELETE FROM pages WHERE row > 2",
        "DELETE FROM pages WHERE row < 3",
        "INSERT INTO pages SELECT row + 100, epoch, sealed FROM pages",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        (void)list(f->v);
        tamper(f, breaks[i]);
        assert_int_equal(list(f->v), STATEMENTS + 1);
    }
}

/* The state says that the pages have read what the log does not have. */
static void
pages_ahead_of_the_log_are_made_anew(void **state)
{
    static const struct place {
        uint32_t tree;
        uint64_t leaf;
    } places[] = {{0, 99999}, {0, UINT64_MAX}, {9, 0}};
    struct fixture *f = *state;
    struct wb_error e = {0};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        (void)list(f->v);
        assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
        wb_store_state(f->v)->index_tree = places[i].tree;
        wb_store_state(f->v)->index_leaf = places[i].leaf;
        assert_int_equal(wb_store_commit(f->v, &e), WB_OK);
        wb_vault_close(&f->v);
        f->v = room_open(f->room.vault);
        assert_int_equal(list(f->v), STATEMENTS + 1);
    }
}

static void
a_file_that_cannot_be_written_is_read_all_the_same(void **state)
{
    struct fixture *f = *state;
    size_t size, after;
    uint8_t *bytes, *same;
    struct wb_error e = {0};

    (void)list(f->v);
    add(f, &f->ids[0], "one more");
    wb_vault_close(&f->v);
    bytes = room_read(f->room.vault, &size);
    for (int i = 0; i < 2; i++) { /* with an index, and without */
        assert_int_equal(chmod(f->room.vault, 0400), 0);
        assert_int_equal(wb_vault_open(&f->v, f->room.vault, WB_OPEN_READ, &e), WB_OK);
        assert_int_equal(
            wb_vault_unlock(f->v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e), WB_OK);
        f->v->read_only = true; /* root may write what he likes */
        assert_int_equal(list(f->v), STATEMENTS + 2);
        assert_int_equal(list(f->v), STATEMENTS + 2);
        wb_vault_close(&f->v);
        same = room_read(f->room.vault, &after);
        assert_int_equal(size, after);
        assert_memory_equal(bytes, same, size);
        free(same);
        assert_int_equal(chmod(f->room.vault, 0600), 0);
        tamper(f, "DELETE FROM pages");
        wb_vault_close(&f->v);
        free(bytes);
        bytes = room_read(f->room.vault, &size);
    }
    free(bytes);
}

static void
what_was_rolled_back_is_not_in_it(void **state)
{
    struct fixture *f = *state;
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    (void)list(f->v);
    assert_int_equal(wb_change_begin(&c, f->v, &e), WB_OK);
    assert_int_equal(wb_draft_new(&d, "statement", &e), WB_OK);
    assert_int_equal(wb_draft_add(d, "text", WB_STATE_TEXT, "gone", 4, &e), WB_OK);
    assert_int_equal(wb_draft_add(d, "date", WB_STATE_TEXT, "2022", 4, &e), WB_OK);
    assert_int_equal(wb_change_add(c, d, &saved, &e), WB_OK);
    assert_int_equal(list(f->v), STATEMENTS + 2); /* it is there while it is */
    wb_change_rollback(&c);
    wb_draft_free(&d);
    assert_int_equal(list(f->v), STATEMENTS + 1);
    add(f, &saved.id, "another in its row");
    assert_int_equal(list(f->v), STATEMENTS + 2);
}

static void
outside_of_a_transaction_no_page_is_written(void **state)
{
    struct fixture *f = *state;
    struct wb_inner *inner = NULL;
    struct wb_error e = {0};
    uint64_t before;

    (void)list(f->v);
    before = pages(f);
    assert_int_equal(wb_inner_open(&inner, f->v, 0, &e), WB_OK);
    assert_int_not_equal(
        sqlite3_exec(wb_inner_db(inner), "CREATE TABLE t(x)", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(wb_inner_fail(inner, &e), WB_ERR_INTERNAL);
    room_assert_line(&e);
    wb_inner_close(&inner);
    assert_int_equal(pages(f), before);
}

static int64_t
segments(struct fixture *f)
{
    static const char sql[] = "SELECT count(DISTINCT segid) FROM words_idx";
    struct wb_index *x = NULL;
    struct wb_error e = {0};
    sqlite3_stmt *s = NULL;
    int64_t count;

    assert_int_equal(wb_index_open(&x, f->v, &e), WB_OK);
    assert_int_equal(wb_index_prepare(x, &s, sql, &e), WB_OK);
    assert_int_equal(wb_index_step(x, s, &e), WB_OK);
    count = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
    wb_index_close(x);
    return count;
}

/* One question does not pay for all: a few that came later are not merged with many. */
static void
many_batches_become_one_segment_and_few_more_do_not(void **state)
{
    struct fixture *f = *state;
    struct wb_id id;

    wb_index_batch_entries = 7;
    assert_int_equal(list(f->v), STATEMENTS + 1);
    assert_int_equal(segments(f), 1);
    for (int i = 0; i < 12; i++)
        add(f, &id, "and more");
    assert_int_equal(list(f->v), STATEMENTS + 13);
    assert_int_equal(segments(f), 3);
    reopen(f);
    assert_int_equal(list(f->v), STATEMENTS + 13);
    wb_index_batch_entries = 10000;
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

/* The pages of the index as they are under their seals; freed with free(). */
static uint8_t *
open_pages(struct fixture *f, size_t *size)
{
    uint64_t last = 0;
    uint8_t *bytes;

    assert_int_equal(wb_pages_last(f->v, &last, NULL), WB_OK);
    bytes = calloc(last, WB_PAGE_KEPT);
    assert_non_null(bytes);
    for (uint64_t i = 1; i <= last; i++) {
        enum wb_status st = wb_sealed_read(f->v, WB_TABLE_PAGES, i,
            bytes + (i - 1) * WB_PAGE_KEPT, WB_PAGE_KEPT, NULL);

        assert_true(st == WB_OK || st == WB_ERR_NOT_FOUND); /* a free page */
    }
    *size = (size_t)last * WB_PAGE_KEPT;
    return bytes;
}

static void
one_thread_or_two_write_the_same_pages(void **state)
{
    struct fixture *f = *state;
    uint8_t *pages_of[2];
    size_t sizes[2];
    struct wb_id id;

    for (int i = 0; i < 100; i++)
        add(f, &id, "Шарофиддин was here, and O'zbekiston is far away");
    for (int i = 0; i < 2; i++) {
        wb_worker_alone = i == 1;
        tamper(f, "DELETE FROM pages");
        assert_int_equal(list(f->v), STATEMENTS + 101);
        pages_of[i] = open_pages(f, &sizes[i]);
    }
    wb_worker_alone = false;
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(pages_of[0], pages_of[1], sizes[0]);
    free(pages_of[0]);
    free(pages_of[1]);
}

/* ---- shredded ---- */

/* Whether some page, free ones included, has these bytes. */
static bool
has_bytes(struct fixture *f, const char *bytes)
{
    uint8_t *page = malloc(WB_PAGE_KEPT);
    uint64_t last = 0;
    bool found = false;

    assert_int_equal(wb_pages_last(f->v, &last, NULL), WB_OK);
    for (uint64_t i = 1; i <= last; i++)
        if (wb_sealed_read(f->v, WB_TABLE_PAGES, i, page, WB_PAGE_KEPT, NULL) == WB_OK)
            found |= memmem(page, WB_PAGE_KEPT, bytes, strlen(bytes)) != NULL;
    free(page);
    return found;
}

static void
of_what_was_shredded_no_word_is_left_in_any_page(void **state)
{
    static const char *const ends[] = {"ydullo", "idulo", "ides", "horug", "orugh"};
    struct fixture *f = *state;
    struct wb_shredded done;
    struct wb_error e = {0};
    struct wb_id id;
    size_t found = 0;

    (void)list(f->v);
    for (int i = 0; i < 12; i++) /* a second segment */
        add(f, &id, "the gate again");
    (void)list(f->v);
    /* FTS5 leaves out what a word begins with as the one before it does; and one of
     * them may lie over the edge of a page, by the chance of what else stands there. */
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        found += has_bytes(f, ends[i]);
    assert_true(found >= sizeof ends / sizeof ends[0] - 1);
    assert_int_equal(wb_shred(f->v, &f->secret, "asked to", &done, &e), WB_OK);
    assert_true(pages(f) > 0); /* the rest was kept */
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        assert_false(has_bytes(f, ends[i]));
    assert_true(has_bytes(f, "lock"));
    assert_int_equal(list(f->v), STATEMENTS + 12);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

/* A word that no other record has: letters drawn by chance, so that FTS5 can leave out
 * little of it, in Latin or in Cyrillic. The index has its skeleton too. */
static void
draw_word(char word[static WORD_BYTES], size_t number)
{
    static const char *const letters[2][8] = {{"b", "d", "f", "k", "l", "m", "r", "t"},
        {"б", "д", "ф", "к", "л", "м", "р", "т"}};
    uint8_t noise[9];
    size_t used = 0;

    room_noise(noise, sizeof noise, 77 + number);
    for (size_t i = 0; i < sizeof noise; i++)
        used += (size_t)sprintf(word + used, "%s%s",
            letters[number % 2][(noise[i] + i) % 8], number % 2 == 0 ? "o" : "у");
}

/* Its last letters, as the index has them. */
static bool
has_word(struct fixture *f, size_t number)
{
    char word[WORD_BYTES];

    draw_word(word, number);
    return has_bytes(f, word + strlen(word) * 4 / 9);
}

/* Each in two revisions of one record, one after the other destroyed. */
static void
of_many_that_were_shredded_one_by_one_no_word_is_left(void **state)
{
    struct fixture *f = *state;
    struct wb_shredded done;
    struct wb_error e = {0};
    char word[WORD_BYTES];

    for (size_t i = 0; i < STATEMENTS; i++) {
        draw_word(word, i);
        assert_int_equal(room_amend(f->v, &f->ids[i], word, &e), WB_OK);
        assert_int_equal(room_amend(f->v, &f->ids[i], "and more", &e), WB_OK);
        if (i % 8 == 0)
            (void)list(f->v); /* a segment each */
    }
    (void)list(f->v);
    for (size_t i = 0; i < STATEMENTS; i++)
        assert_true(has_word(f, i));
    for (size_t i = 0; i < STATEMENTS; i += 2 + i % 3) {
        assert_int_equal(wb_shred(f->v, &f->ids[i], "asked to", &done, &e), WB_OK);
        assert_int_equal(done.revisions, 3);
        assert_true(pages(f) > 0);
        assert_false(has_word(f, i));
        assert_true(has_word(f, i + 1));
    }
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
a_stale_or_unasked_index_goes_as_a_whole(void **state)
{
    struct fixture *f = *state;
    struct wb_shredded done;
    struct wb_error e = {0};

    (void)list(f->v);
    reopen(f); /* nobody has asked anything of it yet */
    assert_int_equal(wb_shred(f->v, &f->secret, "asked to", &done, &e), WB_OK);
    assert_int_equal(pages(f), 0);
    assert_int_equal(list(f->v), STATEMENTS);
    tamper(f, "UPDATE pages SET sealed = zeroblob(16328) WHERE row = 3");
    wb_index_memory_most = 1000;
    assert_int_equal(list(f->v), STATEMENTS);
    assert_int_equal(wb_shred(f->v, &f->ids[3], "asked to", &done, &e), WB_OK);
    assert_int_equal(pages(f), 0);
    assert_int_equal(list(f->v), STATEMENTS - 1);
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

struct seen {
    uint64_t done, total;
};

static void
see(void *cookie, uint64_t done, uint64_t total, const char *what)
{
    assert_string_equal(what, "entries read into the index");
    *(struct seen *)cookie = (struct seen){done, total};
}

static void
whoever_waits_for_it_is_told_how_far_it_is(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0, 0};
    const struct wb_progress progress = {see, &seen};

    wb_progress_watch(&progress);
    assert_int_equal(list(f->v), STATEMENTS + 1);
    wb_progress_watch(NULL);
    assert_true(seen.total > STATEMENTS);
    assert_int_equal(seen.done, seen.total);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            much_is_written_down_and_little_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            without_its_pages_every_answer_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_pages_are_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            pages_ahead_of_the_log_are_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_file_that_cannot_be_written_is_read_all_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_rolled_back_is_not_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            outside_of_a_transaction_no_page_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            many_batches_become_one_segment_and_few_more_do_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_thread_or_two_write_the_same_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            of_what_was_shredded_no_word_is_left_in_any_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            of_many_that_were_shredded_one_by_one_no_word_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_stale_or_unasked_index_goes_as_a_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            whoever_waits_for_it_is_told_how_far_it_is, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
