/* tests/flow/test_people.c - records between people: completed, adopted, joined. */
#include "people.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/destroy.h>
#include <witnessbox/keys.h>
#include <witnessbox/text.h>
#include <witnessbox/withdraw.h>

#include "bundle/handoff.h"
#include "store/shim.h"
#include "store/store.h"

static struct people p;

static const char *const told[] = {"text", "They came at six.", "text",
    "His brother opened.", "place", "his home", "remarks", "second-hand", NULL};

static int
setup(void **state)
{
    (void)state;
    people_make(&p, 3, PEOPLE_NO_STRANGER);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    people_assert_sound(&p);
    people_sweep(&p);
    return 0;
}

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

static struct wb_record *
load(size_t who, const struct wb_id *id)
{
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    ok(wb_record_load(p.v[who], &r, id, &e), &e);
    return r;
}

static size_t
withheld(size_t who, const struct wb_id *id)
{
    struct wb_record *r = load(who, id);
    size_t count = wb_record_withheld(r);

    wb_record_free(&r);
    return count;
}

static void
root_of(size_t who, const struct wb_id *id, char hex[static WB_ROOT_TEXT_BYTES])
{
    struct wb_record *r = load(who, id);

    for (size_t i = 0; i < WB_ROOT_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", wb_record_root(r)[i]);
    wb_record_free(&r);
}

static uint64_t
entries(size_t who)
{
    struct wb_verified verified = {0};
    struct wb_error e = {0};

    ok(wb_verify(p.v[who], 0, &verified, NULL, &e), &e);
    return verified.size;
}

/* ---- completing ---- */

static void
a_later_bundle_completes_what_was_withheld_without_a_fork(void **state)
{
    static const char *const first[] = {"text.2", "remarks", NULL};
    char root[WB_ROOT_TEXT_BYTES], again[WB_ROOT_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);
    struct people_taken taken;
    struct wb_value_view text;
    struct wb_record *r;
    uint64_t before;

    (void)state;
    people_hand(&p, 0, 1, &id, first);
    root_of(1, &id, root);
    assert_true(withheld(1, &id) > 2);
    before = entries(1);
    taken = people_hand(&p, 0, 1, &id, NULL);
    assert_int_equal(taken.completed, 1);
    assert_int_equal(taken.added + taken.forks, 0);
    assert_int_equal(withheld(1, &id), 0);
    assert_int_equal(entries(1), before + 2); /* complete, and the handoff */
    root_of(1, &id, again);
    assert_string_equal(root, again);
    r = load(1, &id);
    assert_true(wb_record_value(r, "text", 1, &text));
    assert_string_equal(text.text, "His brother opened.");
    assert_int_equal(wb_record_revision(r), 1);
    assert_true(wb_record_is_foreign(r));
    wb_record_free(&r);
}

/* Each knows what the other withholds: in either order the same is open at the end. */
static void
two_parts_complete_each_other_in_either_order(void **state)
{
    static const char *const parts[2][3] = {
        {"text.1", "place", NULL}, {"text.2", "remarks", NULL}};
    struct wb_id id = people_add(&p, 0, "statement", told);
    size_t left[2];

    (void)state;
    for (size_t to = 1; to <= 2; to++) {
        people_hand(&p, 0, to, &id, parts[to - 1]);
        assert_int_equal(people_hand(&p, 0, to, &id, parts[2 - to]).completed, 1);
        left[to - 1] = withheld(to, &id);
    }
    assert_int_equal(left[0], left[1]); /* what is empty came closed with both */
    people_hand(&p, 0, 1, &id, NULL);
    assert_int_equal(withheld(1, &id), 0);
}

static void
a_bundle_with_nothing_to_add_changes_nothing(void **state)
{
    static const char *const redact[] = {"text", NULL};
    struct wb_id id = people_add(&p, 0, "statement", told);
    struct people_taken taken;
    uint64_t before;

    (void)state;
    people_hand(&p, 0, 1, &id, NULL);
    before = entries(1);
    taken = people_hand(&p, 0, 1, &id, redact);
    assert_int_equal(taken.present, 1);
    assert_int_equal(taken.added + taken.completed, 0);
    assert_int_equal(entries(1), before);
    assert_int_equal(withheld(1, &id), 0);
}

static void
a_withheld_attachment_is_completed_by_its_bytes(void **state)
{
    static const char *const redact[] = {"sha256", "file-name", NULL};
    enum { BYTES = 300001 };
    uint8_t *bytes = malloc(BYTES);
    char path[ROOM_PATH_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told), file;
    struct wb_file_view view;
    struct wb_record *r;
    struct wb_error e = {0};

    (void)state;
    room_path(path, &p.room, "photo.jpg");
    room_noise(bytes, BYTES, 7);
    room_write(path, bytes, BYTES);
    free(bytes);
    ok(room_attach(p.v[0], &file, &id, path, &e), &e);
    people_hand(&p, 0, 1, &file, redact);
    r = load(1, &file);
    assert_false(wb_record_file(r, &view) && view.stored);
    wb_record_free(&r);
    assert_int_equal(people_hand(&p, 0, 1, &file, NULL).completed, 1);
    r = load(1, &file);
    assert_true(wb_record_file(r, &view) && view.stored);
    assert_int_equal(view.size, BYTES);
    wb_record_free(&r);
    assert_int_equal(remove(path), 0);
    people_assert_sound(&p); /* reads every chunk against the hash */
}

/* Somebody whom nobody knows, and a bundle of one record of person 0 for their key. */
struct newcomer {
    char path[ROOM_PATH_BYTES], sent[ROOM_PATH_BYTES];
    struct wb_vault *v;
};

static void
newcomer_make(struct newcomer *n)
{
    const struct wb_vault_options options = {.name = "Late", .kdf_memory_mib = 64};
    struct wb_error e = {0};

    room_path(n->path, &p.room, "late");
    room_path(n->sent, &p.room, "sent");
    ok(wb_vault_create(n->path, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
    n->v = room_open(n->path);
}

static void
newcomer_send(const struct newcomer *n, const struct wb_id *id, const char *level)
{
    struct wb_card who;
    const char *to = who.recipient;
    struct wb_export_request request = {.to = &to,
        .to_count = 1,
        .ids = id,
        .id_count = 1,
        .level = level,
        .overrides = p.anyway,
        .override_count = p.anyway_count,
        .path = n->sent};
    struct wb_exported exported;
    struct wb_error e = {0};

    ok(wb_identity(n->v, &who, &e), &e);
    ok(wb_export(p.v[0], &request, &exported, &e), &e);
}

static void
newcomer_sweep(struct newcomer *n)
{
    wb_vault_close(&n->v);
    room_assert_sound(n->path);
    assert_int_equal(remove(n->path), 0);
}

/* The same bundle, accepted from an unknown key first, counts more once it is known. */
static void
a_better_known_sender_raises_the_trust(void **state)
{
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    const struct wb_id id = people_add(&p, 0, "statement", told);
    struct wb_bundle_report *report = NULL;
    struct newcomer late;
    struct wb_error e = {0};
    char *card = NULL;

    (void)state;
    newcomer_make(&late);
    newcomer_send(&late, &id, NULL);
    ok(wb_import(late.v, late.sent, &accepting, &report, &e), &e);
    wb_report_free(&report);
    ok(wb_identity_export(p.v[0], &card, &e), &e);
    ok(wb_contact_add(late.v, card, strlen(card), "p0", NULL, &e), &e);
    ok(wb_contact_verify(late.v, "p0", "face to face", NULL, &e), &e);
    wb_text_free(card);
    for (int i = 0; i < 2; i++) {
        ok(wb_import(late.v, late.sent, NULL, &report, &e), &e);
        assert_int_equal(wb_report_completed(report), i == 0);
        assert_int_equal(wb_report_added(report), 0);
        wb_report_free(&report);
    }
    newcomer_sweep(&late);
    assert_int_equal(remove(late.sent), 0);
}

/* ---- receipts ---- */

struct received {
    const char *bundle;
    size_t handoffs, marks;
};

static bool
count_marks(void *cookie, const struct wb_record *r)
{
    struct received *c = cookie;
    struct wb_value_view value;

    assert_true(wb_record_value(r, "bundle", 0, &value));
    if (strcmp(value.text, c->bundle) != 0)
        return true;
    c->handoffs++;
    for (size_t i = 0; wb_record_value(r, "received", i, &value); i++)
        c->marks++;
    return true;
}

static size_t
marks(size_t who, const char *bundle)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct received c = {.bundle = bundle};
    struct wb_error e = {0};
    uint64_t damaged;

    ok(wb_list(p.v[who], &handoffs, count_marks, &c, &damaged, &e), &e);
    assert_true(c.handoffs > 0);
    return c.marks;
}

static void
bundle_of(size_t who, const char *path, char bundle[static WB_ID_TEXT_BYTES])
{
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};

    ok(wb_inspect(p.v[who], path, NULL, &report, &e), &e);
    room_text(bundle, WB_ID_TEXT_BYTES, "%s", wb_report_bundle(report));
    wb_report_free(&report);
}

static void
a_receipt_marks_the_handoff_once(void **state)
{
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES], again[ROOM_PATH_BYTES];
    char bundle[WB_ID_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);

    (void)state;
    people_send(&p, 0, 1, &id, NULL, sent);
    bundle_of(1, sent, bundle);
    assert_int_equal(marks(0, bundle), 0);
    people_receipt(&p, 1, sent, back);
    people_receipt(&p, 1, sent, again); /* of a second reading */
    assert_int_equal(people_take(&p, 0, back).added, 1);
    assert_int_equal(marks(0, bundle), 1);
    assert_int_equal(people_take(&p, 0, back).present, 1); /* replayed */
    people_take(&p, 0, again);
    assert_int_equal(marks(0, bundle), 1);
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
    assert_int_equal(remove(again), 0);
}

/* Person 2 hands the receipt of person 1 on as if it were his. */
static void
a_receipt_of_somebody_else_is_refused(void **state)
{
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES], forged[ROOM_PATH_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told), receipt;
    struct wb_bundle_report *report = NULL;
    struct wb_bundle_record record;
    struct wb_error e = {0};

    (void)state;
    people_send(&p, 0, 1, &id, NULL, sent);
    people_receipt(&p, 1, sent, back);
    ok(wb_inspect(p.v[0], back, NULL, &report, &e), &e);
    wb_report_record(report, 0, &record);
    assert_string_equal(record.kind, "receipt");
    receipt = record.id;
    wb_report_free(&report);
    /* as a record of kind receipt it can be exported by its id to anybody */
    people_send(&p, 1, 2, &receipt, NULL, forged);
    people_refuse(&p, 2, forged, NULL, WB_ERR_POLICY,
        "receipt: for a bundle that did not leave this vault");
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
    assert_int_equal(remove(forged), 0);
}

/* Person 1 changes the keys between a bundle and its receipt. */
static void
a_receipt_under_changed_keys_counts_once_their_card_is_known(void **state)
{
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES], bundle[WB_ID_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);
    struct wb_saved saved;
    struct wb_error e = {0};
    char *card;

    (void)state;
    people_send(&p, 0, 1, &id, NULL, sent);
    bundle_of(1, sent, bundle);
    ok(wb_identity_rotate(p.v[1], 0, &e), &e);
    people_receipt(&p, 1, sent, back);
    people_refuse(&p, 0, back, NULL, WB_ERR_INTEGRITY, "add the new card first");
    ok(wb_identity_export(p.v[1], &card, &e), &e);
    ok(wb_contact_add(p.v[0], card, strlen(card), NULL, &saved, &e), &e);
    assert_int_equal(people_take(&p, 0, back).added, 1);
    assert_int_equal(marks(0, bundle), 1);
    wb_text_free(card);
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
}

/* Under words nobody is named: who has them may answer. */
static void
a_receipt_for_a_bundle_under_words_marks_its_handoff(void **state)
{
    static const char words[] = "abbey lantern copper";
    const struct wb_reading how = {.flags = WB_IMPORT_ACCEPT, .passphrase = words};
    struct wb_id id = people_add(&p, 0, "statement", told);
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES];
    struct wb_export_request request = {.passphrase = words,
        .ids = &id,
        .id_count = 1,
        .overrides = p.anyway,
        .override_count = p.anyway_count,
        .path = sent};
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported, answered;
    struct wb_error e = {0};

    (void)state;
    room_path(sent, &p.room, "under-words");
    room_path(back, &p.room, "answer");
    ok(wb_export(p.v[0], &request, &exported, &e), &e);
    ok(wb_import(p.v[1], sent, &how, &report, &e), &e);
    ok(wb_receipt(p.v[1], report, back, &answered, &e), &e);
    wb_report_free(&report);
    assert_int_equal(people_take(&p, 0, back).added, 1);
    assert_int_equal(marks(0, exported.bundle), 1);
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
}

static void
each_recipient_of_one_bundle_marks_it(void **state)
{
    static const size_t to[] = {1, 2};
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES], bundle[WB_ID_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);

    (void)state;
    people_send_to(&p, 0, to, 2, &id, NULL, sent);
    bundle_of(1, sent, bundle);
    for (size_t i = 0; i < 2; i++) {
        people_receipt(&p, to[i], sent, back);
        assert_int_equal(people_take(&p, 0, back).added, 1);
        assert_int_equal(marks(0, bundle), i + 1);
        assert_int_equal(remove(back), 0);
    }
    assert_int_equal(remove(sent), 0);
}

static void
export_two(const struct wb_id ids[static 2], char sent[static ROOM_PATH_BYTES])
{
    const char *to = p.label[1];
    const struct wb_export_request request = {.to = &to,
        .to_count = 1,
        .ids = ids,
        .id_count = 2,
        .overrides = p.anyway,
        .override_count = p.anyway_count,
        .path = sent};
    struct wb_exported exported;
    struct wb_error e = {0};

    room_path(sent, &p.room, "two");
    ok(wb_export(p.v[0], &request, &exported, &e), &e);
}

static void
shred(size_t who, const struct wb_id *id)
{
    struct wb_shredded done;
    struct wb_error e = {0};

    ok(wb_shred(p.v[who], id, "the witness asked for it", &done, &e), &e);
}

/* What was shredded here and stayed out is not confirmed. */
static void
receipts_name_what_was_taken_in_a_share_each(void **state)
{
    const struct wb_id ids[] = {people_add(&p, 0, "statement", told),
        people_add(&p, 0, "statement", told), people_add(&p, 0, "statement", told)};
    char sent[ROOM_PATH_BYTES], back[ROOM_PATH_BYTES], bundle[WB_ID_TEXT_BYTES];

    (void)state;
    wb_handoff_records = 1;
    export_two(ids, sent);
    bundle_of(1, sent, bundle);
    people_receipt(&p, 1, sent, back);
    wb_handoff_records = 50000;
    assert_int_equal(people_take(&p, 0, back).added, 2);
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
    shred(1, &ids[1]);
    export_two(ids + 1, sent);
    people_receipt(&p, 1, sent, back);
    bundle_of(1, sent, bundle);
    assert_int_equal(people_take(&p, 0, back).added, 1);
    assert_int_equal(marks(0, bundle), 1);
    assert_int_equal(remove(sent), 0);
    assert_int_equal(remove(back), 0);
}

/* A sender who is no contact is answered by the key on the card; one whose keys were of
 * one use cannot be. */
static void
a_receipt_goes_to_whoever_can_open_it(void **state)
{
    static const char *const levels[] = {NULL, "anonymous"};
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    const struct wb_id id = people_add(&p, 0, "statement", told);
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct newcomer late;
    char back[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    room_path(back, &p.room, "answer");
    newcomer_make(&late);
    for (int i = 0; i < 2; i++) {
        newcomer_send(&late, &id, levels[i]);
        ok(wb_import(late.v, late.sent, &accepting, &report, &e), &e);
        if (i == 0) {
            ok(wb_receipt(late.v, report, back, &exported, &e), &e);
            assert_int_equal(people_take(&p, 0, back).added, 1);
            assert_int_equal(remove(back), 0);
        } else {
            assert_int_equal(
                wb_receipt(late.v, report, back, &exported, &e), WB_ERR_POLICY);
            assert_non_null(strstr(e.message, "keys were of one use"));
            assert_false(room_exists(back));
        }
        wb_report_free(&report);
        assert_int_equal(remove(late.sent), 0);
    }
    newcomer_sweep(&late);
}

/* ---- withdrawing ---- */

static void
agree(size_t who, const struct wb_id *about, const struct wb_id *person,
    const char *decision)
{
    char about_text[WB_ID_TEXT_BYTES], person_text[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"about", about_text, "person", person_text, "purpose",
        "partner", "decision", decision, "level", "named", "when", "2026-01-10", NULL};

    wb_id_text(about_text, about);
    wb_id_text(person_text, person);
    (void)people_add(&p, who, "consent", fields);
}

/* A person, and two statements that this person made. */
struct testimony {
    struct wb_id person, statements[2];
};

static void
testify(struct testimony *t)
{
    static const char *const name[] = {"name", "Hasan", NULL};
    char person[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"witness", person, "text", "They took him.", NULL};

    t->person = people_add(&p, 0, "person", name);
    wb_id_text(person, &t->person);
    for (size_t i = 0; i < 2; i++) {
        t->statements[i] = people_add(&p, 0, "statement", fields);
        agree(0, &t->statements[i], &t->person, "yes");
    }
    agree(0, &t->statements[0], &t->person, "no");
    agree(0, &t->person, &t->person, "yes");
}

static size_t
count_values(size_t who, const struct wb_id *id, const char *field)
{
    struct wb_record *r = load(who, id);
    struct wb_value_view value;
    size_t count = 0;

    while (wb_record_value(r, field, count, &value))
        count++;
    wb_record_free(&r);
    return count;
}

/* The notice for person 1, exported to him; and what it is. */
static struct wb_id
withdraw_all(const struct wb_id *person, char sent[static ROOM_PATH_BYTES])
{
    struct wb_withdrawal *w = NULL;
    struct wb_id notice = {{0}};
    struct wb_told one;
    struct wb_card who;
    struct wb_error e = {0};
    unsigned known = 0;

    ok(wb_identity(p.v[1], &who, &e), &e);
    ok(wb_withdrawal_look(&w, p.v[0], person, &e), &e);
    assert_int_equal(wb_withdrawal_consents(w), 3);
    ok(wb_withdraw(w, p.v[0], "asked to", &e), &e);
    for (size_t i = 0; wb_withdrawal_told(w, i, &one); i++, known++)
        if (strcmp(one.recipient, who.recipient) == 0) {
            assert_string_equal(one.contact, "p1"); /* as one of the handoffs has it */
            notice = one.notice;
        }
    assert_int_equal(known, 2);
    wb_withdrawal_free(&w);
    people_send(&p, 0, 1, &notice, NULL, sent);
    return notice;
}

static bool
stop_at(void *cookie, const struct wb_noticed *noticed)
{
    unsigned *left = cookie;

    assert_string_equal(noticed->type, "withdrawal");
    --*left;
    return *left > 0;
}

static unsigned
noticed_in(const char *sent, unsigned at_most)
{
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};
    unsigned left = at_most;

    ok(wb_import(p.v[1], sent, NULL, &report, &e), &e);
    ok(wb_noticed_each(p.v[1], report, stop_at, &left, &e), &e);
    wb_report_free(&report);
    return at_most - left;
}

static void
a_withdrawal_is_told_of_what_is_here_until_nobody_asks(void **state)
{
    char sent[ROOM_PATH_BYTES], both[ROOM_PATH_BYTES];
    static const size_t to[] = {1, 2};
    struct testimony t;
    struct wb_id notice;
    struct wb_error e = {0};
    unsigned left = 1;

    (void)state;
    testify(&t);
    people_hand(&p, 0, 1, &t.statements[0], NULL);
    people_send_to(&p, 0, to, 2, &t.statements[1], NULL, both);
    people_take(&p, 1, both);
    assert_int_equal(remove(both), 0);
    notice = withdraw_all(&t.person, sent);
    assert_int_equal(count_values(0, &notice, "purpose"), 1); /* of three consents */
    assert_int_equal(count_values(0, &notice, "records"), 2);
    assert_int_equal(noticed_in(sent, 1), 1); /* who has heard enough */
    assert_int_equal(noticed_in(sent, 9), 2);
    ok(wb_notice_each(p.v[1], &t.statements[0], stop_at, &left, &e), &e);
    assert_int_equal(left, 0);
    shred(1, &t.statements[0]); /* destroyed, as was asked */
    assert_int_equal(noticed_in(sent, 9), 1);
    assert_int_equal(remove(sent), 0);
}

static void
zero_body(const char *path, const struct wb_id *id)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    sqlite3 *db = NULL;
    char sql[128];
    uint64_t row;

    ok(wb_rows_lookup(v, &row, id, 0, &e), &e);
    wb_vault_close(&v);
    room_text(sql, sizeof sql,
        "UPDATE bodies SET body = zeroblob(length(body)) WHERE row = %d", (int)row);
    ok(wb_shim_start(&e), &e);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static bool
take_id(void *cookie, const struct wb_record *r)
{
    *(struct wb_id *)cookie = *wb_record_id(r);
    return false;
}

/* Else whoever that handoff names would never be told. */
static void
a_handoff_that_does_not_open_stops_a_withdrawal(void **state)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_withdrawal *w = NULL;
    char copy[ROOM_PATH_BYTES];
    struct testimony t;
    struct wb_id handoff;
    struct wb_vault *v;
    struct wb_error e = {0};
    uint64_t damaged;

    (void)state;
    testify(&t);
    people_hand(&p, 0, 1, &t.statements[0], NULL);
    ok(wb_list(p.v[0], &handoffs, take_id, &handoff, &damaged, &e), &e);
    room_path(copy, &p.room, "copy");
    room_copy(p.path[0], copy);
    zero_body(copy, &handoff);
    v = room_open(copy);
    assert_int_equal(wb_withdrawal_look(&w, v, &t.person, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "a handoff does not open"));
    assert_null(w);
    wb_vault_close(&v);
    assert_int_equal(remove(copy), 0);
}

/* ---- adopting ---- */

static void
amend(size_t who, const struct wb_id *id, const char *text)
{
    struct wb_error e = {0};

    ok(room_amend(p.v[who], id, text, &e), &e);
}

/* What the vault has, as the one head from now on. */
static void
join(size_t who, const struct wb_id *id)
{
    static const struct wb_amendment why = {.reason = "other", .join = true};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    ok(wb_change_begin(&c, p.v[who], &e), &e);
    ok(wb_change_draft(c, &d, id, &e), &e);
    ok(wb_change_amend(c, id, d, &why, &saved, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_draft_free(&d);
}

static void
adopt(size_t who, const struct wb_id *id, const char *root)
{
    struct wb_saved saved;
    struct wb_error e = {0};

    ok(wb_adopt(p.v[who], id, root, &saved, &e), &e);
    assert_true(wb_id_equal(&saved.id, id));
}

static void
only_what_was_adopted_can_be_amended(void **state)
{
    char root[WB_ROOT_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);
    struct wb_record *r;
    struct wb_saved saved;
    struct wb_error e = {0};

    (void)state;
    people_hand(&p, 0, 1, &id, NULL);
    assert_int_equal(room_amend(p.v[1], &id, "Another hand.", &e), WB_ERR_POLICY);
    assert_non_null(strstr(e.message, "`adopt` it first"));
    root_of(1, &id, root);
    adopt(1, &id, root);
    r = load(1, &id);
    assert_true(wb_record_is_foreign(r) && wb_record_is_adopted(r));
    wb_record_free(&r);
    amend(1, &id, "Another hand.");
    r = load(1, &id);
    assert_int_equal(wb_record_revision(r), 2);
    assert_false(wb_record_is_foreign(r));
    wb_record_free(&r);
    assert_int_equal(wb_adopt(p.v[1], &id, root, &saved, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "this revision is ours already");
}

/* Both amended: each keeps their own, until one adopts and joins. */
static void
what_was_adopted_is_joined_on_request_alone(void **state)
{
    char first[WB_ROOT_TEXT_BYTES], other[WB_ROOT_TEXT_BYTES];
    struct wb_id id = people_add(&p, 0, "statement", told);
    struct people_taken taken;
    struct wb_record *r;

    (void)state;
    people_hand(&p, 0, 1, &id, NULL);
    root_of(1, &id, first);
    adopt(1, &id, first);
    amend(1, &id, "As the second hand has it.");
    amend(0, &id, "As the first hand has it.");
    root_of(1, &id, other);
    taken = people_hand(&p, 1, 0, &id, NULL);
    assert_int_equal(taken.added, 1);
    assert_int_equal(taken.forks, 1);
    r = load(0, &id);
    assert_false(wb_record_is_foreign(r)); /* ours is still the one shown */
    wb_record_free(&r);
    adopt(0, &id, other);
    amend(0, &id, "Both hands agree.");
    r = load(0, &id);
    assert_int_equal(wb_record_previous_count(r), 1);
    wb_record_free(&r);
    join(0, &id);
    r = load(0, &id);
    assert_int_equal(wb_record_previous_count(r), 2);
    assert_int_equal(wb_record_revision(r), 4);
    wb_record_free(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_bundle_completes_what_was_withheld_without_a_fork),
        cmocka_unit_test(two_parts_complete_each_other_in_either_order),
        cmocka_unit_test(a_bundle_with_nothing_to_add_changes_nothing),
        cmocka_unit_test(a_withheld_attachment_is_completed_by_its_bytes),
        cmocka_unit_test(a_better_known_sender_raises_the_trust),
        cmocka_unit_test(a_receipt_marks_the_handoff_once),
        cmocka_unit_test(a_receipt_of_somebody_else_is_refused),
        cmocka_unit_test(a_receipt_for_a_bundle_under_words_marks_its_handoff),
        cmocka_unit_test(each_recipient_of_one_bundle_marks_it),
        cmocka_unit_test(receipts_name_what_was_taken_in_a_share_each),
        cmocka_unit_test(a_receipt_goes_to_whoever_can_open_it),
        cmocka_unit_test(a_withdrawal_is_told_of_what_is_here_until_nobody_asks),
        cmocka_unit_test(a_handoff_that_does_not_open_stops_a_withdrawal),
        cmocka_unit_test(only_what_was_adopted_can_be_amended),
        cmocka_unit_test(what_was_adopted_is_joined_on_request_alone),
        /* the last: others have no longer compared these keys */
        cmocka_unit_test(a_receipt_under_changed_keys_counts_once_their_card_is_known),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
