/* tests/unit/test_row.c - rows that are not as they were written: refused, each with
 * its place. */
#include "cm.h"

#include <string.h>

#include "base/wire.h"
#include "room.h"
#include "store/session.h"

enum { BODY_BYTES_MAX = 4096 };

static const char text[] = "They came at night.";

static void
sql(struct open_room *o, const char *what)
{
    char *why = NULL;

    if (sqlite3_exec(o->v->db, what, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", what, why);
}

/* A vault in a change with one revision more, its row the last. */
static struct wb_wrap wrap;

static int
set_up(void **state)
{
    struct open_room *o;
    struct wb_error e = {0};

    room_set_up(state);
    o = *state;
    wrap = (struct wb_wrap){.ordinal = 1, .id = {{5}}, .root = {6}};
    room_assert_ok(wb_store_begin(o->v, &e), &e);
    room_assert_ok(
        wb_rows_put(o->v, &wrap, (const uint8_t *)text, sizeof text, &e), &e);
    return 0;
}

static int
tear_down(void **state)
{
    struct open_room *o = *state;

    wb_store_rollback(o->v);
    return room_tear_down(state);
}

/* By id, ordinal and row to the revision, as who reads a record does. */
static enum wb_status
look_up(struct open_room *o, struct wb_buf *body, struct wb_error *e)
{
    struct wb_wrap got = {0};
    uint64_t row = 0;
    enum wb_status st;

    if ((st = wb_rows_lookup(o->v, &row, &wrap.id, wrap.ordinal, e)) != WB_OK ||
        (st = wb_rows_wrap(o->v, &got, row, e)) != WB_OK)
        return st;
    return wb_rows_body(o->v, &got, body, e);
}

/* ---- without keys ---- */

static void
a_row_that_somebody_cut_or_replaced_is_refused(void **state)
{
    static const struct {
        const char *sql, *said;
    } done[] = {
        {"UPDATE lookups SET row = x'0102'", "lookup: damaged"},
        {"UPDATE wraps SET wrap = zeroblob(10)", "its key is altered or foreign"},
        {"UPDATE wraps SET wrap = zeroblob(500)", "its key is altered or foreign"},
        {"UPDATE bodies SET body = zeroblob(8)", "its body is altered or foreign"},
        {"UPDATE bodies SET body = zeroblob(40)", "its body is altered or foreign"},
        {"UPDATE bodies SET body = zeroblob(300)", "its body is altered or foreign"},
        {"UPDATE bodies SET body = 'text'", "its body: damaged"},
    };
    struct open_room *o = *state;
    struct wb_error e = {0};
    struct wb_buf body;

    wb_buf_init(&body, BODY_BYTES_MAX);
    room_assert_ok(look_up(o, &body, &e), &e);
    assert_int_equal(body.size, sizeof text);
    for (size_t i = 0; i < sizeof done / sizeof done[0]; i++) {
        sql(o, "SAVEPOINT before");
        sql(o, done[i].sql);
        assert_int_equal(look_up(o, &body, &e), WB_ERR_INTEGRITY);
        if (strstr(e.message, done[i].said) == NULL)
            fail_msg("%s: %s", done[i].sql, e.message);
        sql(o, "ROLLBACK TO before; RELEASE before");
    }
    room_assert_ok(look_up(o, &body, &e), &e);
    assert_memory_equal(body.data, text, sizeof text);
    wb_buf_wipe(&body);
}

/* ---- with the keys ---- */

static void
seal_body(struct open_room *o, const uint8_t *plain, size_t size)
{
    uint8_t box[BODY_BYTES_MAX];
    struct wb_error e = {0};

    room_assert_ok(wb_rows_wrap(o->v, &wrap, wrap.row, &e), &e);
    wb_rows_body_key(o->v->scratch, o->v->record_key, wb_store_vault_id(o->v), &wrap);
    wb_box_seal(box, plain, size, o->v->scratch);
    sql(o, "DELETE FROM bodies WHERE row = (SELECT max(row) FROM bodies)");
    room_assert_ok(wb_rows_put_blob(o->v, WB_SQL_BODY_PUT, wrap.row, box,
                       size + WB_BOX_EXTRA_BYTES, &e),
        &e);
}

static void
a_body_whose_padding_is_not_as_written_is_refused(void **state)
{
    static const struct {
        size_t size, set; /* of the whole; the byte of it that is 1, 0: none */
        uint32_t length;
    } bodies[] = {
        {3, 0, 0},                            /* too short for its length */
        {256, 0, 253},                        /* its length does not fit */
        {256, 0, 0x80000000}, {256, 255, 20}, /* the padding says something */
        {300, 0, 20},                         /* more padding than there is */
        {100, 0, 20},                         /* less */
    };
    struct open_room *o = *state;
    struct wb_error e = {0};
    struct wb_buf body;

    wb_buf_init(&body, BODY_BYTES_MAX);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        uint8_t plain[512] = {0};

        wb_set_u32(plain, bodies[i].length);
        if (bodies[i].set > 0)
            plain[bodies[i].set] = 1;
        seal_body(o, plain, bodies[i].size);
        assert_int_equal(look_up(o, &body, &e), WB_ERR_INTEGRITY);
        if (strstr(e.message, "its padding is not as written") == NULL)
            fail_msg("body %zu: %s", i, e.message);
    }
    wb_buf_wipe(&body);
}

/* ---- rows under an epoch's key ---- */

static void
a_sealed_row_that_is_too_short_is_refused_and_not_counted(void **state)
{
    struct open_room *o = *state;
    struct wb_error e = {0};
    bool same = true;
    struct wb_buf out;

    wb_buf_init(&out, BODY_BYTES_MAX);
    room_assert_ok(wb_unlogged_put(o->v, WB_TABLE_HEADS, "head", 4, &e), &e);
    sql(o,
        "UPDATE heads SET sealed = zeroblob(3) "
        "WHERE row = (SELECT max(row) FROM heads)");
    assert_int_equal(wb_sealed_get(o->v, WB_TABLE_HEADS,
                         wb_store_state(o->v)->next_head - 1, &out, &e),
        WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "altered or foreign"));
    assert_int_equal(out.size, 0);
    room_assert_ok(wb_unlogged_check(o->v, WB_TABLE_HEADS, &same, &e), &e);
    assert_false(same);
    wb_buf_wipe(&out);
}

static void
what_a_table_does_not_have_is_our_own_mistake(void **state)
{
    struct open_room *o = *state;
    const struct wb_row_set heads = wb_store_state(o->v)->heads;
    struct wb_error e = {0};

    assert_int_equal(
        wb_unlogged_put(o->v, WB_TABLE_PAGES, "page", 4, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "pages: numbered by who writes them");
    assert_int_equal(wb_store_state(o->v)->pages.count, 0);
    assert_int_equal(wb_unlogged_remove(o->v, WB_TABLE_HEADS, 1, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "heads: kept for ever");
    assert_memory_equal(&wb_store_state(o->v)->heads, &heads, sizeof heads);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(a_row_that_somebody_cut_or_replaced_is_refused),
        OPEN(a_body_whose_padding_is_not_as_written_is_refused),
        OPEN(a_sealed_row_that_is_too_short_is_refused_and_not_counted),
        OPEN(what_a_table_does_not_have_is_our_own_mistake),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
