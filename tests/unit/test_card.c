/* tests/unit/test_card.c - identity cards and the contacts that are made of them. */
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/text.h>

#include "bundle/card.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "formats/bech32.h"
#include "formats/note.h"

/* Two vaults, ours and a partner's, and his card. */
struct pair {
    struct room ours, theirs;
    struct wb_vault *v, *partner;
    char *card;
};

static int
setup(void **state)
{
    static struct pair p;
    struct wb_error e = {0};

    room_quick_keys();
    room_make(&p.ours);
    room_make(&p.theirs);
    room_vault(&p.ours);
    room_vault(&p.theirs);
    p.v = room_open(p.ours.vault);
    p.partner = room_open(p.theirs.vault);
    assert_int_equal(wb_identity_export(p.partner, &p.card, &e), WB_OK);
    *state = &p;
    return 0;
}

static int
teardown(void **state)
{
    struct pair *p = *state;

    wb_text_free(p->card);
    wb_vault_close(&p->v);
    wb_vault_close(&p->partner);
    room_sweep(&p->ours);
    room_sweep(&p->theirs);
    return 0;
}

static void
a_card_reads_back_as_what_it_was_made_of(void **state)
{
    const struct pair *p = *state;
    struct wb_card own = {0}, read = {0};
    struct wb_minisign_key key;
    struct wb_error e = {0};

    assert_int_equal(wb_identity(p->partner, &own, &e), WB_OK);
    assert_int_equal(wb_card_decode(&read, &key, p->card, strlen(p->card), &e), WB_OK);
    assert_string_equal(read.name, "Documenter");
    assert_string_equal(read.name, own.name);
    assert_string_equal(read.recipient, own.recipient);
    assert_string_equal(read.minisign, own.minisign);
    assert_string_equal(read.log, own.log);
    assert_string_equal(read.cosigner, own.cosigner);
    assert_string_equal(read.collect, own.collect);
    assert_int_equal(strncmp(own.recipient, "age1", 4), 0);
    assert_int_equal(strncmp(own.minisign, "RW", 2), 0);
}

static void
every_flipped_bit_of_a_card_is_refused(void **state)
{
    const struct pair *p = *state;
    size_t size = strlen(p->card), tried = 0;
    char *copy = malloc(size + 1);
    struct wb_card card, before;
    struct wb_minisign_key key;

    assert_non_null(copy);
    memset(&card, 'x', sizeof card);
    before = card;
    memcpy(copy, p->card, size + 1);
    for (size_t i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit++, tried++) {
            struct wb_error e = {0};

            copy[i] = (char)(p->card[i] ^ 1 << bit);
            assert_int_not_equal(wb_card_decode(&card, &key, copy, size, &e), WB_OK);
            assert_int_equal(strncmp(e.message, "card: ", 6), 0);
            assert_memory_equal(&card, &before, sizeof card);
            copy[i] = p->card[i];
        }
    assert_true(tried > 5000);
    free(copy);
}

static void
every_cut_and_every_addition_is_refused(void **state)
{
    const struct pair *p = *state;
    size_t size = strlen(p->card);
    char *copy = malloc(size + 2);
    struct wb_card card;
    struct wb_minisign_key key;
    struct wb_error e = {0};

    assert_non_null(copy);
    memcpy(copy, p->card, size + 1);
    copy[size] = '\n';
    for (size_t i = 0; i < size; i++)
        assert_int_not_equal(wb_card_decode(&card, &key, copy, i, &e), WB_OK);
    assert_int_not_equal(wb_card_decode(&card, &key, copy, size + 1, &e), WB_OK);
    free(copy);
}

/* ---- contacts ---- */

static bool
keep(void *cookie, const struct wb_contact *contact)
{
    char *line = cookie;

    (void)snprintf(line + strlen(line), 256 - strlen(line), "%s|%s|%s|%s;",
        contact->label, contact->name, contact->verified ? "yes" : "no",
        contact->verified_how);
    return true;
}

static void
a_card_becomes_a_contact_that_is_not_verified(void **state)
{
    const struct pair *p = *state;
    char lines[256] = "";
    struct wb_saved saved = {0};
    struct wb_error e = {0};

    assert_int_equal(
        wb_contact_add(p->v, p->card, strlen(p->card), "bureau", &saved, &e), WB_OK);
    assert_int_equal(saved.revision, 1);
    assert_int_equal(wb_contact_each(p->v, keep, lines, &e), WB_OK);
    assert_string_equal(lines, "bureau|Documenter|no|;");
}

static void
the_same_key_twice_names_the_contact_that_has_it(void **state)
{
    const struct pair *p = *state;
    struct wb_saved saved = {.revision = 77};
    struct wb_error e = {0};

    assert_int_equal(
        wb_contact_add(p->v, p->card, strlen(p->card), "again", &saved, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "card: the contact bureau has this key");
    assert_int_equal(saved.revision, 77);
}

static void
our_own_card_is_no_contact(void **state)
{
    const struct pair *p = *state;
    struct wb_error e = {0};
    char *own = NULL;

    assert_int_equal(wb_identity_export(p->v, &own, &e), WB_OK);
    assert_int_equal(
        wb_contact_add(p->v, own, strlen(own), "me", NULL, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "card: this is our own");
    wb_text_free(own);
}

/* Somebody with new keys; `log` in the place of the name of his own log. */
static void
make_card(struct wb_buf *out, const char *log_name)
{
    struct wb_identity_keys keys = {0};
    struct wb_minisign_signer signer;
    struct wb_minisign_key key;
    struct wb_note_key log, cosigner;
    struct wb_card card = {.name = "Stranger"};
    struct wb_buf text;
    char name[200];
    struct wb_error e = {0};

    assert_int_equal(wb_secret_new(&keys.sign, WB_KEY_BYTES, &e), WB_OK);
    wb_random_secret(keys.sign);
    wb_random(keys.key_id, sizeof keys.key_id);
    assert_int_equal(wb_sign_public(keys.sign_public, keys.sign, &e), WB_OK);
    wb_random(keys.age_point, sizeof keys.age_point);
    wb_age_recipient_encode(card.recipient, keys.age_point);
    memcpy(key.id, keys.key_id, sizeof key.id);
    memcpy(key.point, keys.sign_public, sizeof key.point);
    wb_minisign_key_encode(card.minisign, &key);
    assert_int_equal(
        wb_note_key_init(&log, log_name, WB_NOTE_ED25519, keys.sign_public, &e), WB_OK);
    (void)snprintf(name, sizeof name, "%s/cosigner", log_name);
    assert_int_equal(
        wb_note_key_init(&cosigner, name, WB_NOTE_COSIGNATURE, keys.sign_public, &e),
        WB_OK);
    wb_buf_init(&text, 1000);
    wb_note_key_encode(&text, &log);
    memcpy(card.log, wb_buf_text(&text), text.size + 1);
    wb_buf_clear(&text);
    wb_note_key_encode(&text, &cosigner);
    memcpy(card.cosigner, wb_buf_text(&text), text.size + 1);
    wb_buf_wipe(&text);
    memcpy(card.collect, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 45);
    signer = wb_card_signer(&keys, WB_CARD_COMMENT);
    assert_int_equal(wb_card_encode(out, &card, &signer, &e), WB_OK);
    wb_identity_wipe(&keys);
}

static void
a_label_that_is_taken_is_refused(void **state)
{
    const struct pair *p = *state;
    struct wb_error e = {0};
    struct wb_buf card;

    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    make_card(&card, "witnessbox/stranger");
    assert_int_equal(
        wb_contact_add(p->v, (const char *)card.data, card.size, "bureau", NULL, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "label: taken, choose another with --label");
    wb_buf_wipe(&card);
}

/* Else `export --to age1...` might go to somebody else than the one whose key it is. */
static void
a_label_cannot_be_a_key(void **state)
{
    const struct pair *p = *state;
    struct wb_error e = {0};
    struct wb_card own;
    struct wb_buf card;

    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    make_card(&card, "witnessbox/stranger");
    assert_int_equal(wb_identity(p->v, &own, &e), WB_OK);
    assert_int_equal(wb_contact_add(p->v, (const char *)card.data, card.size,
                         own.recipient, NULL, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "label: is a recipient key, choose a word");
    wb_buf_wipe(&card);
}

/* Else a stranger's card could speak in the name of a log whose key we know. */
static void
a_log_with_the_name_of_another_is_refused(void **state)
{
    const struct pair *p = *state;
    struct wb_vault *const owners[] = {p->v, p->partner};
    char name[WB_NOTE_NAME_MAX + 1];
    struct wb_error e = {0};
    struct wb_card theirs;
    struct wb_buf card;

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(wb_identity(owners[i], &theirs, &e), WB_OK);
        (void)snprintf(
            name, sizeof name, "%.*s", (int)strcspn(theirs.log, "+"), theirs.log);
        wb_buf_init(&card, WB_CARD_BYTES_MAX);
        make_card(&card, name);
        assert_int_equal(
            wb_contact_add(p->v, (const char *)card.data, card.size, "thief", NULL, &e),
            WB_ERR_INTEGRITY);
        assert_string_equal(
            e.message, "card: its log has the name of another log with another key");
        wb_buf_wipe(&card);
    }
}

static void
a_contact_is_verified_in_the_users_words(void **state)
{
    const struct pair *p = *state;
    char lines[256] = "";
    struct wb_error e = {0};

    assert_int_equal(
        wb_contact_verify(p->v, "bureau", "read aloud by telephone", NULL, &e), WB_OK);
    assert_int_equal(wb_contact_each(p->v, keep, lines, &e), WB_OK);
    assert_string_equal(lines, "bureau|Documenter|yes|read aloud by telephone;");
}

static void
a_label_that_nobody_has_is_not_verified(void **state)
{
    const struct pair *p = *state;
    char before[256] = "", after[256] = "";
    struct wb_error e = {0};

    assert_int_equal(wb_contact_each(p->v, keep, before, &e), WB_OK);
    assert_int_equal(
        wb_contact_verify(p->v, "nobody", "x", NULL, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(
        e.message, "nobody: no contact has this label; `contact list` shows them");
    assert_int_equal(wb_contact_each(p->v, keep, after, &e), WB_OK);
    assert_string_equal(before, after);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_reads_back_as_what_it_was_made_of),
        cmocka_unit_test(every_flipped_bit_of_a_card_is_refused),
        cmocka_unit_test(every_cut_and_every_addition_is_refused),
        cmocka_unit_test(a_card_becomes_a_contact_that_is_not_verified),
        cmocka_unit_test(the_same_key_twice_names_the_contact_that_has_it),
        cmocka_unit_test(our_own_card_is_no_contact),
        cmocka_unit_test(a_label_that_is_taken_is_refused),
        cmocka_unit_test(a_label_cannot_be_a_key),
        cmocka_unit_test(a_log_with_the_name_of_another_is_refused),
        cmocka_unit_test(a_contact_is_verified_in_the_users_words),
        cmocka_unit_test(a_label_that_nobody_has_is_not_verified),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
