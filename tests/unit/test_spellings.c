/* tests/unit/test_spellings.c - asked through a whole vault: each spelling finds the
 * others, false friends do not. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "spellings.h"

struct fixture {
    struct room room;
    struct wb_vault *v;
    struct wb_id *ids; /* of the persons, two for each pair */
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
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
    free(f->ids);
    free(f);
    return 0;
}

static void
add_person(struct wb_change *c, struct wb_id *id, const char *name)
{
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    if (wb_draft_new(&d, "person", &e) != WB_OK ||
        wb_draft_add(d, "name", WB_STATE_TEXT, name, strlen(name), &e) != WB_OK ||
        wb_change_add(c, d, &saved, &e) != WB_OK)
        fail_msg("%s: %s", name, e.message);
    *id = saved.id;
    wb_draft_free(&d);
}

/* Two persons for each pair, number 2 n with the name a, number 2 n + 1 with b. */
static void
add_pairs(struct fixture *f, const struct spelling *pairs, size_t count)
{
    struct wb_change *c = NULL;
    struct wb_error e = {0};

    f->ids = calloc(2 * count, sizeof *f->ids);
    assert_non_null(f->ids);
    assert_int_equal(wb_change_begin(&c, f->v, &e), WB_OK);
    for (size_t i = 0; i < count; i++) {
        add_person(c, &f->ids[2 * i], pairs[i].a);
        add_person(c, &f->ids[2 * i + 1], pairs[i].b);
    }
    assert_int_equal(wb_change_commit(&c, &e), WB_OK);
}

struct wanted {
    const struct wb_id *id;
    bool seen;
};

static bool
is_it(void *cookie, const struct wb_hit *hit)
{
    struct wanted *w = cookie;

    w->seen |= wb_id_equal(wb_record_id(hit->record), w->id);
    return !w->seen;
}

static bool
finds(struct fixture *f, const char *words, size_t number)
{
    const struct wb_search question = {.words = words};
    struct wanted wanted = {.id = &f->ids[number]};
    struct wb_error e = {0};
    uint64_t damaged;

    if (wb_search(f->v, &question, is_it, &wanted, &damaged, &e) != WB_OK)
        fail_msg("%s: %s", words, e.message);
    return wanted.seen;
}

static void
every_spelling_finds_the_other(void **state)
{
    struct fixture *f = *state;
    size_t reached = 0;

    add_pairs(f, spellings, spelling_count);
    for (size_t i = 0; i < spelling_count; i++, reached++) {
        if (!finds(f, spellings[i].a, 2 * i + 1))
            fail_msg("%s does not find %s", spellings[i].a, spellings[i].b);
        if (!finds(f, spellings[i].b, 2 * i))
            fail_msg("%s does not find %s", spellings[i].b, spellings[i].a);
    }
    assert_true(reached >= SPELLINGS_LEAST);
}

static void
no_false_friend_is_found(void **state)
{
    struct fixture *f = *state;
    size_t reached = 0;

    add_pairs(f, false_friends, false_friend_count);
    for (size_t i = 0; i < false_friend_count; i++, reached++) {
        assert_true(finds(f, false_friends[i].a, 2 * i));
        if (finds(f, false_friends[i].a, 2 * i + 1))
            fail_msg("%s finds %s", false_friends[i].a, false_friends[i].b);
        if (finds(f, false_friends[i].b, 2 * i))
            fail_msg("%s finds %s", false_friends[i].b, false_friends[i].a);
    }
    assert_true(reached >= FALSE_FRIENDS_LEAST);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_spelling_finds_the_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_false_friend_is_found, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
