/* tests/flow/test_collect.c - what a field vault holds comes to its owner whole, or is
 * refused by name and changes nothing. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/collect.h>
#include <witnessbox/destroy.h>
#include <witnessbox/text.h>
#include <witnessbox/withdraw.h>

#include "bundle/contact.h"
#include "crypto/random.h"
#include "custody/change.h"
#include "custody/heads.h"
#include "holder.h"
#include "record/record.h"
#include "stage.h"
#include "store/shim.h"
#include "store/store.h"

static char spare[ROOM_PATH_BYTES];

static int
setup(void **state)
{
    (void)state;
    stage_make(&stage);
    room_path(spare, &stage.room, "spare");
    return 0;
}

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

static enum wb_status
collect(const char *path, struct wb_collected *done, struct wb_error *e)
{
    const struct wb_collect how = {.label = "field"};
    struct wb_vault *v = room_open(stage.a);
    enum wb_status st = wb_collect(v, path, &how, done, e);

    wb_vault_close(&v);
    return st;
}

static void
collect_well(const char *path, struct wb_collected *done)
{
    struct wb_error e = {0};

    ok(collect(path, done, &e), &e);
    room_assert_sound(stage.a);
}

/* The owner's vault stays as it was to the byte, and so does the field vault. */
static void
assert_refused(const char *path, enum wb_status status, const char *words)
{
    size_t size, field_size, after_size;
    uint8_t *before = room_read(stage.a, &size), *after;
    uint8_t *field = room_read(path, &field_size);
    struct wb_collected done = {.added = 99};
    struct wb_error e = {0};

    assert_int_equal(collect(path, &done, &e), status);
    room_assert_line(&e);
    if (strstr(e.message, words) == NULL)
        fail_msg("not called `%s`: %s", words, e.message);
    assert_int_equal(done.added, 99);
    after = room_read(stage.a, &after_size);
    assert_int_equal(size, after_size);
    assert_memory_equal(before, after, size);
    free(after);
    after = room_read(path, &after_size);
    assert_int_equal(field_size, after_size);
    assert_memory_equal(field, after, field_size);
    free(after);
    free(before);
    free(field);
}

static void
compare_mark(void)
{
    struct wb_vault *v = room_open(stage.a);
    struct wb_error e = {0};

    ok(wb_contact_verify(v, "field", "on the telephone", NULL, &e), &e);
    wb_vault_close(&v);
}

static void
add_to(const char *path, struct wb_id *id, const char *text, const char *incident)
{
    const char *const fields[] = {
        "text", text, incident == NULL ? NULL : "incident", incident, NULL};
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(room_add(v, id, &e, "statement", fields), &e);
    wb_vault_close(&v);
}

/* Only who has its keys can say so in its state, beside a header that is another's. */
static void
a_field_vault_whose_state_names_another_owner_is_refused(void **state)
{
    struct wb_vault *v = room_open(stage.field);
    struct wb_error e = {0};

    (void)state;
    ok(wb_store_begin(v, &e), &e);
    wb_store_state(v)->field_owner[0] ^= 1;
    ok(wb_store_commit(v, &e), &e);
    wb_vault_close(&v);
    assert_refused(stage.field, WB_ERR_INTEGRITY, "state: names another owner");
}

/* ---- what comes in ---- */

static void
it_comes_in_as_somebody_elses_until_the_mark_was_compared(void **state)
{
    struct wb_collected done;

    (void)state;
    collect_well(stage.field, &done);
    assert_false(done.verified);
    assert_int_equal(done.added, 2);
    assert_int_equal(done.files, 1);
    assert_int_equal(done.size, 3);
    assert_string_equal(done.label, "field");
    collect_well(stage.field, &done);
    assert_int_equal(done.added, 0);
    assert_int_equal(done.present, 2);

    compare_mark();
    collect_well(stage.field, &done);
    assert_true(done.verified);
    assert_int_equal(done.ours, 2);
    assert_int_equal(done.added, 0);
    collect_well(stage.field, &done);
    assert_int_equal(done.ours, 0);
    assert_int_equal(done.present, 2);
}

static void
a_second_time_changes_not_a_byte(void **state)
{
    struct wb_collected done;
    size_t size, after_size;
    uint8_t *before, *after;

    (void)state;
    for (int round = 0; round < 2; round++) {
        collect_well(stage.field, &done);
        before = room_read(stage.a, &size);
        collect_well(stage.field, &done);
        after = room_read(stage.a, &after_size);
        assert_int_equal(size, after_size);
        assert_memory_equal(before, after, size);
        free(before);
        free(after);
        if (round == 0)
            compare_mark();
    }
}

struct seen {
    unsigned ours, theirs;
    char text[64];
    struct wb_id evidence, statement;
};

static bool
see(void *cookie, const struct wb_record *r)
{
    struct seen *s = cookie;
    struct wb_value_view value;

    if (wb_record_proof_count(r) == 0) /* it was here before */
        return true;
    s->ours += !wb_record_is_foreign(r);
    s->theirs += wb_record_is_foreign(r);
    if (strcmp(wb_record_kind(r), "statement") == 0 &&
        wb_record_value(r, "text", 0, &value)) {
        room_text(s->text, sizeof s->text, "%s", value.text);
        s->statement = *wb_record_id(r);
    } else
        s->evidence = *wb_record_id(r);
    return true;
}

static void
look(struct seen *s)
{
    const struct wb_list_filter all = {0};
    struct wb_vault *v = room_open(stage.a);
    struct wb_error e = {0};
    uint64_t damaged;

    *s = (struct seen){0};
    ok(wb_list(v, &all, see, s, &damaged, &e), &e);
    assert_int_equal(damaged, 0);
    wb_vault_close(&v);
}

static void
text_file_and_proof_are_those_of_the_field(void **state)
{
    struct wb_collected done;
    struct wb_record *r = NULL;
    struct wb_process p;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct seen s;
    char *proof = NULL;

    (void)state;
    collect_well(stage.field, &done);
    look(&s);
    assert_int_equal(s.theirs, 2);
    assert_int_equal(s.ours, 0);
    compare_mark();
    collect_well(stage.field, &done);
    look(&s);
    assert_int_equal(s.theirs, 0);
    assert_int_equal(s.ours, 2);
    assert_string_equal(s.text, "Told in the field.");

    v = room_open(stage.a);
    ok(wb_process_describe(v, &s.evidence, &p, &e), &e);
    assert_true(p.same);
    assert_int_equal(p.size, STAGE_ATTACHMENT_BYTES);
    ok(wb_record_load(v, &r, &s.statement, &e), &e);
    assert_string_equal(wb_record_origin(r), done.origin);
    ok(wb_record_prove(v, r, &proof, &e), &e);
    assert_non_null(strstr(proof, done.origin)); /* under the field vault's head */
    wb_text_free(proof);
    wb_record_free(&r);
    ok(room_amend(v, &s.statement, "And this.", &e), &e); /* ours to go on with */
    wb_vault_close(&v);
    room_assert_sound(stage.a);
    collect_well(stage.field, &done);
    assert_int_equal(done.present, 2);
}

static void
what_was_added_since_comes_in_alone(void **state)
{
    struct wb_collected done;

    (void)state;
    collect_well(stage.field, &done);
    compare_mark();
    add_to(stage.field, NULL, "The next day.", NULL);
    collect_well(stage.field, &done);
    assert_int_equal(done.added, 1);
    assert_int_equal(done.ours, 2);
    assert_int_equal(done.present, 0);
}

static void
what_was_shredded_here_does_not_come_back(void **state)
{
    struct wb_collected done;
    struct wb_shredded shredded;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct seen s;

    (void)state;
    collect_well(stage.field, &done);
    look(&s);
    v = room_open(stage.a);
    ok(wb_shred(v, &s.statement, "the witness asked for it", &shredded, &e), &e);
    wb_vault_close(&v);
    compare_mark();
    collect_well(stage.field, &done);
    assert_int_equal(done.refused, 1);
    assert_int_equal(done.ours, 1);
    assert_int_equal(done.added, 0);
}

struct notes {
    unsigned count;
    char what[256];
};

static void
take_note(void *cookie, const struct wb_problem *p)
{
    struct notes *n = cookie;

    assert_string_equal(p->kind, "note");
    n->count++;
    room_text(n->what, sizeof n->what, "%s", p->what);
}

static bool
find_detail(void *cookie, const struct wb_log_entry *entry)
{
    bool *found = cookie;

    *found |=
        strstr(entry->detail, "about not here: zzzzzzzzzzzzzzzzzzzzzzzzzg\n") != NULL;
    return !*found;
}

static void
a_reference_to_nothing_is_named_here_and_in_the_log(void **state)
{
    struct notes notes = {0};
    const struct wb_verify_watch watch = {.problem = take_note, .cookie = &notes};
    const struct wb_collect how = {.watch = &watch};
    char known[WB_ID_TEXT_BYTES];
    struct wb_collected done;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct wb_id incident;
    const char *const fields[] = {"title", "A night", NULL};
    bool found = false;

    (void)state;
    add_to(stage.field, NULL, "Of nothing.", "zzzzzzzzzzzzzzzzzzzzzzzzzg");
    v = room_open(stage.a);
    ok(room_add(v, &incident, &e, "incident", fields), &e);
    wb_vault_close(&v);
    wb_id_text(known, &incident);
    add_to(stage.field, NULL, "Of what the owner has.", known);
    v = room_open(stage.a);
    ok(wb_collect(v, stage.field, &how, &done, &e), &e);
    assert_int_equal(done.dangling, 1);
    assert_int_equal(done.added, 4);
    assert_int_equal(strncmp(done.label, "field ", 6), 0);
    assert_int_equal(notes.count, 1);
    assert_non_null(strstr(notes.what, "zzzzzzzzzzzzzzzzzzzzzzzzzg"));
    ok(wb_log_each(v, NULL, find_detail, &found, &e), &e);
    assert_true(found);
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

/* The source may lie on a medium that cannot be written. */
static void
the_field_vault_is_only_read(void **state)
{
    struct wb_collected done;
    size_t size, after_size;
    uint8_t *before = room_read(stage.field, &size), *after;

    (void)state;
    collect_well(stage.field, &done);
    after = room_read(stage.field, &after_size);
    assert_int_equal(size, after_size);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

/* ---- what is not a record, and still comes in ---- */

static void
make_empty_field(void)
{
    uint8_t owner[32];
    const struct wb_vault_options options = {.kdf_memory_mib = 64, .owner = owner};
    struct wb_error e = {0};

    stage_owner(&stage, owner);
    ok(wb_vault_create(spare, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
}

static void
assert_nothing_more(const char *path, uint64_t size)
{
    struct wb_collected done;
    size_t bytes;
    uint8_t *before = room_read(stage.a, &bytes);

    collect_well(path, &done);
    assert_int_equal(done.added + done.ours, 0);
    assert_int_equal(done.size, size);
    assert_true(room_has(stage.a, before, bytes));
    free(before);
}

/* From then on its owner would notice that it was put back. */
static void
the_log_of_an_empty_field_vault_is_known_from_the_first_time(void **state)
{
    char older[ROOM_PATH_BYTES];
    struct wb_collected done;

    (void)state;
    make_empty_field();
    room_path(older, &stage.room, "older");
    room_copy(spare, older);
    add_to(older, NULL, "On another device.", NULL);
    collect_well(spare, &done);
    assert_int_equal(done.added, 0);
    assert_string_equal(done.label, "field");
    compare_mark();
    assert_nothing_more(spare, 1);
    collect_well(older, &done);
    assert_true(done.verified);
    assert_int_equal(done.added, 1);
    assert_refused(spare, WB_ERR_INTEGRITY, "rolled back");
}

static void
what_a_field_vault_logged_beside_its_records_is_remembered(void **state)
{
    char copy[ROOM_PATH_BYTES];
    struct wb_collected done;
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    collect_well(stage.field, &done);
    room_copy(stage.field, spare);
    room_path(copy, &stage.room, "stick");
    v = room_open(stage.field);
    ok(wb_backup(v, copy, &e), &e);
    wb_vault_close(&v);
    collect_well(stage.field, &done);
    assert_int_equal(done.added, 0);
    assert_int_equal(done.present, 2);
    assert_int_equal(done.size, 4);
    assert_nothing_more(stage.field, 4);
    assert_refused(spare, WB_ERR_INTEGRITY, "rolled back");
}

struct watched {
    unsigned notes, problems, news;
};

static void
count_problem(void *cookie, const struct wb_problem *p)
{
    struct watched *w = cookie;

    w->notes += strcmp(p->kind, "note") == 0;
    w->problems += strcmp(p->kind, "note") != 0;
}

static void
count_news(void *cookie, uint64_t done, uint64_t total)
{
    struct watched *w = cookie;

    assert_true(done > 0 && done <= total);
    w->news++;
}

static enum wb_status
collect_watched(const char *path, void (*problem)(void *, const struct wb_problem *),
    void (*progress)(void *, uint64_t, uint64_t), struct watched *seen,
    struct wb_collected *done, struct wb_error *e)
{
    const struct wb_verify_watch watch = {problem, progress, seen};
    const struct wb_collect how = {.label = "field", .watch = &watch};
    struct wb_vault *v = room_open(stage.a);
    enum wb_status st;

    *seen = (struct watched){0};
    st = wb_collect(v, path, &how, done, e);
    wb_vault_close(&v);
    return st;
}

enum { MANY = 130, REFERENCES = 100 };

/* Many records, the last of which refers to many that are nowhere. */
static void
add_many(void)
{
    static const char *const plain[] = {"title", "A leaflet", NULL};
    const char *fields[2 * REFERENCES + 3] = {"title", "A list of names"};
    struct wb_vault *v = room_open(stage.field);
    struct wb_error e = {0};

    for (size_t i = 0; i < REFERENCES; i++) {
        fields[2 * i + 2] = "person";
        fields[2 * i + 3] = "zzzzzzzzzzzzzzzzzzzzzzzzzg";
    }
    for (int i = 0; i < MANY; i++)
        ok(room_add(v, NULL, &e, "source", plain), &e);
    ok(room_add(v, NULL, &e, "source", fields), &e);
    wb_vault_close(&v);
}

static void
who_watches_is_told_how_far_it_is_and_each_reference_to_nothing(void **state)
{
    struct wb_collected done;
    struct watched seen;
    struct wb_error e = {0};

    (void)state;
    collect_well(stage.field, &done);
    add_many();
    ok(collect_watched(stage.field, count_problem, count_news, &seen, &done, &e), &e);
    assert_int_equal(done.added, MANY + 1);
    assert_int_equal(done.dangling, REFERENCES);
    assert_int_equal(seen.notes, REFERENCES);
    assert_int_equal(seen.problems, 0);
    assert_true(seen.news > 0);
    room_assert_sound(stage.a);
    ok(collect_watched(stage.field, count_problem, NULL, &seen, &done, &e), &e);
    assert_int_equal(done.present, MANY + 3);
    assert_nothing_more(stage.field, MANY + 4);
}

static void
who_watches_for_progress_alone_is_not_told_of_references(void **state)
{
    struct wb_collected done;
    struct watched seen;
    struct wb_error e = {0};

    (void)state;
    add_to(stage.field, NULL, "Of nothing.", "zzzzzzzzzzzzzzzzzzzzzzzzzg");
    ok(collect_watched(stage.field, NULL, count_news, &seen, &done, &e), &e);
    assert_int_equal(done.dangling, 1);
    assert_int_equal(seen.notes, 0);
}

/* A field vault has no key to sign a card with: its contact is in nobody's way. */
static void
a_contact_that_is_only_a_log_has_no_keys_to_follow(void **state)
{
    struct wb_collected done;
    struct wb_saved saved;
    struct wb_head_note said;
    struct wb_vault *v;
    struct wb_error e = {0};
    const char *head;

    (void)state;
    collect_well(stage.field, &done);
    v = room_open(stage.a);
    ok(wb_head(v, &head, &e), &e);
    ok(wb_head_import(v, head, strlen(head), &said, &e), &e);
    assert_string_equal(said.label, "");
    ok(wb_contact_add(v, stage.card, strlen(stage.card), "third", &saved, &e), &e);
    assert_int_equal(saved.revision, 1);
    ok(wb_contact_add(v, stage.turned, strlen(stage.turned), NULL, &saved, &e), &e);
    assert_int_equal(saved.revision, 3); /* of the partner */
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

/* ---- what is refused ---- */

static void
another_owners_and_an_ordinary_vault_are_refused(void **state)
{
    struct wb_vault *v = room_open(stage.b);
    const struct wb_collect how = {0};
    struct wb_collected done;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_collect(v, stage.field, &how, &done, &e), WB_ERR_POLICY);
    room_assert_line(&e);
    assert_non_null(strstr(e.message, "another owner"));
    wb_vault_close(&v);
    assert_refused(stage.b, WB_ERR_USAGE, "not a field vault");
}

static void
a_field_vault_collects_nothing(void **state)
{
    struct wb_vault *v = room_open(stage.field);
    const struct wb_collect how = {0};
    struct wb_collected done;
    struct wb_error e = {0};

    (void)state;
    room_copy(stage.field, spare);
    assert_int_equal(wb_collect(v, spare, &how, &done, &e), WB_ERR_POLICY);
    wb_vault_close(&v);
}

static void
an_older_copy_is_named_rolled_back(void **state)
{
    struct wb_collected done;

    (void)state;
    room_copy(stage.field, spare);
    add_to(stage.field, NULL, "The next day.", NULL);
    collect_well(stage.field, &done);
    assert_refused(spare, WB_ERR_INTEGRITY, "rolled back");
}

static void
two_copies_that_both_went_on_are_a_fork(void **state)
{
    struct wb_collected done;

    (void)state;
    room_copy(stage.field, spare);
    add_to(stage.field, NULL, "The next day.", NULL);
    add_to(spare, NULL, "Another next day.", NULL);
    collect_well(stage.field, &done);
    assert_refused(spare, WB_ERR_INTEGRITY, "fork");
}

/* ---- tampering ---- */

static void
tamper(const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;

    room_copy(stage.field, spare);
    assert_int_equal(wb_shim_start(NULL), WB_OK);
    assert_int_equal(sqlite3_open(spare, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
}

static void
every_tampering_is_refused_by_name(void **state)
{
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"UPDATE state SET sealed = zeroblob(length(sealed))", "state"},
        {"DELETE FROM wraps WHERE row = 1", "row missing"},
        {"DELETE FROM bodies WHERE row = 1", "row missing"},
        {"DELETE FROM lookups", "lookup"},
        {"DELETE FROM log WHERE row = 2", "log gap"},
        {"DELETE FROM log WHERE row = 3", "log gap"},
        {"DELETE FROM nodes WHERE row = 2", "log gap"},
        {"DELETE FROM chunks WHERE row = (1 << 24) + 1", "chunk"},
        {"DELETE FROM chunks", "chunk"},
        {"UPDATE wraps SET wrap = (SELECT wrap FROM wraps WHERE row = 2)",
            "row foreign"},
        {"UPDATE bodies SET body = (SELECT body FROM bodies WHERE row = 2)",
            "row altered"},
        {"UPDATE log SET sealed = (SELECT sealed FROM log WHERE row = 3) WHERE row = 2",
            "log altered"},
        {"UPDATE nodes SET sealed = zeroblob(72) WHERE row = 2", "log altered"},
        {"UPDATE wraps SET wrap = zeroblob(152) WHERE row = 1", "row altered"},
        {"UPDATE bodies SET body = zeroblob(length(body)) WHERE row = 1",
            "row altered"},
        {"UPDATE log SET sealed = zeroblob(length(sealed)) WHERE row = 2",
            "log altered"},
        {"UPDATE chunks SET box = zeroblob(length(box)) WHERE row = (1 << 24) + 1",
            "chunk altered"},
        {"INSERT INTO wraps SELECT 7, wrap FROM wraps WHERE row = 1", "row foreign"},
        {"INSERT INTO bodies VALUES (9, x'00')", "count"},
        {"INSERT INTO heads VALUES (1, 0, zeroblob(80))", "heads"},
        {"INSERT INTO drafts VALUES (1, 0, zeroblob(80))", "draft"},
        {"INSERT INTO pages VALUES (1, 0, zeroblob(80))", "count"},
        {"INSERT INTO staging VALUES (x'00', x'00')", "count"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tamper(cases[i].sql);
        assert_refused(spare, WB_ERR_INTEGRITY, cases[i].words);
    }
}

static void
who_watches_is_told_each_problem(void **state)
{
    struct wb_collected done = {.added = 99};
    struct watched seen;
    struct wb_error e = {0};

    (void)state;
    tamper("DELETE FROM nodes WHERE row >= 2");
    assert_int_equal(collect_watched(spare, count_problem, NULL, &seen, &done, &e),
        WB_ERR_INTEGRITY);
    assert_true(seen.problems > 0);
    assert_int_equal(done.added, 99);
    assert_int_equal(
        collect_watched(spare, NULL, NULL, &seen, &done, &e), WB_ERR_INTEGRITY);
    assert_int_equal(seen.problems, 0);
    assert_non_null(strstr(e.message, "nothing was taken in"));
}

static void
a_journal_of_another_kind_or_a_torn_header_is_refused_before_it_is_opened(void **state)
{
    uint8_t *bytes;
    size_t size;

    (void)state;
    bytes = room_read(stage.field, &size);
    memset(bytes + 16384 + 14000, 0xa5, 2384); /* the header, at the end of its page */
    room_write(spare, bytes, size);
    assert_refused(spare, WB_ERR_FORMAT, "");
    room_write(spare, bytes, size / 2 + 100);
    free(bytes);
    assert_refused(spare, WB_ERR_FORMAT, "");
}

/* ---- a field vault that was made to deceive ---- */

/* Its maker has the owner's card, and a program of his own: all is signed and sealed as
 * it should be, and it is no field vault's. */
struct forgery {
    enum wb_action action;
    const char *kind, *field, *value; /* of the record */
    const char *origin;               /* NULL: that of the field vault */
    uint32_t revision;
    bool foreign;
    const char *words;
    void (*bend)(struct wb_record *r); /* or NULL */
};

static void
give_it_a_file(struct wb_record *r)
{
    static const uint8_t file[] = {1, 2, 3};

    r->private_part = file;
    r->private_size = sizeof file;
}

static void
give_it_a_title_of_two_lines(struct wb_record *r)
{
    static const char two[] = "two\nlines";
    struct wb_value *title =
        &r->places[wb_field_find(r->table, "title")->number].values[0];

    title->text = two;
    title->size = sizeof two - 1;
    wb_record_commit(r);
}

static void
give_it_an_unknown_kind(struct wb_record *r)
{
    r->kind = "weather";
    r->table = NULL;
    wb_record_commit(r);
}

static void
forge(const struct forgery *f, const struct wb_id *id)
{
    static const uint8_t before[1][WB_ROOT_BYTES];
    struct wb_lineage lineage = {
        .id = *id, .revision = f->revision, .origin = f->origin};
    struct wb_draft *d = NULL;
    struct wb_record *r = NULL;
    struct wb_change *c = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};

    room_copy(stage.field, spare);
    v = room_open(spare);
    if (f->origin == NULL)
        lineage.origin = wb_store_state(v)->origin;
    if (f->revision > 1) {
        lineage.previous = before;
        lineage.previous_count = 1;
    }
    ok(wb_draft_new_any(&d, wb_kind_find(f->kind), &e), &e);
    ok(wb_draft_put(d, f->field, WB_STATE_TEXT, f->value, strlen(f->value), &e), &e);
    if (strcmp(f->kind, "contact") == 0) {
        ok(wb_draft_put(d, "name", WB_STATE_TEXT, "x", 1, &e), &e);
        ok(wb_draft_put(d, "log", WB_STATE_TEXT, "x", 1, &e), &e);
        ok(wb_draft_put(d, "verified", WB_STATE_TEXT, "yes", 3, &e), &e);
    }
    ok(wb_record_from_draft(&r, d, &lineage, &e), &e);
    r->foreign = f->foreign;
    if (f->bend != NULL)
        f->bend(r);
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_change_store(c, f->action, r, NULL, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_record_free(&r);
    wb_draft_free(&d);
    wb_vault_close(&v);
}

static void
what_no_field_vault_does_is_refused(void **state)
{
    static const struct forgery cases[] = {
        {WB_ACTION_IMPORT, "statement", "text", "x", NULL, 1, true, "import", NULL},
        {WB_ACTION_AMEND, "statement", "text", "x", NULL, 2, false, "amend", NULL},
        {WB_ACTION_COLLECT, "statement", "text", "x", NULL, 1, false, "collect", NULL},
        {WB_ACTION_ADD, "statement", "text", "x", NULL, 2, false, "amendment", NULL},
        {WB_ACTION_ADD, "statement", "text", "x", "witnessbox/another", 1, false,
            "another log", NULL},
        {WB_ACTION_ADD, "contact", "label", "a friend", NULL, 1, false, "by hand",
            NULL},
        {WB_ACTION_ADD, "statement", "text", "x", NULL, 1, true, "row replaced", NULL},
        {WB_ACTION_ADD, "statement", "text", "x", NULL, 1, false, "is no evidence",
            give_it_a_file},
        {WB_ACTION_ADD, "source", "title", "x", NULL, 1, false, "places 2: title",
            give_it_a_title_of_two_lines},
    };
    struct wb_id id;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(id.bytes, (int)i + 1, sizeof id.bytes);
        forge(&cases[i], &id);
        assert_refused(spare, WB_ERR_INTEGRITY, cases[i].words);
    }
}

static void
an_id_that_another_record_has_is_refused(void **state)
{
    static const struct forgery f = {
        WB_ACTION_ADD, "statement", "text", "x", NULL, 1, false, "", NULL};

    (void)state;
    forge(&f, &stage.room.statement);
    assert_refused(spare, WB_ERR_INTEGRITY, "another record here has its id");
}

/* Of a program that knows more kinds than this one: kept as it is, and in the way of
 * nothing. */
static void
a_record_of_a_kind_that_is_not_known_here_comes_in(void **state)
{
    static const struct forgery f = {WB_ACTION_ADD, "statement", "text", "x", NULL, 1,
        false, "", give_it_an_unknown_kind};
    struct wb_withdrawal *w = NULL;
    struct wb_collected done;
    struct wb_record *r = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};
    struct wb_id id;

    (void)state;
    memset(id.bytes, 7, sizeof id.bytes);
    forge(&f, &id);
    collect_well(spare, &done);
    assert_int_equal(done.added, 3);
    v = room_open(stage.a);
    ok(wb_record_load(v, &r, &id, &e), &e);
    assert_string_equal(wb_record_kind(r), "weather");
    wb_record_free(&r);
    ok(wb_withdrawal_look(&w, v, &stage.room.statement, &e), &e);
    assert_int_equal(wb_withdrawal_consents(w), 1);
    wb_withdrawal_free(&w);
    wb_vault_close(&v);
}

static void
keep_a_head(struct wb_vault *v)
{
    const char *head = wb_store_state(v)->checkpoint;
    struct wb_error e = {0};

    ok(wb_store_begin(v, &e), &e);
    ok(wb_head_keep(v, WB_HEAD_OURS, head, strlen(head), &e), &e);
    ok(wb_store_commit(v, &e), &e);
}

static void
take_an_identity(struct wb_vault *v)
{
    struct wb_error e = {0};

    ok(wb_store_begin(v, &e), &e);
    memset(wb_store_state(v)->identity.bytes, 5, sizeof(struct wb_id));
    ok(wb_store_commit(v, &e), &e);
}

static void
begin_another_log(struct wb_vault *v)
{
    struct wb_error e = {0};

    ok(wb_store_begin(v, &e), &e);
    wb_store_state(v)->tree++;
    ok(wb_store_commit(v, &e), &e);
}

static void
what_no_field_vault_has_is_refused(void **state)
{
    static const char has[] = "it has heads, an index or an identity";
    static const struct {
        void (*bend)(struct wb_vault *v);
        const char *words;
    } cases[] = {{keep_a_head, has}, {take_an_identity, has},
        {begin_another_log, "its tree 0 is missing"}};
    struct wb_vault *v;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room_copy(stage.field, spare);
        v = room_open(spare);
        cases[i].bend(v);
        wb_vault_close(&v);
        assert_refused(spare, WB_ERR_INTEGRITY, cases[i].words);
    }
}

static struct wb_id drawn;

static void
draw_the_same(void *bytes, size_t size)
{
    room_noise(bytes, size, size);
    if (size == sizeof drawn)
        memcpy(bytes, &drawn, size);
}

/* Its maker chose the name that the owner's own log has. */
static void
a_log_with_the_owners_name_is_refused(void **state)
{
    struct wb_vault *v = room_open(stage.a);
    const char *origin = wb_store_state(v)->origin;

    (void)state;
    assert_true(wb_id_parse(&drawn, strchr(origin, '/') + 1, WB_ID_TEXT_BYTES - 1));
    wb_vault_close(&v);
    wb_random_source = draw_the_same;
    make_empty_field();
    wb_random_source = NULL;
    assert_refused(spare, WB_ERR_INTEGRITY, "name of another log with another key");
}

static void
a_log_with_the_name_of_a_contacts_is_refused(void **state)
{
    struct wb_vault *v = room_open(stage.field);
    struct wb_change *c = NULL;
    struct wb_error e = {0};
    char key[WB_ORIGIN_BYTES_MAX + 32];

    (void)state;
    room_text(key, sizeof key, "%s+00000000+AAAA", wb_store_state(v)->origin);
    wb_vault_close(&v);
    v = room_open(stage.a);
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_contact_add_log(c, "namesake", key, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_vault_close(&v);
    assert_refused(
        stage.field, WB_ERR_INTEGRITY, "name of another log with another key");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            it_comes_in_as_somebody_elses_until_the_mark_was_compared, reset),
        cmocka_unit_test_setup(a_second_time_changes_not_a_byte, reset),
        cmocka_unit_test_setup(text_file_and_proof_are_those_of_the_field, reset),
        cmocka_unit_test_setup(what_was_added_since_comes_in_alone, reset),
        cmocka_unit_test_setup(what_was_shredded_here_does_not_come_back, reset),
        cmocka_unit_test_setup(
            a_reference_to_nothing_is_named_here_and_in_the_log, reset),
        cmocka_unit_test_setup(the_field_vault_is_only_read, reset),
        cmocka_unit_test_setup(
            the_log_of_an_empty_field_vault_is_known_from_the_first_time, reset),
        cmocka_unit_test_setup(
            what_a_field_vault_logged_beside_its_records_is_remembered, reset),
        cmocka_unit_test_setup(
            who_watches_is_told_how_far_it_is_and_each_reference_to_nothing, reset),
        cmocka_unit_test_setup(
            who_watches_for_progress_alone_is_not_told_of_references, reset),
        cmocka_unit_test_setup(
            a_contact_that_is_only_a_log_has_no_keys_to_follow, reset),
        cmocka_unit_test_setup(another_owners_and_an_ordinary_vault_are_refused, reset),
        cmocka_unit_test_setup(
            a_field_vault_whose_state_names_another_owner_is_refused, reset),
        cmocka_unit_test_setup(a_field_vault_collects_nothing, reset),
        cmocka_unit_test_setup(an_older_copy_is_named_rolled_back, reset),
        cmocka_unit_test_setup(two_copies_that_both_went_on_are_a_fork, reset),
        cmocka_unit_test_setup(every_tampering_is_refused_by_name, reset),
        cmocka_unit_test_setup(who_watches_is_told_each_problem, reset),
        cmocka_unit_test_setup(
            a_journal_of_another_kind_or_a_torn_header_is_refused_before_it_is_opened,
            reset),
        cmocka_unit_test_setup(what_no_field_vault_does_is_refused, reset),
        cmocka_unit_test_setup(an_id_that_another_record_has_is_refused, reset),
        cmocka_unit_test_setup(
            a_record_of_a_kind_that_is_not_known_here_comes_in, reset),
        cmocka_unit_test_setup(what_no_field_vault_has_is_refused, reset),
        cmocka_unit_test_setup(a_log_with_the_owners_name_is_refused, reset),
        cmocka_unit_test_setup(a_log_with_the_name_of_a_contacts_is_refused, reset),
    };

    return cmocka_run_group_tests(tests, setup, stage_tear_down);
}
