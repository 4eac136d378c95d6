/* tests/unit/test_session.c - header and state belong together, and who cannot read
 * them again is locked. */
#include "cm.h"

#include <string.h>

#include "faults.h"
#include "room.h"
#include "store/session.h"

/* ---- a state that names another header ---- */

static void
other_generation(struct wb_vault_state *s)
{
    s->generation++;
}

static void
other_header(struct wb_vault_state *s)
{
    s->header_hash[5] ^= 1;
}

static void
field_vault(struct wb_vault_state *s)
{
    assert_int_equal(wb_secret_new(&s->field_log, WB_KEY_BYTES, NULL), WB_OK);
}

static void
a_state_that_names_another_header_is_refused(void **state)
{
    static void (*const bends[])(struct wb_vault_state * s) = {
        other_generation, other_header, field_vault};
    struct open_room *o = *state;
    char kept[ROOM_PATH_BYTES];

    room_path(kept, &o->room, "kept");
    room_copy(o->room.vault, kept);
    for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
        uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
        struct wb_error e = {0};

        room_assert_ok(wb_store_begin(o->v, &e), &e);
        bends[i](wb_store_state(o->v));
        room_assert_ok(wb_store_commit(o->v, &e), &e);
        wb_vault_close(&o->v);
        room_print(o->room.folder, before);
        room_assert_ok(wb_vault_open(&o->v, o->room.vault, 0, &e), &e);
        assert_int_equal(
            wb_vault_unlock(o->v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
            WB_ERR_INTEGRITY);
        assert_non_null(strstr(e.message, "header: not the one that the state names"));
        assert_true(wb_vault_is_locked(o->v));
        wb_vault_close(&o->v);
        room_print(o->room.folder, after);
        assert_memory_equal(before, after, sizeof before);
        room_copy(kept, o->room.vault);
        o->v = room_open(o->room.vault);
    }
}

/* ---- read again, after a commit that failed ---- */

static void
a_vault_that_cannot_be_read_again_is_locked(void **state)
{
    static const char *const done[] = {
        "UPDATE header SET body = zeroblob(12)",
        "UPDATE header SET body = 7",
        "UPDATE header SET body = zeroblob(1600)",
        "UPDATE header SET body = CAST(substr(body, 1, 99) || zeroblob(1501) AS BLOB)",
        "UPDATE state SET sealed = zeroblob(9000)",
        "DELETE FROM state",
    };
    struct open_room *o = *state;
    char kept[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    room_path(kept, &o->room, "kept");
    room_copy(o->room.vault, kept);
    wb_session_reload(o->v);
    assert_false(wb_vault_is_locked(o->v));
    for (size_t i = 0; i < sizeof done / sizeof done[0]; i++) {
        assert_int_equal(sqlite3_exec(o->v->db, done[i], NULL, NULL, NULL), SQLITE_OK);
        wb_session_reload(o->v);
        assert_true(wb_vault_is_locked(o->v));
        assert_int_equal(wb_store_begin(o->v, &e), WB_ERR_LOCKED);
        wb_vault_close(&o->v);
        room_copy(kept, o->room.vault);
        o->v = room_open(o->room.vault);
    }
}

/* ---- unlocking ---- */

static void
a_vault_that_is_unlocked_asks_for_nothing_more(void **state)
{
    struct open_room *o = *state;
    struct wb_error e = {0};

    room_key_calls = 0;
    assert_int_equal(wb_vault_unlock(o->v, "no", 2, &e), WB_OK);
    assert_int_equal(room_key_calls, 0);
    assert_false(wb_vault_is_locked(o->v));
}

static void
a_passphrase_that_is_too_long_or_nothing_is_refused(void **state)
{
    static char words[WB_PASSPHRASE_BYTES_MAX + 2];
    struct open_room *o = *state;
    struct wb_error e = {0};

    wb_vault_close(&o->v);
    room_assert_ok(wb_vault_open(&o->v, o->room.vault, 0, &e), &e);
    memset(words, 'w', sizeof words);
    assert_int_equal(
        wb_vault_unlock(o->v, words, WB_PASSPHRASE_BYTES_MAX + 1, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "passphrase: 1025 bytes, limit is 1024");
    words[WB_PASSPHRASE_BYTES_MAX] = '\n'; /* does not count */
    assert_int_equal(wb_vault_unlock(o->v, words, WB_PASSPHRASE_BYTES_MAX + 1, &e),
        WB_ERR_PASSPHRASE);
    assert_int_equal(wb_vault_unlock(o->v, "\n", 1, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "passphrase: empty");
    assert_true(wb_vault_is_locked(o->v));
}

/* How often it was refused, at each call in turn, before it was done. */
static unsigned
unlock_as(struct wb_vault *copy, const struct wb_vault *v, const struct fault *f)
{
    struct wb_error e = {0};
    unsigned refused = 0;

    for (long at = 1;; at++) {
        enum wb_status st;

        fault_arm(f, at);
        st = wb_store_unlock_as(copy, v, &e);
        if (fault_disarm() < at)
            return refused;
        assert_true(st == WB_ERR_MEMORY || st == WB_ERR_IO);
        assert_true(wb_vault_is_locked(copy));
        refused++;
    }
}

static void
a_copy_is_unlocked_with_the_keys_of_a_session_or_stays_locked(void **state)
{
    static const struct fault faults[] = {
        {"allocations", FAULT_BIT(FAULT_MEMORY), false, 0},
        {"interrupts", FAULT_BIT(FAULT_INTERRUPT), true, 0},
    };
    struct open_room *o = *state;
    struct wb_vault *copy = NULL;
    char path[ROOM_PATH_BYTES];
    struct wb_error e = {0};
    unsigned refused = 0;

    room_path(path, &o->room, "copy");
    room_copy(o->room.vault, path);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        room_assert_ok(wb_vault_open(&copy, path, 0, &e), &e);
        refused += unlock_as(copy, o->v, &faults[i]);
        assert_false(wb_vault_is_locked(copy));
        wb_vault_close(&copy);
    }
    assert_true(refused > 10);
    room_assert_ok(wb_vault_open(&copy, path, 0, &e), &e);
    assert_int_equal(wb_store_unlock_as(o->v, copy, &e), WB_ERR_LOCKED);
    wb_vault_close(&copy);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, room_set_up, room_tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(a_state_that_names_another_header_is_refused),
        OPEN(a_vault_that_cannot_be_read_again_is_locked),
        OPEN(a_vault_that_is_unlocked_asks_for_nothing_more),
        OPEN(a_passphrase_that_is_too_long_or_nothing_is_refused),
        OPEN(a_copy_is_unlocked_with_the_keys_of_a_session_or_stays_locked),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
