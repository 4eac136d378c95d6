/* tests/unit/test_state.c - the sealed state, read back as it was written or refused.
 */
#include "cm.h"

#include <string.h>

#include "room.h"
#include "store/session.h"

static void
a_state_comes_back_as_it_was_written(void **state)
{
    struct open_room *o = *state;
    struct wb_vault_state *s = wb_store_state(o->v), again;
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
    struct open_room *o = *state;
    struct wb_vault_state again;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_state_encode(&plain, wb_store_state(o->v), &e), WB_OK);
    wb_secret_room(plain)[wb_secret_size(plain) - 1] = 1;
    assert_int_equal(wb_state_decode(&again, plain, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "state: not as format 1 has it");
    wb_secret_free(&plain);
}

static void
a_newer_state_is_said_to_be_newer(void **state)
{
    struct open_room *o = *state;
    struct wb_vault_state again;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_state_encode(&plain, wb_store_state(o->v), &e), WB_OK);
    wb_secret_room(plain)[0] = 2;
    assert_int_equal(wb_state_decode(&again, plain, &e), WB_ERR_TOO_NEW);
    wb_secret_free(&plain);
}

/* ---- with the keys, but not as the format says ---- */

static void
no_epoch(struct wb_vault_state *s, struct wb_secret *plain)
{
    (void)plain;
    s->epoch_count = 0;
}

static void
too_many_epochs(struct wb_vault_state *s, struct wb_secret *plain)
{
    if (plain != NULL)
        return;
    wb_secret_free(&s->epochs);
    assert_int_equal(
        wb_secret_new(&s->epochs, (WB_EPOCHS_MAX + 1) * WB_KEY_BYTES, NULL), WB_OK);
    s->epoch_count = WB_EPOCHS_MAX + 1;
}

static void
too_many_leaves(struct wb_vault_state *s, struct wb_secret *plain)
{
    (void)plain;
    s->edge.size = WB_MERKLE_SIZE_MAX + 1;
}

static void
a_hash_too_few(struct wb_vault_state *s, struct wb_secret *plain)
{
    s->edge.count -= plain == NULL;
}

static void
no_text(struct wb_vault_state *s, struct wb_secret *plain)
{
    (void)plain;
    strcpy(s->slots[2].label, "\xff\xfe");
}

static uint8_t *
find(struct wb_secret *plain, const char *text)
{
    uint8_t *found =
        memmem(wb_secret_room(plain), wb_secret_size(plain), text, strlen(text));

    assert_non_null(found);
    return found;
}

static void
a_zero_in_a_text(struct wb_vault_state *s, struct wb_secret *plain)
{
    strcpy(s->slots[2].label, "Watch");
    if (plain != NULL)
        find(plain, "Watch")[2] = 0;
}

static void
a_text_too_long(struct wb_vault_state *s, struct wb_secret *plain)
{
    memset(s->origin, 'o', WB_ORIGIN_BYTES_MAX);
    s->origin[WB_ORIGIN_BYTES_MAX] = '\0';
    if (plain != NULL) /* its length stands in front of it */
        find(plain, s->origin)[-1] = WB_ORIGIN_BYTES_MAX + 1;
}

static void
an_unknown_slot(struct wb_vault_state *s, struct wb_secret *plain)
{
    (void)plain;
    s->slots[1].kind = WB_SLOT_OWNER + 1;
}

/* Each is called twice: before the state is encoded, without `plain`, and with what was
 * encoded. */
static void (*const bends[])(struct wb_vault_state *s, struct wb_secret *plain) = {
    no_epoch,
    too_many_epochs,
    too_many_leaves,
    a_hash_too_few,
    no_text,
    a_zero_in_a_text,
    a_text_too_long,
    an_unknown_slot,
};

/* Another session's state each time: what is bent is thrown away with it. */
static void
what_no_state_says_is_refused_and_nothing_of_it_is_kept(void **state)
{
    struct open_room *o = *state;

    for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
        struct wb_vault_state *s = wb_store_state(o->v), got = {.generation = 77};
        struct wb_secret *plain = NULL;
        struct wb_error e = {0};

        bends[i](s, NULL);
        room_assert_ok(wb_state_encode(&plain, s, &e), &e);
        bends[i](s, plain);
        assert_int_equal(wb_state_decode(&got, plain, &e), WB_ERR_FORMAT);
        assert_string_equal(e.message, "state: not as format 1 has it");
        assert_int_equal(got.generation, 77);
        wb_secret_free(&plain);
        wb_vault_close(&o->v);
        o->v = room_open(o->room.vault);
    }
}

static enum wb_status
decode_resized(const struct wb_secret *plain, size_t size, struct wb_error *e)
{
    const size_t whole = wb_secret_size(plain);
    struct wb_vault_state got = {.generation = 77};
    struct wb_secret *other = NULL;
    enum wb_status st;

    assert_int_equal(wb_secret_new(&other, size, NULL), WB_OK);
    memcpy(wb_secret_room(other), wb_secret_bytes(plain), size < whole ? size : whole);
    st = wb_state_decode(&got, other, e);
    wb_secret_free(&other);
    if (st != WB_OK)
        assert_int_equal(got.generation, 77);
    else
        wb_state_wipe(&got);
    return st;
}

static void
a_state_of_another_length_is_refused(void **state)
{
    struct open_room *o = *state;
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};
    unsigned refused = 0;
    size_t whole;

    room_assert_ok(wb_state_encode(&plain, wb_store_state(o->v), &e), &e);
    whole = wb_secret_size(plain);
    for (size_t size = 1; size < whole; size += size < 2000 ? 1 : 101) {
        assert_int_equal(decode_resized(plain, size, &e), WB_ERR_FORMAT);
        refused++;
    }
    assert_true(refused > 2000);
    assert_int_equal(decode_resized(plain, whole, &e), WB_OK);
    assert_int_equal(decode_resized(plain, whole + 1, &e), WB_ERR_FORMAT);
    assert_int_equal(decode_resized(plain, whole + 8192, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "state: not as format 1 has it");
    wb_secret_free(&plain);
}

int
main(void)
{
#define OPEN(test) cmocka_unit_test_setup_teardown(test, room_set_up, room_tear_down)
    const struct CMUnitTest tests[] = {
        OPEN(a_state_comes_back_as_it_was_written),
        OPEN(a_state_with_any_byte_of_its_padding_set_is_refused),
        OPEN(a_newer_state_is_said_to_be_newer),
        OPEN(what_no_state_says_is_refused_and_nothing_of_it_is_kept),
        OPEN(a_state_of_another_length_is_refused),
    };
#undef OPEN

    return cmocka_run_group_tests(tests, NULL, NULL);
}
