/* tests/unit/test_store.c - sealed rows, chunks, staging, rekey and copy of one
 * vault file. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "crypto/random.h"
#include "room.h"
#include "store/precheck.h"
#include "store/schema.h"
#include "store/session.h"

enum { SMALL = 1000, MEBI = 1024 * 1024 };

/* ---- rows ---- */

static void
a_row_opens_with_what_was_put_into_it(void **state)
{
    struct open_room *f = *state;
    struct wb_wrap w = {.ordinal = 4, .tree = 0, .leaf = 77}, got = {0};
    const uint8_t body[] = "a revision, encoded";
    struct wb_error e = {0};
    struct wb_buf out;
    uint64_t row = 0;

    wb_buf_init(&out, MEBI);
    wb_random(w.id.bytes, sizeof w.id.bytes);
    wb_random(w.root, sizeof w.root);
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_rows_put(f->v, &w, body, sizeof body, &e), WB_OK);
    assert_int_equal(wb_rows_lookup(f->v, &row, &w.id, 4, &e), WB_OK);
    assert_int_equal(row, w.row);
    assert_int_equal(wb_rows_wrap(f->v, &got, row, &e), WB_OK);
    assert_true(wb_id_equal(&got.id, &w.id));
    assert_memory_equal(got.root, w.root, sizeof w.root);
    assert_int_equal(got.leaf, 77);
    assert_int_equal(wb_rows_body(f->v, &got, &out, &e), WB_OK);
    assert_int_equal(out.size, sizeof body);
    assert_memory_equal(out.data, body, sizeof body);
    assert_int_equal(wb_rows_lookup(f->v, &row, &w.id, 5, &e), WB_ERR_NOT_FOUND);
    wb_store_rollback(f->v);
    wb_buf_wipe(&out);
}

static size_t refused_in;

static bool
refuse_memory(size_t size)
{
    (void)size;
    return --refused_in == 0;
}

/* Puts a row and opens it: all that a session keeps is there. */
static void
use_vault(struct wb_vault *v)
{
    struct wb_wrap w = {0}, got = {0};
    struct wb_error e = {0};
    struct wb_buf out;

    wb_buf_init(&out, MEBI);
    wb_random(w.id.bytes, sizeof w.id.bytes);
    assert_int_equal(wb_store_begin(v, &e), WB_OK);
    assert_int_equal(wb_rows_put(v, &w, (const uint8_t *)"x", 1, &e), WB_OK);
    assert_int_equal(wb_staging_put(v, "key", 3, "x", 1, &e), WB_OK);
    assert_int_equal(wb_rows_wrap(v, &got, w.row, &e), WB_OK);
    assert_int_equal(wb_rows_body(v, &got, &out, &e), WB_OK);
    wb_store_rollback(v);
    wb_buf_wipe(&out);
}

static void
a_rekey_without_memory_leaves_the_session_fit_to_go_on(void **state)
{
    struct open_room *f = *state;
    struct wb_error e = {0};
    enum wb_status st = WB_ERR_MEMORY;
    size_t reached = 0;

    while (st == WB_ERR_MEMORY) {
        assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
        refused_in = ++reached;
        wb_mem_fault = refuse_memory;
        st = wb_store_rekey(f->v, NULL, NULL, &e);
        wb_mem_fault = NULL;
        wb_store_rollback(f->v);
        assert_false(wb_vault_is_locked(f->v));
        use_vault(f->v);
    }
    assert_int_equal(st, WB_OK);
    print_message("%zu times without memory\n", reached - 1);
    assert_true(reached > 8);
}

static void
a_rolled_back_row_leaves_neither_row_nor_number(void **state)
{
    struct open_room *f = *state;
    struct wb_wrap w = {0};
    struct wb_error e = {0};
    uint64_t before = wb_store_state(f->v)->next_row;

    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_rows_put(f->v, &w, (const uint8_t *)"x", 1, &e), WB_OK);
    assert_int_equal(wb_store_state(f->v)->next_row, before + 1);
    wb_store_rollback(f->v);
    assert_int_equal(wb_store_state(f->v)->next_row, before);
    assert_int_equal(wb_rows_wrap(f->v, &w, w.row, &e), WB_ERR_NOT_FOUND);
}

static void
sizes_of_bodies_are_padded(void **state)
{
    struct open_room *f = *state;
    struct wb_error e = {0};
    size_t sizes[2];

    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    for (int i = 0; i < 2; i++) {
        struct wb_wrap w = {0};
        uint8_t body[250] = {0};
        sqlite3_stmt *s;

        w.id.bytes[0] = (uint8_t)(i + 1);
        assert_int_equal(wb_rows_put(f->v, &w, body, i == 0 ? 1 : 250, &e), WB_OK);
        assert_int_equal(wb_session_statement(f->v, &s, WB_SQL_BODY_GET, &e), WB_OK);
        sqlite3_bind_int64(s, 1, (sqlite3_int64)w.row);
        assert_int_equal(sqlite3_step(s), SQLITE_ROW);
        sizes[i] = (size_t)sqlite3_column_bytes(s, 0);
        sqlite3_reset(s);
    }
    wb_store_rollback(f->v);
    assert_int_equal(sizes[0], 256 + 40);
    assert_int_equal(sizes[1], sizes[0]);
}

static void
a_wrap_of_another_row_is_said_to_be_foreign(void **state)
{
    struct open_room *f = *state;
    struct wb_wrap a = {0}, b = {0}, got = {0};
    struct wb_error e = {0};

    b.id.bytes[0] = 1;
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_rows_put(f->v, &a, (const uint8_t *)"a", 1, &e), WB_OK);
    assert_int_equal(wb_rows_put(f->v, &b, (const uint8_t *)"b", 1, &e), WB_OK);
    assert_int_equal(sqlite3_exec(f->v->db,
                         "UPDATE wraps SET wrap = (SELECT wrap FROM wraps ORDER BY row "
                         "DESC LIMIT 1) "
                         "WHERE row = (SELECT max(row) - 1 FROM wraps)",
                         NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(wb_rows_wrap(f->v, &got, a.row, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "belongs to row"));
    wb_store_rollback(f->v);
}

/* ---- attachments ---- */

struct collected {
    uint8_t *bytes;
    size_t size;
};

static enum wb_status
collect(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct collected *c = cookie;

    (void)e;
    memcpy(c->bytes + c->size, bytes, size);
    c->size += size;
    return WB_OK;
}

/* Writes `size` bytes in portions, reads them back, compares. */
static void
go_through(struct wb_vault *v, size_t size, size_t portion)
{
    uint8_t *bytes = malloc(size + 1);
    struct collected got = {malloc(size + 1), 0};
    struct wb_attachment a;
    struct wb_chunk_writer *w = NULL;
    struct wb_error e = {0};

    room_noise(bytes, size, size);
    assert_int_equal(wb_attachment_new(&a, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_new(&w, v, &a, &e), WB_OK);
    for (size_t at = 0; at < size; at += portion)
        assert_int_equal(wb_chunk_writer_add(w, bytes + at,
                             size - at < portion ? size - at : portion, &e),
            WB_OK);
    assert_int_equal(wb_chunk_writer_end(w, &e), WB_OK);
    assert_int_equal(a.size, size);
    assert_int_equal(wb_chunks_read(v, &a, collect, &got, &e), WB_OK);
    assert_int_equal(got.size, size);
    assert_memory_equal(got.bytes, bytes, size);
    wb_chunk_writer_free(&w);
    wb_attachment_wipe(&a);
    free(bytes);
    free(got.bytes);
}

static void
attachments_of_all_sizes_come_back_to_the_byte(void **state)
{
    static const size_t sizes[] = {0, 1, 16384, WB_CHUNK_BYTES - 1, WB_CHUNK_BYTES,
        WB_CHUNK_BYTES + 1, 3 * WB_CHUNK_BYTES, MEBI + 12345};
    struct open_room *f = *state;
    struct wb_error e = {0};

    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        go_through(f->v, sizes[i], 100000);
        go_through(f->v, sizes[i], MEBI * 2);
    }
    assert_int_equal(wb_store_state(f->v)->files, 2 * sizeof sizes / sizeof sizes[0]);
    wb_store_rollback(f->v);
}

static void
a_swapped_chunk_is_named(void **state)
{
    struct open_room *f = *state;
    struct wb_attachment a;
    struct wb_chunk_writer *w = NULL;
    struct collected got = {malloc(MEBI), 0};
    uint8_t *bytes = calloc(1, 3 * WB_CHUNK_BYTES);
    struct wb_error e = {0};

    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_attachment_new(&a, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_new(&w, f->v, &a, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_add(w, bytes, 3 * WB_CHUNK_BYTES, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_end(w, &e), WB_OK);
    assert_int_equal(
        sqlite3_exec(f->v->db,
            "UPDATE chunks SET row = -1 WHERE row = (SELECT min(row) FROM chunks);"
            "UPDATE chunks SET row = row - 1 WHERE row = (SELECT min(row) + 0 FROM "
            "chunks "
            "WHERE row > 0); UPDATE chunks SET row = (SELECT min(row) + 1 FROM chunks "
            "WHERE row > 0) WHERE row = -1",
            NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(wb_chunks_read(f->v, &a, collect, &got, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "chunk 0: altered, moved or foreign"));
    assert_int_equal(got.size, 0);
    wb_chunk_writer_free(&w);
    wb_attachment_wipe(&a);
    wb_store_rollback(f->v);
    free(bytes);
    free(got.bytes);
}

/* What the padding of such a size would be is nothing: no chunk would be read. */
static void
an_attachment_of_an_impossible_size_or_number_is_refused(void **state)
{
    static const struct {
        uint64_t number, size;
    } places[] = {{0, 1}, {UINT64_C(1) << 39, 1}, {UINT64_MAX, 1}, {1, UINT64_MAX},
        {1, (UINT64_C(1) << 42) + 1}};
    uint8_t bytes[WB_ATTACHMENT_BYTES];
    struct wb_attachment a = {0};
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_attachment_new(&a, &e), WB_OK);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        a.number = places[i].number;
        a.size = places[i].size;
        wb_attachment_encode(&a, bytes);
        a.number = a.size = 7;
        assert_int_equal(
            wb_attachment_decode(&a, bytes, sizeof bytes, &e), WB_ERR_FORMAT);
        assert_string_equal(e.message, "attachment: a number or size that no file has");
        assert_int_equal(a.number, 7);
        assert_int_equal(a.size, 7);
    }
    a.number = (UINT64_C(1) << 39) - 1;
    a.size = UINT64_C(1) << 42;
    wb_attachment_encode(&a, bytes);
    assert_int_equal(wb_attachment_decode(&a, bytes, sizeof bytes, &e), WB_OK);
    wb_attachment_wipe(&a);
}

/* ---- staging ---- */

static void
staging_finds_replaces_and_refuses_twice(void **state)
{
    struct open_room *f = *state;
    struct wb_error e = {0};
    struct wb_buf out;

    wb_buf_init(&out, SMALL);
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_staging_put(f->v, "name", 4, "one", 3, &e), WB_OK);
    assert_int_equal(wb_staging_put(f->v, "name", 4, "two", 3, &e), WB_ERR_USAGE);
    assert_int_equal(wb_staging_get(f->v, "name", 4, &out, &e), WB_OK);
    assert_memory_equal(out.data, "one", 3);
    assert_int_equal(wb_staging_replace(f->v, "name", 4, "two", 3, &e), WB_OK);
    wb_buf_clear(&out);
    assert_int_equal(wb_staging_get(f->v, "name", 4, &out, &e), WB_OK);
    assert_memory_equal(out.data, "two", 3);
    assert_int_equal(wb_staging_clear(f->v, &e), WB_OK);
    assert_int_equal(wb_staging_get(f->v, "name", 4, &out, &e), WB_ERR_NOT_FOUND);
    wb_store_rollback(f->v);
    wb_buf_wipe(&out);
}

/* ---- the page with the header ---- */

static void
the_header_is_found_in_the_page_that_sqlite_wrote(void **state)
{
    struct open_room *f = *state;
    uint8_t header[WB_HEADER_BYTES];
    struct wb_error e = {0};
    uint8_t *file;
    size_t size;

    wb_vault_close(&f->v);
    file = room_read(f->room.vault, &size);
    assert_true(size >= 2 * 16384);
    assert_int_equal(wb_precheck_page(header, file + 16384, &e), WB_OK);
    assert_memory_equal(header, "witnessbox vault", 16);
    free(file);
}

/* The one cell: its size, row number 1, then a record head of its own size, no value
 * and a blob. SQLite file format, sections 1.6 and 2.1. */
static void
a_header_page_that_is_built_otherwise_is_refused(void **state)
{
    enum { PAGE = 16384, NEAR = 10 };
    static const struct {
        bool in_cell;
        size_t at;
        const char *bytes;
        size_t size;
    } bends[] = {
        {false, 0, "\x05", 1},        /* no leaf */
        {false, 3, "\0\2", 2},        /* two cells */
        {false, 8, "\x40\0", 2},      /* behind the page */
        {false, 8, "\x3f\xff", 2},    /* at its end, which is zero */
        {true, 0, "\xff\xff\xff", 3}, /* no number ends */
        {true, 0, "\x8c\x45", 2},     /* a byte more in all */
        {true, 2, "\xff\xff\xff", 3}, {true, 2, "\2", 1}, /* row 2 */
        {true, 3, "\xff\xff\xff", 3}, {true, 3, "\5", 1}, /* a longer head */
        {true, 4, "\xff\xff\xff", 3}, {true, 4, "\1", 1}, /* a number for no value */
        {true, 5, "\xff\xff\xff", 3},
        {true, 5, "\x99\x0d", 2}, /* a text for the blob */
    };
    struct open_room *f = *state;
    uint8_t header[WB_HEADER_BYTES], before[WB_HEADER_BYTES];
    struct wb_error e = {0};
    uint8_t *file, *page;
    size_t size, cell;

    wb_vault_close(&f->v);
    file = room_read(f->room.vault, &size);
    page = file + PAGE;
    cell = (size_t)page[8] << 8 | page[9];
    memset(header, 7, sizeof header);
    memcpy(before, header, sizeof header);
    for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
        static uint8_t bent[PAGE];

        memcpy(bent, page, sizeof bent);
        memcpy(bent + (bends[i].in_cell ? cell : 0) + bends[i].at, bends[i].bytes,
            bends[i].size);
        if (wb_precheck_page(header, bent, &e) != WB_ERR_FORMAT)
            fail_msg("bend %zu", i);
        assert_string_equal(e.message, "header page: damaged");
        assert_memory_equal(header, before, sizeof header);
    }
    for (size_t left = 1; left <= NEAR; left++) { /* cut by the end of the page */
        memmove(page + PAGE - left, page + cell, left);
        page[8] = (uint8_t)((PAGE - left) >> 8);
        page[9] = (uint8_t)(PAGE - left);
        assert_int_equal(wb_precheck_page(header, page, &e), WB_ERR_FORMAT);
    }
    assert_memory_equal(header, before, sizeof header);
    free(file);
}

static void
nothing_can_be_read_or_begun_while_locked(void **state)
{
    struct open_room *f = *state;
    struct wb_error e = {0};
    struct wb_vault *v = NULL;

    wb_vault_close(&f->v);
    assert_int_equal(wb_vault_open(&v, f->room.vault, 0, &e), WB_OK);
    assert_true(wb_vault_is_locked(v));
    assert_int_equal(wb_store_begin(v, &e), WB_ERR_LOCKED);
    assert_non_null(strstr(e.message, "locked, unlock it first"));
    wb_vault_close(&v);
}

/* ---- rekey ---- */

static unsigned told;

static void
count_told(void *cookie, uint64_t done, uint64_t total, const char *what)
{
    assert_null(cookie);
    assert_non_null(what);
    assert_true(done <= total);
    told++;
}

static void
a_rekey_out_of_place_is_refused_and_changes_nothing(void **state)
{
    struct open_room *f = *state;
    struct wb_vault_state *s = wb_store_state(f->v);
    const struct wb_secret *root = f->v->root;
    struct wb_error e = {0};

    assert_int_equal(wb_store_rekey(f->v, NULL, NULL, &e), WB_ERR_INTERNAL);
    assert_ptr_equal(f->v->root, root);
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    s->epoch_count = WB_EPOCHS_MAX;
    assert_int_equal(wb_store_rekey(f->v, NULL, NULL, &e), WB_ERR_LIMIT);
    assert_non_null(strstr(e.message, "1023 times already"));
    assert_ptr_equal(f->v->root, root);
    assert_int_equal(s->epoch_count, WB_EPOCHS_MAX);
    s->epoch_count = 1;
    assert_int_equal(wb_store_rekey(f->v, NULL, NULL, &e), WB_OK);
    assert_int_equal(wb_store_rekey(f->v, NULL, NULL, &e), WB_ERR_INTERNAL);
    assert_int_equal(s->epoch_count, 2);
    wb_store_rollback(f->v);
    assert_ptr_equal(f->v->root, root);
    use_vault(f->v);
}

static void
a_rekey_of_many_revisions_tells_now_and_then_whoever_asks(void **state)
{
    enum { MANY = 4096 };
    struct open_room *f = *state;
    struct wb_error e = {0};

    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    for (uint32_t i = 0; i < MANY; i++) {
        struct wb_wrap w = {.ordinal = i};

        assert_int_equal(wb_rows_put(f->v, &w, (const uint8_t *)"x", 1, &e), WB_OK);
    }
    assert_int_equal(wb_store_commit(f->v, &e), WB_OK);
    for (int asks = 0; asks < 2; asks++) {
        told = 0;
        assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
        assert_int_equal(
            wb_store_rekey(f->v, asks ? count_told : NULL, NULL, &e), WB_OK);
        assert_int_equal(told, asks ? 2 : 0);
        wb_store_rollback(f->v);
    }
    use_vault(f->v);
}

/* ---- copy ---- */

static size_t asked;

static bool
interrupt_second(void)
{
    return ++asked == 2;
}

static void
a_copy_of_many_pages_is_whole_or_refused(void **state)
{
    enum { BYTES = 40 * MEBI };
    struct open_room *f = *state;
    uint8_t *bytes = calloc(1, BYTES);
    struct wb_chunk_writer *w = NULL;
    struct wb_attachment a;
    struct wb_error e = {0};
    char path[ROOM_PATH_BYTES];

    room_path(path, &f->room, "copy");
    room_write(path, "", 0);
    assert_int_equal(wb_store_begin(f->v, &e), WB_OK);
    assert_int_equal(wb_store_copy(f->v, path, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "copy: a change is under way");
    assert_true(room_has(path, "", 0));
    assert_int_equal(wb_attachment_new(&a, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_new(&w, f->v, &a, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_add(w, bytes, BYTES, &e), WB_OK);
    assert_int_equal(wb_chunk_writer_end(w, &e), WB_OK);
    wb_chunk_writer_free(&w);
    wb_attachment_wipe(&a);
    free(bytes);
    assert_int_equal(wb_store_commit(f->v, &e), WB_OK);
    wb_interrupt_fault = interrupt_second;
    assert_int_equal(wb_store_copy(f->v, path, &e), WB_ERR_IO);
    wb_interrupt_fault = NULL;
    assert_non_null(strstr(e.message, "interrupted"));
    room_write(path, "", 0);
    assert_int_equal(wb_store_copy(f->v, path, &e), WB_OK);
    wb_vault_close(&f->v);
    room_assert_sound(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_row_opens_with_what_was_put_into_it, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(a_rolled_back_row_leaves_neither_row_nor_number,
            room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_rekey_without_memory_leaves_the_session_fit_to_go_on, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            sizes_of_bodies_are_padded, room_set_up, room_tear_down),
        cmocka_unit_test(an_attachment_of_an_impossible_size_or_number_is_refused),
        cmocka_unit_test_setup_teardown(
            a_wrap_of_another_row_is_said_to_be_foreign, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(attachments_of_all_sizes_come_back_to_the_byte,
            room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_swapped_chunk_is_named, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(
            staging_finds_replaces_and_refuses_twice, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(
            the_header_is_found_in_the_page_that_sqlite_wrote, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_can_be_read_or_begun_while_locked, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_header_page_that_is_built_otherwise_is_refused, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_rekey_out_of_place_is_refused_and_changes_nothing, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_rekey_of_many_revisions_tells_now_and_then_whoever_asks, room_set_up,
            room_tear_down),
        cmocka_unit_test_setup_teardown(
            a_copy_of_many_pages_is_whole_or_refused, room_set_up, room_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
