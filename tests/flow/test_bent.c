/* tests/flow/test_bent.c - what only somebody with the keys can have written, and not
 * as the formats say: named by verify, and no deed falls over it. */
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "bends.h"
#include "deeds.h"
#include "store/session.h"

/* Vault a with heads of all kinds: one that somebody was asked to cosign, one of
 * somebody else's that was cosigned, a log that was closed and one after it. */
static void
add_heads(void)
{
    char *request = NULL, *reply = NULL;
    struct wb_head_note note;
    struct wb_vault *v = room_open(stage.b);
    struct wb_error e = {0};

    bend_ok(wb_head_request(v, "documenter", WB_FROM_REMEMBERED, &request, &e), &e);
    wb_vault_close(&v);
    v = room_open(stage.a);
    bend_ok(wb_cosign(v, request, strlen(request), &reply, &note, &e), &e);
    wb_text_free(request);
    bend_ok(wb_head_request(v, "partner", WB_FROM_REMEMBERED, &request, &e), &e);
    bend_ok(wb_head_restart(v, "a second copy was used", &e), &e);
    wb_vault_close(&v);
    wb_text_free(request);
    wb_text_free(reply);
    stage_keep(&stage, "vault");
    stage_reset(&stage);
}

static int
setup(void **state)
{
    (void)state;
    stage_make(&stage);
    add_heads();
    return 0;
}

static bool
is_odd(const struct bend *b)
{
    return strncmp(b->what, "odd_", 4) == 0;
}

static void
bend_it(const struct bend *b)
{
    struct wb_vault *v;
    struct wb_error e = {0};

    room_text(stage.about, sizeof stage.about, "%s", b->what);
    v = room_open(stage.a);
    if (is_odd(b)) /* a change of its own */
        b->bend(v);
    else {
        bend_ok(wb_store_begin(v, &e), &e);
        b->bend(v);
        bend_ok(wb_store_commit(v, &e), &e);
    }
    wb_vault_close(&v);
}

static void
assert_said(const struct room_finding *f, const struct bend *b)
{
    if (room_is_named(f) != (b->named != NULL))
        fail_msg("%s: %s", b->what, b->named == NULL ? f->said : "nobody noticed");
    if (b->named != NULL && strstr(f->said, b->named) == NULL)
        fail_msg("%s: not called %s: %s", b->what, b->named, f->said);
}

/* Every third deed, others each time, and all of them where a paper of ours is odd:
 * done, or refused in one line. */
static unsigned
do_some(const struct bend *b, size_t turn)
{
    size_t size;
    uint8_t *bytes = room_read(stage.a, &size);
    unsigned refused = 0;

    for (size_t i = 0; i < deed_count; i++) {
        struct wb_error e = {0};
        enum wb_status st;

        if (((i + turn) % 3 != 0 && !is_odd(b)) || deeds[i].act == NULL ||
            deeds[i].vaults[0] != 'a' || strcmp(deeds[i].name, "verify") == 0)
            continue;
        stage_reset(&stage);
        room_write(stage.a, bytes, size);
        st = deed_run(&deeds[i], &stage, &e);
        refused += st != WB_OK;
        if (st != WB_OK)
            room_assert_line(&e);
        if (st == WB_ERR_MEMORY || st == WB_ERR_LOCKED || st == WB_ERR_PASSPHRASE)
            fail_msg("%s: %s: status %d: %s", b->what, deeds[i].name, st, e.message);
    }
    free(bytes);
    return refused;
}

static void
what_is_not_as_written_is_named_and_no_deed_falls_over_it(void **state)
{
    struct room_finding *f = malloc(sizeof *f);
    unsigned refused = 0;

    (void)state;
    assert_non_null(f);
    for (size_t i = 0; i < bend_count; i++) {
        const struct bend *b = &bends[i];

        stage_reset(&stage);
        bend_it(b);
        room_examine(f, stage.a);
        assert_said(f, b);
        refused += do_some(b, i);
    }
    counted(bend_count, "things written otherwise with the keys");
    assert_true(refused > 60);
    free(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_is_not_as_written_is_named_and_no_deed_falls_over_it, setup,
            stage_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
