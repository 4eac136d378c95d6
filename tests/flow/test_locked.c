/* tests/flow/test_locked.c - a vault that is open and locked answers nothing. */
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/destroy.h>

#include "deeds.h"

static void
assert_refused(const char *what, enum wb_status st, const struct wb_error *e)
{
    if (st != WB_ERR_LOCKED || strstr(e->message, "locked, unlock it first") == NULL)
        fail_msg("%s: status %d: %s", what, (int)st, e->message);
    room_assert_line(e);
}

/* ---- what is done ---- */

static void
every_deed_refuses_a_locked_vault_and_changes_nothing(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    unsigned refused = 0;

    (void)state;
    room_print(stage.room.folder, before);
    for (size_t i = 0; i < deed_count; i++) {
        struct wb_vault *v = NULL;
        struct wb_error e = {0};

        if (deeds[i].act == NULL || strcmp(deeds[i].name, "unlock") == 0)
            continue;
        if (strchr("abf", deeds[i].vaults[0]) == NULL)
            continue; /* it makes one */
        room_assert_ok(
            wb_vault_open(&v, stage_vault(&stage, deeds[i].vaults[0]), 0, &e), &e);
        assert_refused(deeds[i].name, deeds[i].act(v, &stage, &e), &e);
        assert_true(wb_vault_is_locked(v));
        wb_vault_close(&v);
        refused++;
    }
    room_print(stage.room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    assert_true(refused >= 50);
}

/* ---- what is asked ---- */

static bool
pass_event(void *cookie, const struct wb_event *event)
{
    (void)event;
    ++*(unsigned *)cookie;
    return true;
}

static bool
pass_revision(void *cookie, const struct wb_revision *revision)
{
    (void)revision;
    ++*(unsigned *)cookie;
    return true;
}

static bool
pass_part(void *cookie, const struct wb_part *part)
{
    (void)part;
    ++*(unsigned *)cookie;
    return true;
}

static bool
pass_sheet(void *cookie, const struct wb_sealed_sheet *sheet)
{
    (void)sheet;
    ++*(unsigned *)cookie;
    return true;
}

static void
pass_damage(void *cookie, const char *where, const char *what)
{
    (void)where;
    (void)what;
    ++*(unsigned *)cookie;
}

#define ASKED (&stage.room.statement)

/* Each asks once, for something that is there; what was shown is counted, and that an
 * output was left alone is asserted where it stands. */
static enum wb_status
ask_timeline(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    return wb_timeline(v, ASKED, pass_event, shown, e);
}

static enum wb_status
ask_history(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    return wb_history(v, ASKED, pass_revision, shown, e);
}

static enum wb_status
ask_parts(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    uint64_t damaged;

    return wb_parts(v, ASKED, WB_PARTS, pass_part, shown, &damaged, e);
}

static enum wb_status
ask_sheets(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    return wb_sheet_each(v, pass_sheet, shown, e);
}

static enum wb_status
ask_damage(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    return wb_damaged_each(v, pass_damage, shown, e);
}

static enum wb_status
ask_slot(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    unsigned number = 77;
    enum wb_status st = wb_slot_find(v, &number, "second", e);

    *shown = number != 77;
    return st;
}

static enum wb_status
ask_root(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load_root(v, &r, ASKED, "0000", e);

    *shown = r != NULL;
    wb_record_free(&r);
    return st;
}

static enum wb_status
ask_head(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    const char *head = NULL;
    enum wb_status st = wb_head(v, &head, e);

    *shown = head != NULL;
    return st;
}

static enum wb_status
ask_backup(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    char when[21] = "";
    enum wb_status st = wb_backup_last(v, when, e);

    *shown = when[0] != '\0';
    return st;
}

static enum wb_status
ask_tombstone(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    struct wb_tombstone t = {.reason = NULL};
    enum wb_status st = wb_tombstone_find(v, &t, "0000", e);

    *shown = t.reason != NULL;
    return st;
}

static enum wb_status
ask_identity(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    struct wb_card card = {.name = ""};
    enum wb_status st = wb_identity(v, &card, e);

    *shown = card.name[0] != '\0';
    return st;
}

static enum wb_status
ask_recipients(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    static const char *const to[] = {"partner"};
    size_t keys = 0;
    enum wb_status st = wb_export_check_recipients(v, to, 1, &keys, e);

    *shown = (unsigned)keys;
    return st;
}

static enum wb_status
ask_finish(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    struct wb_finished done = {.bundle = ""};
    enum wb_status st = wb_export_finish(v, stage.exported, &done, e);

    *shown = done.bundle[0] != '\0';
    return st;
}

static enum wb_status
ask_for_a_copy(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    static const struct wb_restore how;
    struct wb_restored done = {.size = 0};
    enum wb_status st = wb_vault_restore(v, stage.copy, &how, &done, e);

    *shown = done.size != 0 || room_exists(stage.copy);
    return st;
}

static enum wb_status
ask_marks(struct wb_vault *v, unsigned *shown, struct wb_error *e)
{
    struct wb_field_marks marks = {.owner = ""};
    enum wb_status st = wb_field_marks(v, &marks, e);

    *shown = marks.owner[0] != '\0';
    return st;
}

/* clang-format off */
static const struct question {
    const char *name;
    enum wb_status (*ask)(struct wb_vault *v, unsigned *shown, struct wb_error *e);
} questions[] = {
    {"timeline",   ask_timeline},
    {"history",    ask_history},
    {"parts",      ask_parts},
    {"drafts",     ask_sheets},
    {"damage",     ask_damage},
    {"slot",       ask_slot},
    {"root",       ask_root},
    {"head",       ask_head},
    {"backup",     ask_backup},
    {"tombstone",  ask_tombstone},
    {"identity",   ask_identity},
    {"recipients", ask_recipients},
    {"finish",     ask_finish},
    {"restore",    ask_for_a_copy},
    {"marks",      ask_marks},
};
/* clang-format on */

static void
every_question_to_a_locked_vault_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const bool field = questions[i].ask == ask_marks;
        struct wb_vault *v = NULL;
        struct wb_error e = {0};
        unsigned shown = 0;

        room_assert_ok(wb_vault_open(&v, field ? stage.field : stage.a, 0, &e), &e);
        assert_refused(questions[i].name, questions[i].ask(v, &shown, &e), &e);
        if (shown != 0)
            fail_msg("%s: answered all the same", questions[i].name);
        wb_vault_close(&v);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_deed_refuses_a_locked_vault_and_changes_nothing, stage_set_up,
            stage_tear_down),
        cmocka_unit_test_setup_teardown(
            every_question_to_a_locked_vault_is_refused, stage_set_up, stage_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
