/* tests/flow/test_rotate.c - other keys for who we are: what the old ones are still
 * good for, and how others learn of it. */
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/collect.h>
#include <witnessbox/text.h>

#include "stage.h"

static int
reset(void **state)
{
    (void)state;
    stage_reset(&stage);
    return 0;
}

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static void
rotate(const char *path, int flags)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(wb_identity_rotate(v, flags, &e), &e);
    wb_vault_close(&v);
    room_assert_sound(path);
}

static struct wb_card
card_of(const char *path)
{
    struct wb_vault *v = room_open(path);
    struct wb_card card;
    struct wb_error e = {0};

    ok(wb_identity(v, &card, &e), &e);
    wb_vault_close(&v);
    return card;
}

static char *
exported(const char *path)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    char *text = NULL;

    ok(wb_identity_export(v, &text, &e), &e);
    wb_vault_close(&v);
    return text;
}

static void
every_key_and_the_log_are_others_and_the_name_stays(void **state)
{
    struct wb_card before = card_of(stage.a), after;

    (void)state;
    rotate(stage.a, 0);
    after = card_of(stage.a);
    assert_string_equal(before.name, after.name);
    assert_string_not_equal(before.recipient, after.recipient);
    assert_string_not_equal(before.minisign, after.minisign);
    assert_string_not_equal(before.log, after.log);
    assert_string_not_equal(before.cosigner, after.cosigner);
    assert_string_not_equal(before.collect, after.collect);
    assert_int_not_equal(strcspn(before.log, "+"), 0);
    assert_int_not_equal(
        strncmp(before.log, after.log, strcspn(before.log, "+") + 1), 0); /* its name */
}

static void
a_head_from_before_is_still_known(void **state)
{
    struct wb_vault *v = room_open(stage.a);
    enum wb_standing standing;
    struct wb_error e = {0};
    const char *head;
    char *before;

    (void)state;
    ok(wb_head(v, &head, &e), &e);
    before = strdup(head);
    wb_vault_close(&v);
    rotate(stage.a, 0);
    rotate(stage.a, WB_ROTATE_UNLINKED);
    v = room_open(stage.a);
    ok(wb_head_check(v, before, strlen(before), &standing, &e), &e);
    assert_int_equal(standing, WB_STANDING_WHOLE);
    wb_vault_close(&v);
    free(before);
}

/* A bundle for an older card, and a field vault for one. */
static void
what_was_sent_to_the_old_keys_still_opens(void **state)
{
    const struct wb_collect how = {.label = "field"};
    struct wb_bundle_report *report = NULL;
    struct wb_collected done;
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    rotate(stage.b, 0);
    v = room_open(stage.b);
    ok(wb_head_restart(v, "another copy", &e), &e); /* a revision with the same keys */
    wb_vault_close(&v);
    rotate(stage.b, 0);
    v = room_open(stage.b);
    ok(wb_import(v, stage.bundle, NULL, &report, &e), &e);
    assert_true(wb_report_added(report) > 0);
    wb_report_free(&report);
    wb_vault_close(&v);
    room_assert_sound(stage.b);

    rotate(stage.a, 0);
    v = room_open(stage.a);
    ok(wb_collect(v, stage.field, &how, &done, &e), &e);
    assert_int_equal(done.added, 2);
    wb_vault_close(&v);
}

struct contact {
    bool found, verified;
    char minisign[64];
    unsigned count;
};

static bool
look(void *cookie, const struct wb_contact *contact)
{
    struct contact *c = cookie;

    c->count++;
    if (strcmp(contact->label, "documenter") != 0)
        return true;
    c->found = true;
    c->verified = contact->verified;
    room_text(c->minisign, sizeof c->minisign, "%s", contact->minisign);
    return true;
}

static void
contacts_of_b(struct contact *c)
{
    struct wb_vault *v = room_open(stage.b);
    struct wb_error e = {0};

    *c = (struct contact){0};
    ok(wb_contact_each(v, look, c, &e), &e);
    wb_vault_close(&v);
}

static void
the_old_key_vouches_and_the_contact_is_to_be_compared_anew(void **state)
{
    struct wb_card after;
    struct contact c;
    struct wb_saved saved;
    struct wb_vault *v;
    struct wb_error e = {0};
    char *card;

    (void)state;
    contacts_of_b(&c);
    assert_true(c.found && c.verified);
    rotate(stage.a, 0);
    after = card_of(stage.a);
    card = exported(stage.a);
    v = room_open(stage.b);
    assert_int_equal(
        wb_contact_add(v, card, strlen(card), "somebody", &saved, &e), WB_ERR_USAGE);
    assert_non_null(strstr(e.message, "documenter"));
    ok(wb_contact_add(v, card, strlen(card), NULL, &saved, &e), &e);
    assert_int_equal(saved.revision, 3); /* added, compared, changed */
    assert_int_equal(
        wb_contact_add(v, card, strlen(card), NULL, &saved, &e), WB_ERR_USAGE);
    wb_vault_close(&v);
    contacts_of_b(&c);
    assert_int_equal(c.count, 1);
    assert_true(c.found && !c.verified);
    assert_string_equal(c.minisign, after.minisign);
    wb_text_free(card);
}

/* What was proved under the old log holds under its key, also after the change. */
static void
records_of_the_old_log_still_come_in(void **state)
{
    struct wb_bundle_report *report = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};
    char *card;

    (void)state;
    rotate(stage.a, 0);
    card = exported(stage.a);
    v = room_open(stage.b);
    ok(wb_contact_add(v, card, strlen(card), NULL, NULL, &e), &e); /* nobody asks */
    ok(wb_contact_verify(v, "documenter", "in person", NULL, &e), &e);
    wb_vault_close(&v);
    v = room_open(stage.a);
    ok(stage_export(v, stage.exported, &e), &e);
    wb_vault_close(&v);
    v = room_open(stage.b);
    ok(wb_import(v, stage.exported, NULL, &report, &e), &e);
    assert_true(wb_report_added(report) > 0);
    assert_int_equal(wb_report_trust(report), WB_TRUST_VERIFIED);
    wb_report_free(&report);
    wb_vault_close(&v);
    room_assert_sound(stage.b);
    wb_text_free(card);
}

/* The same keys, another log: its card is signed with the key that is known. */
static void
a_card_after_a_restart_changes_the_contact_and_no_older_one_does(void **state)
{
    struct wb_bundle_report *report = NULL;
    struct wb_sender_log log;
    struct contact c;
    struct wb_saved saved;
    struct wb_vault *v;
    struct wb_error e = {0};
    char *before = exported(stage.a), *after;

    (void)state;
    v = room_open(stage.a);
    ok(wb_head_restart(v, "another copy was used", &e), &e);
    ok(stage_export(v, stage.exported, &e), &e);
    wb_vault_close(&v);
    after = exported(stage.a);
    v = room_open(stage.b);
    assert_int_equal(
        wb_contact_add(v, before, strlen(before), NULL, &saved, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "card: the contact documenter has this card");
    ok(wb_contact_add(v, after, strlen(after), NULL, &saved, &e), &e);
    assert_int_equal(saved.revision, 3); /* added, compared, changed */
    assert_int_equal(
        wb_contact_add(v, before, strlen(before), NULL, &saved, &e), WB_ERR_USAGE);
    assert_string_equal(e.message,
        "card: an older one of the contact documenter, who has sent another since");
    ok(wb_contact_verify(v, "documenter", "in person", NULL, &e), &e);
    ok(wb_import(v, stage.exported, NULL, &report, &e), &e);
    assert_true(wb_report_sender_log(report, &log)); /* compared with what is known */
    wb_report_free(&report);
    wb_vault_close(&v);
    contacts_of_b(&c);
    assert_int_equal(c.count, 1);
    room_assert_sound(stage.b);
    wb_text_free(before);
    wb_text_free(after);
}

static void
an_unlinked_or_a_forged_change_is_a_strangers_card(void **state)
{
    struct contact c;
    struct wb_saved saved;
    struct wb_vault *v;
    struct wb_error e = {0};
    char *card, *second;

    (void)state;
    rotate(stage.a, 0);
    card = exported(stage.a);
    second = strstr(card, "witnessbox card change\n");
    assert_non_null(second);
    second = strchr(second, '\n') + 30; /* inside of the signature */
    *second = *second == 'A' ? 'B' : 'A';
    v = room_open(stage.b);
    ok(wb_contact_add(v, card, strlen(card), "stranger", &saved, &e), &e);
    assert_int_equal(saved.revision, 1);
    wb_vault_close(&v);
    contacts_of_b(&c);
    assert_int_equal(c.count, 2);
    assert_true(c.verified); /* the old one stays as it was */
    wb_text_free(card);

    rotate(stage.a, WB_ROTATE_UNLINKED);
    card = exported(stage.a);
    assert_null(strstr(card, "witnessbox card change"));
    wb_text_free(card);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            every_key_and_the_log_are_others_and_the_name_stays, reset),
        cmocka_unit_test_setup(a_head_from_before_is_still_known, reset),
        cmocka_unit_test_setup(what_was_sent_to_the_old_keys_still_opens, reset),
        cmocka_unit_test_setup(
            the_old_key_vouches_and_the_contact_is_to_be_compared_anew, reset),
        cmocka_unit_test_setup(records_of_the_old_log_still_come_in, reset),
        cmocka_unit_test_setup(
            a_card_after_a_restart_changes_the_contact_and_no_older_one_does, reset),
        cmocka_unit_test_setup(
            an_unlinked_or_a_forged_change_is_a_strangers_card, reset),
    };

    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
