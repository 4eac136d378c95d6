/* tests/unit/test_store.c - sealed rows, chunks, staging and state of one vault file.
 */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/random.h"
#include "room.h"
#include "store/precheck.h"
#include "store/schema.h"
#include "store/session.h"

enum { SMALL = 1000, MEBI = 1024 * 1024 };

struct fixture {
    struct room room;
    struct wb_vault *v;
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
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

/* ---- state ---- */

static void
a_state_comes_back_as_it_was_written(void **state)
{
    struct fixture *f = *state;
    struct wb_vault_state *s = wb_store_state(f->v), again;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};

    strcpy(s->slots[3].label, "Вахта");
    s->slots[3].kind = WB_SLOT_RECOVERY;
    assert_int_equal(wb_state_encode(&plain, s, &e), WB_OK);
    assert_int_equal(wb_secret_size(plain) % 8192, 0);
    assert_int_equal(wb_state_decode(&again, plain, &e), WB_OK);
    assert_string_equal(again.slots[3].label, "Вахта");
    assert_int_equal(again.slots[3].kind, WB_SLOT_RECOVERY);
    assert_int_equal(again.next_log, s->next_log);
    assert_string_equal(again.checkpoint, s->checkpoint);
    assert_memory_equal(&again.edge, &s->edge, sizeof again.edge);
    wb_state_wipe(&again);
    wb_secret_free(&plain);
}

static void
a_state_with_any_byte_of_its_padding_set_is_refused(void **state)
{
    struct fixture *f = *state;
    struct wb_vault_state again;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_state_encode(&plain, wb_store_state(f->v), &e), WB_OK);
    wb_secret_room(plain)[wb_secret_size(plain) - 1] = 1;
    assert_int_equal(wb_state_decode(&again, plain, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "state: not as format 1 has it");
    wb_secret_free(&plain);
}

static void
a_newer_state_is_said_to_be_newer(void **state)
{
    struct fixture *f = *state;
    struct wb_vault_state again;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_state_encode(&plain, wb_store_state(f->v), &e), WB_OK);
    wb_secret_room(plain)[0] = 2;
    assert_int_equal(wb_state_decode(&again, plain, &e), WB_ERR_TOO_NEW);
    wb_secret_free(&plain);
}

/* ---- rows ---- */

static void
a_row_opens_with_what_was_put_into_it(void **state)
{
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    uint8_t header[WB_HEADER_BYTES];
    struct wb_error e = {0};
    uint8_t *file;
    size_t size;

    wb_vault_close(&f->v);
    file = room_read(f->room.vault, &size);
    assert_true(size >= 2 * 16384);
    assert_int_equal(wb_precheck_page(header, file + 16384, &e), WB_OK);
    assert_memory_equal(header, "witnessbox vault", 16);
    file[16384] ^= 1; /* not a leaf any more */
    assert_int_equal(wb_precheck_page(header, file + 16384, &e), WB_ERR_FORMAT);
    free(file);
}

static void
nothing_can_be_read_or_begun_while_locked(void **state)
{
    struct fixture *f = *state;
    struct wb_error e = {0};
    struct wb_vault *v = NULL;

    wb_vault_close(&f->v);
    assert_int_equal(wb_vault_open(&v, f->room.vault, 0, &e), WB_OK);
    assert_true(wb_vault_is_locked(v));
    assert_int_equal(wb_store_begin(v, &e), WB_ERR_LOCKED);
    assert_non_null(strstr(e.message, "locked, unlock it first"));
    wb_vault_close(&v);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_state_comes_back_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_state_with_any_byte_of_its_padding_set_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_newer_state_is_said_to_be_newer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_row_opens_with_what_was_put_into_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_rolled_back_row_leaves_neither_row_nor_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_rekey_without_memory_leaves_the_session_fit_to_go_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sizes_of_bodies_are_padded, set_up, tear_down),
        cmocka_unit_test(an_attachment_of_an_impossible_size_or_number_is_refused),
        cmocka_unit_test_setup_teardown(
            a_wrap_of_another_row_is_said_to_be_foreign, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            attachments_of_all_sizes_come_back_to_the_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_swapped_chunk_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            staging_finds_replaces_and_refuses_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_header_is_found_in_the_page_that_sqlite_wrote, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_can_be_read_or_begun_while_locked, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
