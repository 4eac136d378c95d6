/* tests/unit/test_chunks.c - attachments whose chunks are not as they were written:
 * each is named for what it is. */
#include "cm.h"

#include <string.h>

#include "faults.h"
#include "room.h"
#include "store/session.h"

/* So long that a whole chunk behind its last byte is padding. */
enum { LONG_BYTES = 16 * 1024 * 1024 + 1 };
enum { CHUNKS = 7, FILE_BYTES = CHUNKS * WB_CHUNK_BYTES - 100 };

static struct wb_attachment attachment;
static uint8_t content[LONG_BYTES];

static void
attach(struct open_room *o, size_t size)
{
    struct wb_chunk_writer *w = NULL;
    struct wb_error e = {0};

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    room_assert_ok(wb_chunk_writer_new(&w, o->v, &attachment, &e), &e);
    room_assert_ok(wb_chunk_writer_add(w, content, size, &e), &e);
    room_assert_ok(wb_chunk_writer_end(w, &e), &e);
    wb_chunk_writer_free(&w);
    room_assert_ok(wb_store_commit(o->v, &e), &e);
}

static int
set_up(void **state)
{
    room_set_up(state);
    room_noise(content, FILE_BYTES, 4);
    assert_int_equal(wb_attachment_new(&attachment, NULL), WB_OK);
    attach(*state, FILE_BYTES);
    return 0;
}

static int
tear_down(void **state)
{
    wb_attachment_wipe(&attachment);
    return room_tear_down(state);
}

static void
sql(struct open_room *o, const char *text)
{
    char *why = NULL;

    if (sqlite3_exec(o->v->db, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", text, why);
}

/* ---- what examining finds ---- */

struct found {
    size_t bytes;
    unsigned faults;
    uint64_t chunk;
    enum wb_chunk_fault fault;
};

static enum wb_status
count_bytes(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct found *f = cookie;

    (void)bytes;
    (void)e;
    f->bytes += size;
    return WB_OK;
}

static void
note_fault(void *cookie, uint64_t chunk, enum wb_chunk_fault fault)
{
    struct found *f = cookie;

    if (f->faults++ > 0)
        return;
    f->chunk = chunk;
    f->fault = fault;
}

static enum wb_status
examine(struct open_room *o, struct found *f, struct wb_error *e)
{
    const struct wb_chunk_watch watch = {count_bytes, note_fault, f};

    *f = (struct found){0};
    return wb_chunks_examine(o->v, &attachment, &watch, e);
}

/* What somebody without keys may do to the third chunk, whose row is the third; `said`
 * by who only reads it. */
static const struct {
    const char *sql;
    enum wb_chunk_fault fault;
    const char *said;
} done[] = {
    {"DELETE FROM chunks WHERE row = (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_MISSING, "attachment 1: chunk 2: missing"},
    {"DELETE FROM chunks WHERE row >= (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_TRUNCATED, "attachment 1: chunk 2: missing"},
    {"UPDATE chunks SET box = zeroblob(5) "
     "WHERE row = (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_ALTERED, "attachment 1: chunk 2: altered, moved or foreign"},
    {"UPDATE chunks SET box = zeroblob(262144 + 17) "
     "WHERE row = (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_ALTERED, "attachment 1: chunk 2: altered, moved or foreign"},
    {"UPDATE chunks SET box = zeroblob(262144 + 16) "
     "WHERE row = (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_ALTERED, "attachment 1: chunk 2: altered, moved or foreign"},
    {"UPDATE chunks SET box = (SELECT box FROM chunks "
     "WHERE row = (SELECT min(row) + 5 FROM chunks)) "
     "WHERE row = (SELECT min(row) + 2 FROM chunks)",
        WB_CHUNK_MOVED, "attachment 1: chunk 2: altered, moved or foreign"},
};
enum { DONE = sizeof done / sizeof done[0] };

static void
a_whole_attachment_has_no_fault_and_all_its_bytes(void **state)
{
    struct found f;
    struct wb_error e = {0};

    room_assert_ok(examine(*state, &f, &e), &e);
    assert_int_equal(f.faults, 0);
    assert_int_equal(f.bytes, FILE_BYTES);
    attach(*state, LONG_BYTES);
    room_assert_ok(examine(*state, &f, &e), &e);
    assert_int_equal(f.faults, 0);
    assert_int_equal(f.bytes, LONG_BYTES);
}

static void
a_chunk_that_does_not_open_is_named_for_what_it_is(void **state)
{
    struct open_room *o = *state;

    for (size_t i = 0; i < DONE; i++) {
        struct wb_error e = {0};
        struct found f;
        uint64_t gone = done[i].fault == WB_CHUNK_TRUNCATED ? CHUNKS - 2 : 1;

        room_assert_ok(wb_store_begin(o->v, &e), &e);
        sql(o, done[i].sql);
        room_assert_ok(examine(o, &f, &e), &e);
        assert_int_equal(f.faults, gone);
        assert_int_equal(f.chunk, 2);
        assert_int_equal(f.fault, done[i].fault);
        f.bytes = 0;
        assert_int_equal(
            wb_chunks_read(o->v, &attachment, count_bytes, &f, &e), WB_ERR_INTEGRITY);
        assert_string_equal(e.message, done[i].said);
        assert_int_equal(f.bytes, 2 * WB_CHUNK_BYTES);
        wb_store_rollback(o->v);
    }
}

static void
a_chunk_too_many_is_named_behind_all_others(void **state)
{
    struct open_room *o = *state;
    struct wb_error e = {0};
    struct found f;

    room_assert_ok(wb_store_begin(o->v, &e), &e);
    sql(o, "INSERT INTO chunks SELECT max(row) + 7, zeroblob(40) FROM chunks");
    room_assert_ok(examine(o, &f, &e), &e);
    assert_int_equal(f.faults, 1);
    assert_int_equal(f.chunk, CHUNKS);
    assert_int_equal(f.fault, WB_CHUNK_EXTRA);
    assert_int_equal(f.bytes, FILE_BYTES);
    wb_store_rollback(o->v);
}

/* ---- when the system refuses ---- */

static const struct fault faults[] = {
    {"interrupts", FAULT_BIT(FAULT_INTERRUPT), true, 0},
    {"allocations", FAULT_BIT(FAULT_MEMORY), false, 0},
};

/* Refused at call number `at` of each kind until it is done; how often it was. */
static unsigned
refuse_each(struct open_room *o, const struct fault *f,
    enum wb_status (*act)(void *, struct wb_error *))
{
    unsigned refused = 0;

    for (long at = 1;; at++) {
        struct wb_error e = {0};
        enum wb_status st;

        room_assert_ok(wb_store_begin(o->v, &e), &e);
        sql(o, done[5].sql);
        fault_arm(f, at);
        st = act(o, &e);
        if (fault_disarm() < at) {
            room_assert_ok(st, &e);
            wb_store_rollback(o->v);
            return refused;
        }
        wb_store_rollback(o->v);
        assert_int_equal(wb_store_state(o->v)->files, 1);
        if (st == WB_OK)
            continue;
        assert_true(st == WB_ERR_MEMORY || st == WB_ERR_IO);
        room_assert_line(&e);
        refused++;
    }
}

static enum wb_status
examine_it(void *cookie, struct wb_error *e)
{
    struct found f;

    return examine(cookie, &f, e);
}

static enum wb_status
remove_it(void *cookie, struct wb_error *e)
{
    struct open_room *o = cookie;
    enum wb_status st = wb_chunks_remove(o->v, &attachment, e);

    assert_int_equal(wb_store_state(o->v)->files, st == WB_OK ? 0 : 1);
    return st;
}

static void
who_examines_a_damaged_attachment_is_told_when_the_system_refuses(void **state)
{
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        refused += refuse_each(*state, &faults[i], examine_it);
    assert_true(refused > CHUNKS + 3);
}

static void
an_attachment_is_removed_or_still_counted(void **state)
{
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        refused += refuse_each(*state, &faults[i], remove_it);
    assert_true(refused >= 2);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(a_whole_attachment_has_no_fault_and_all_its_bytes),
        OPEN(a_chunk_that_does_not_open_is_named_for_what_it_is),
        OPEN(a_chunk_too_many_is_named_behind_all_others),
        OPEN(who_examines_a_damaged_attachment_is_told_when_the_system_refuses),
        OPEN(an_attachment_is_removed_or_still_counted),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
