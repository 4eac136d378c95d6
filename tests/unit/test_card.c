/* tests/unit/test_card.c - identity cards and the contacts that are made of them. */
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/keys.h>
#include <witnessbox/text.h>

#include "bundle/card.h"
#include "bundle/contact.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "formats/base64.h"
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
the_same_card_twice_names_the_contact_that_has_it(void **state)
{
    const struct pair *p = *state;
    struct wb_saved saved = {.revision = 77};
    struct wb_error e = {0};

    assert_int_equal(
        wb_contact_add(p->v, p->card, strlen(p->card), "again", &saved, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "card: the contact bureau has this card");
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

/* Somebody with new keys, and what is odd about the card. */
struct stranger {
    const char *name, *log_name;     /* NULL: as they should be */
    enum wb_note_type log, cosigner; /* 0: as they should be */
    const char *untrusted, *trusted; /* the comments of the signature; NULL: same */
    bool is_loud;                    /* the recipient in upper case */
    const char *recipient, *log_line, *collect; /* somebody else's; NULL: their own */
};

static void
put_key(char *out, const char *name, enum wb_note_type type, const uint8_t *public)
{
    struct wb_note_key key;
    struct wb_buf text;
    struct wb_error e = {0};

    assert_int_equal(wb_note_key_init(&key, name, type, public, &e), WB_OK);
    wb_buf_init(&text, 1000);
    wb_note_key_encode(&text, &key);
    memcpy(out, wb_buf_text(&text), text.size + 1);
    wb_buf_wipe(&text);
}

/* Signs the lines of the card again, under other comments. */
static void
sign_again(
    struct wb_buf *out, struct wb_minisign_signer *signer, const struct stranger *how)
{
    const char *at = wb_buf_text(out);
    struct wb_error e = {0};
    char *body;

    for (int line = 0; line < 7; line++)
        at = strchr(at, '\n') + 1;
    assert_non_null(body = strndup(wb_buf_text(out), (size_t)(at - wb_buf_text(out))));
    wb_buf_clear(out);
    wb_buf_add_text(out, body);
    signer->untrusted = how->untrusted == NULL ? WB_CARD_COMMENT : how->untrusted;
    assert_int_equal(wb_minisign_sign(out, signer,
                         how->trusted == NULL ? WB_CARD_COMMENT : how->trusted, body,
                         strlen(body), &e),
        WB_OK);
    free(body);
}

static void
make_card(struct wb_buf *out, const struct stranger *how)
{
    const char *log_name =
        how->log_name == NULL ? "witnessbox/stranger" : how->log_name;
    struct wb_identity_keys keys = {0};
    struct wb_minisign_signer signer;
    struct wb_minisign_key key;
    struct wb_card card = {.name = "Stranger"};
    char name[200];
    struct wb_error e = {0};

    if (how->name != NULL)
        (void)snprintf(card.name, sizeof card.name, "%s", how->name);
    assert_int_equal(wb_secret_new(&keys.sign, WB_KEY_BYTES, &e), WB_OK);
    wb_random_secret(keys.sign);
    wb_random(keys.key_id, sizeof keys.key_id);
    assert_int_equal(wb_sign_public(keys.sign_public, keys.sign, &e), WB_OK);
    wb_random(keys.age_point, sizeof keys.age_point);
    wb_age_recipient_encode(card.recipient, keys.age_point);
    for (char *at = card.recipient; how->is_loud && *at != '\0'; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    memcpy(key.id, keys.key_id, sizeof key.id);
    memcpy(key.point, keys.sign_public, sizeof key.point);
    wb_minisign_key_encode(card.minisign, &key);
    put_key(card.log, log_name, how->log == 0 ? WB_NOTE_ED25519 : how->log,
        keys.sign_public);
    (void)snprintf(name, sizeof name, "%s/cosigner", log_name);
    put_key(card.cosigner, name,
        how->cosigner == 0 ? WB_NOTE_COSIGNATURE : how->cosigner, keys.sign_public);
    wb_base64_encode(
        card.collect, keys.age_point, sizeof keys.age_point, WB_BASE64_PADDED);
    if (how->recipient != NULL)
        memcpy(card.recipient, how->recipient, sizeof card.recipient);
    if (how->log_line != NULL)
        (void)snprintf(card.log, sizeof card.log, "%s", how->log_line);
    if (how->collect != NULL)
        memcpy(card.collect, how->collect, sizeof card.collect);
    signer = wb_card_signer(&keys, WB_CARD_COMMENT);
    assert_int_equal(wb_card_encode(out, &card, &signer, &e), WB_OK);
    if (how->untrusted != NULL || how->trusted != NULL)
        sign_again(out, &signer, how);
    wb_identity_wipe(&keys);
}

static unsigned
count_contacts(struct wb_vault *v)
{
    char lines[256] = "";
    struct wb_error e = {0};
    unsigned count = 0;

    assert_int_equal(wb_contact_each(v, keep, lines, &e), WB_OK);
    for (const char *at = lines; (at = strchr(at, ';')) != NULL; at++)
        count++;
    return count;
}

/* As a contact, to be read aloud, and as the owner of a field vault. */
static void
refuse_card(struct wb_vault *v, const char *text, size_t size, const char *said)
{
    const unsigned before = count_contacts(v);
    struct wb_owner owner = {.name = "as before"};
    struct wb_card card = {.name = "as before"};
    struct wb_saved saved = {.revision = 77};
    struct wb_error e = {0};
    char *words = NULL;

    assert_int_equal(wb_contact_add(v, text, size, "thief", &saved, &e), WB_ERR_FORMAT);
    if (strstr(e.message, said) == NULL)
        fail_msg("not called `%s`: %s", said, e.message);
    room_assert_line(&e);
    assert_int_equal(wb_card_owner(&owner, text, size, &e), WB_ERR_FORMAT);
    assert_int_equal(wb_card_read(&card, &words, text, size, &e), WB_ERR_FORMAT);
    assert_int_equal(saved.revision, 77);
    assert_string_equal(owner.name, "as before");
    assert_string_equal(card.name, "as before");
    assert_null(words);
    assert_int_equal(count_contacts(v), before);
}

/* The signature of each is good: who made it has made it so. */
static void
a_card_that_its_maker_wrote_otherwise_is_refused(void **state)
{
    static const struct {
        struct stranger how;
        const char *said;
    } cases[] = {
        {{.name = "two\x1blines"}, "card: name: a control character"},
        {{.name = "del\x7f"}, "card: name: a control character"},
        {{.name = "next\xc2\x85line"}, "card: name: a control character"},
        {{.name = "half \xc3"}, "card: name: not UTF-8"},
        {{.log = WB_NOTE_COSIGNATURE}, "card: log: not an Ed25519 verifier key"},
        {{.log_name =
                 "witnessbox/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
            "card: log: an origin of 67 bytes, limit is 64"},
        {{.cosigner = WB_NOTE_ED25519}, "card: cosigner: not the verifier key of this"},
        {{.is_loud = true}, "card: recipient: not an age1 key"},
        {{.untrusted = "witnessbox cards"}, "signature: not the comments of a card"},
        {{.untrusted = "witnessbox bard"}, "signature: not the comments of a card"},
        {{.trusted = "witnessbox cards"}, "signature: not the comments of a card"},
        {{.trusted = "witnessbox bard"}, "signature: not the comments of a card"},
    };
    const struct pair *p = *state;
    struct wb_buf card;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wb_buf_init(&card, WB_CARD_BYTES_MAX);
        make_card(&card, &cases[i].how);
        refuse_card(p->v, (const char *)card.data, card.size, cases[i].said);
        wb_buf_wipe(&card);
    }
}

static void
a_name_may_have_letters_of_any_script(void **state)
{
    const struct stranger how = {.name = "\xc2\xa0\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82"};
    struct wb_card read;
    struct wb_minisign_key key;
    struct wb_error e = {0};
    struct wb_buf card;

    (void)state;
    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    make_card(&card, &how);
    assert_int_equal(wb_card_decode(&read, &key, card.data, card.size, &e), WB_OK);
    assert_string_equal(read.name, how.name);
    wb_buf_wipe(&card);
}

static void
a_file_that_ends_within_a_card_is_refused(void **state)
{
    const struct pair *p = *state;
    const size_t size = strlen(p->card);
    unsigned tried = 0;

    for (size_t cut = 0; cut < size; cut += 97, tried++)
        refuse_card(p->v, p->card, cut, "card: ");
    assert_true(tried > 5);
}

static void
a_label_that_is_taken_is_refused(void **state)
{
    const struct pair *p = *state;
    struct wb_error e = {0};
    struct wb_buf card;

    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    make_card(&card, &(struct stranger){0});
    assert_int_equal(
        wb_contact_add(p->v, (const char *)card.data, card.size, "bureau", NULL, &e),
        WB_ERR_USAGE);
    assert_non_null(
        strstr(e.message, "label: there is a contact bureau with another "));
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
    make_card(&card, &(struct stranger){0});
    assert_int_equal(wb_identity(p->v, &own, &e), WB_OK);
    assert_int_equal(wb_contact_add(p->v, (const char *)card.data, card.size,
                         own.recipient, NULL, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "label: is a recipient key, choose a word");
    wb_buf_wipe(&card);
}

static void
a_label_has_a_limit(void **state)
{
    const struct pair *p = *state;
    const unsigned before = count_contacts(p->v);
    char label[WB_CONTACT_LABEL_MAX + 2];
    struct wb_error e = {0};
    struct wb_buf card;

    memset(label, 'x', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    make_card(&card, &(struct stranger){0});
    assert_int_equal(
        wb_contact_add(p->v, (const char *)card.data, card.size, label, NULL, &e),
        WB_ERR_USAGE);
    assert_string_equal(e.message, "label: 1025 bytes, limit is 1024");
    assert_int_equal(count_contacts(p->v), before);
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
        make_card(&card, &(struct stranger){.log_name = name});
        assert_int_equal(
            wb_contact_add(p->v, (const char *)card.data, card.size, "thief", NULL, &e),
            WB_ERR_INTEGRITY);
        room_text(name, sizeof name,
            "card: its log has the name of %s with another key",
            i == 0 ? "our own" : "that of the contact bureau");
        assert_int_equal(strncmp(e.message, name, strlen(name)), 0);
        wb_buf_wipe(&card);
    }
}

/* Else what its owner signs, or what is sent to him, would be put down to a stranger.
 */
static void
a_key_of_somebody_elses_on_a_card_is_refused(void **state)
{
    const struct pair *p = *state;
    const struct {
        struct wb_vault *v;
        const char *whose;
    } owners[] = {{p->v, "our own"}, {p->partner, "the contact bureau's, who has not"}};
    char name[WB_NOTE_NAME_MAX + 1], said[100];
    const unsigned before = count_contacts(p->v);
    struct wb_error e = {0};
    struct wb_card theirs;
    struct wb_buf card;

    for (size_t i = 0; i < 6; i++) {
        const char *const field =
            ((const char *[]){"recipient", "log", "collect"})[i % 3];
        struct stranger how = {.log_name = name};

        assert_int_equal(wb_identity(owners[i / 3].v, &theirs, &e), WB_OK);
        room_text(name, sizeof name, "%.*s%s", (int)strcspn(theirs.log, "+"),
            theirs.log, i % 3 == 1 ? "" : "/other");
        how.recipient = i % 3 == 0 ? theirs.recipient : NULL;
        how.log_line = i % 3 == 1 ? theirs.log : NULL;
        how.collect = i % 3 == 2 ? theirs.collect : NULL;
        wb_buf_init(&card, WB_CARD_BYTES_MAX);
        make_card(&card, &how);
        assert_int_equal(
            wb_contact_add(p->v, (const char *)card.data, card.size, "thief", NULL, &e),
            WB_ERR_INTEGRITY);
        room_text(said, sizeof said, "card: its %s is %s", field, owners[i / 3].whose);
        assert_int_equal(strncmp(e.message, said, strlen(said)), 0);
        assert_int_equal(count_contacts(p->v), before);
        wb_buf_wipe(&card);
    }
}

/* One origin may begin with all of another one. */
static void
a_log_is_found_by_its_whole_name(void **state)
{
    static const char *const keys[] = {"witnessbox/two+1+a", "witnessbox/twofold+2+b"};
    struct wb_logs logs = {0};
    struct wb_error e = {0};

    (void)state;
    wb_buf_init(&logs.known, 10000);
    wb_buf_init(&logs.claims, 10000);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(wb_logs_add(&logs, keys[1 - i], &e), WB_OK);
    assert_string_equal(wb_logs_find(&logs, "witnessbox/two"), keys[0]);
    assert_string_equal(wb_logs_find(&logs, "witnessbox/twofold"), keys[1]);
    assert_null(wb_logs_find(&logs, "witnessbox/tw"));
    wb_logs_wipe(&logs);
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

/* The card after it is signed by the keys before, and names no other contact. */
static void
a_card_with_new_keys_keeps_the_label_that_the_contact_has(void **state)
{
    const struct pair *p = *state;
    struct wb_saved saved = {.revision = 77};
    struct wb_error e = {0};
    char lines[256] = "", *turned = NULL;

    assert_int_equal(wb_identity_rotate(p->partner, 0, &e), WB_OK);
    /* the same keys with a log that began anew: still signed by those before */
    assert_int_equal(wb_head_restart(p->partner, "a second copy was used", &e), WB_OK);
    assert_int_equal(wb_identity_export(p->partner, &turned, &e), WB_OK);
    assert_int_equal(
        wb_contact_add(p->v, turned, strlen(turned), "another", &saved, &e),
        WB_ERR_USAGE);
    assert_non_null(strstr(e.message, "of the contact bureau, whose label stays"));
    assert_int_equal(saved.revision, 77);
    assert_int_equal(
        wb_contact_add(p->v, turned, strlen(turned), "bureau", &saved, &e), WB_OK);
    assert_true(saved.revision > 1);
    assert_int_equal(wb_contact_each(p->v, keep, lines, &e), WB_OK);
    assert_string_equal(lines, "bureau|Documenter|no|;");
    wb_text_free(turned);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_reads_back_as_what_it_was_made_of),
        cmocka_unit_test(every_flipped_bit_of_a_card_is_refused),
        cmocka_unit_test(every_cut_and_every_addition_is_refused),
        cmocka_unit_test(a_card_becomes_a_contact_that_is_not_verified),
        cmocka_unit_test(the_same_card_twice_names_the_contact_that_has_it),
        cmocka_unit_test(our_own_card_is_no_contact),
        cmocka_unit_test(a_card_that_its_maker_wrote_otherwise_is_refused),
        cmocka_unit_test(a_name_may_have_letters_of_any_script),
        cmocka_unit_test(a_file_that_ends_within_a_card_is_refused),
        cmocka_unit_test(a_label_that_is_taken_is_refused),
        cmocka_unit_test(a_label_cannot_be_a_key),
        cmocka_unit_test(a_label_has_a_limit),
        cmocka_unit_test(a_log_with_the_name_of_another_is_refused),
        cmocka_unit_test(a_key_of_somebody_elses_on_a_card_is_refused),
        cmocka_unit_test(a_log_is_found_by_its_whole_name),
        cmocka_unit_test(a_contact_is_verified_in_the_users_words),
        cmocka_unit_test(a_label_that_nobody_has_is_not_verified),
        cmocka_unit_test(a_card_with_new_keys_keeps_the_label_that_the_contact_has),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
