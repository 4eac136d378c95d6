/* tests/flow/test_insider.c - somebody with the passphrase, the root key and SQLite
 * rewrites the vault without a flaw; a head kept outside names it all the same. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/text.h>

#include "base/wire.h"
#include "custody/log.h"
#include "custody/tree.h"
#include "room.h"
#include "store/session.h"

enum { ENTRIES_MAX = 32, RECORDS_MAX = 32, HEAD_BYTES = 1024 };

/* All of a vault, in the clear: what an insider has before him. */
struct body {
    struct wb_record *record;
    int entry; /* its place in the log; -1: dropped */
};
struct insider {
    struct wb_vault *v;
    struct wb_entry entries[ENTRIES_MAX];
    int entry_count;
    struct body bodies[RECORDS_MAX];
    int body_count;
};

static struct room room;
static char kept[HEAD_BYTES], words[HEAD_BYTES];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static int
setup(void **state)
{
    struct wb_vault *v;
    struct wb_error e = {0};
    const char *text;
    char *spelled = NULL;

    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 1000);
    v = room_open(room.vault);
    ok(wb_head(v, &text, &e), &e);
    room_text(kept, sizeof kept, "%s", text);
    ok(wb_head_words(v, &spelled, &e), &e);
    room_text(words, sizeof words, "%s", spelled);
    wb_text_free(spelled);
    wb_vault_close(&v);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* ---- reading everything ---- */

static void
take_all(struct insider *i)
{
    struct wb_error e = {0};
    uint64_t row = 0;

    *i = (struct insider){.v = room_open(room.vault)};
    for (uint64_t n = 1; n < wb_store_state(i->v)->next_log; n++)
        ok(wb_log_read(i->v, &i->entries[i->entry_count++], n, &e), &e);
    while (wb_rows_next(i->v, &row, NULL) == WB_OK) {
        struct body *b = &i->bodies[i->body_count++];

        ok(wb_custody_open_row(i->v, &b->record, row, &e), &e);
        b->entry = (int)b->record->leaf;
    }
    assert_true(i->entry_count >= 7 && i->body_count >= 6);
}

/* ---- writing it all again ---- */

static void
sql(struct wb_vault *v, const char *text)
{
    char *why = NULL;

    if (sqlite3_exec(v->db, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", text, why);
}

/* store FORMAT.md section 9, written out a second time. */
static void
put_log_row(struct wb_vault *v, uint64_t row, const struct wb_entry *entry)
{
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, 65536);
    wb_put_u64(&b, row);
    wb_put_u8(&b, (uint8_t)entry->action);
    wb_put_u8(&b, entry->has_root);
    wb_buf_add(&b, entry->root, sizeof entry->root);
    wb_buf_add(&b, entry->time_salt, sizeof entry->time_salt);
    wb_put_u64(&b, entry->seconds);
    wb_buf_add(&b, entry->detail_salt, sizeof entry->detail_salt);
    wb_put_long(&b, entry->detail, entry->detail_size);
    wb_buf_add(&b, entry->id.bytes, sizeof entry->id.bytes);
    wb_put_u64(&b, entry->record_row);
    ok(wb_buf_check(&b, &e), &e);
    ok(wb_sealed_put(v, WB_TABLE_LOG, row, b.data, b.size, &e), &e);
    wb_buf_wipe(&b);
}

static void
put_entry(struct wb_vault *v, const struct wb_entry *entry)
{
    struct wb_vault_state *s = wb_store_state(v);
    struct wb_merkle_row nodes;
    struct wb_error e = {0};
    struct wb_buf leaf;
    uint8_t hash[WB_HASH_BYTES];

    wb_buf_init(&leaf, WB_LEAF_BYTES_MAX);
    put_log_row(v, s->next_log, entry);
    ok(wb_entry_leaf(&leaf, entry, &e), &e);
    wb_merkle_leaf(hash, leaf.data, leaf.size);
    ok(wb_merkle_append(&s->edge, &nodes, hash, &e), &e);
    ok(wb_sealed_put(v, WB_TABLE_NODES, s->next_log, nodes.hashes,
           nodes.count * WB_HASH_BYTES, &e),
        &e);
    s->next_log++;
    wb_buf_wipe(&leaf);
}

static uint32_t
ordinal_of(const struct insider *i, int body)
{
    uint32_t ordinal = 0;

    for (int n = 0; n < body; n++)
        ordinal += i->bodies[n].entry >= 0 &&
            wb_id_equal(&i->bodies[n].record->id, &i->bodies[body].record->id);
    return ordinal;
}

static void
put_body(struct insider *i, int body)
{
    const struct body *b = &i->bodies[body];
    struct wb_wrap w = {.id = b->record->id,
        .ordinal = ordinal_of(i, body),
        .leaf = (uint64_t)b->entry};
    struct wb_error e = {0};
    struct wb_buf out;

    wb_buf_init(&out, WB_RECORD_BYTES_MAX);
    memcpy(w.root, b->record->root, WB_ROOT_BYTES);
    wb_record_encode(&out, b->record);
    ok(wb_buf_check(&out, &e), &e);
    ok(wb_rows_put(i->v, &w, out.data, out.size, &e), &e);
    if (i->entries[b->entry].record_row != 0)
        i->entries[b->entry].record_row = w.row;
    wb_buf_wipe(&out);
}

static void
let_go(struct insider *i)
{
    for (int n = 0; n < i->body_count; n++)
        wb_record_free(&i->bodies[n].record);
    for (int n = 0; n < i->entry_count; n++)
        wb_entry_wipe(&i->entries[n]);
    wb_vault_close(&i->v);
}

/* The real signing key is drawn before its record is gone. */
static void
write_all(struct insider *i)
{
    struct wb_vault_state *s = wb_store_state(i->v);
    struct wb_identity_keys keys = {0};
    struct wb_error e = {0};

    ok(wb_identity_open(i->v, &keys, &e), &e);
    ok(wb_store_begin(i->v, &e), &e);
    sql(i->v,
        "DELETE FROM wraps; DELETE FROM bodies; DELETE FROM lookups; DELETE FROM log; "
        "DELETE FROM nodes; UPDATE sqlite_sequence SET seq = 0 WHERE name IN "
        "('wraps', 'log')");
    s->next_row = s->next_log = 1;
    s->rows = 0;
    s->edge = (struct wb_merkle_edge){0};
    for (int n = 0; n < i->body_count; n++)
        if (i->bodies[n].entry >= 0)
            put_body(i, n);
    for (int n = 0; n < i->entry_count; n++)
        put_entry(i->v, &i->entries[n]);
    ok(wb_log_sign(i->v, keys.log, &e), &e);
    ok(wb_store_commit(i->v, &e), &e);
    wb_identity_wipe(&keys);
    let_go(i);
}

/* ---- what must come of it ---- */

static enum wb_standing
stands(const char *text)
{
    struct wb_vault *v = room_open(room.vault);
    enum wb_standing standing = WB_STANDING_OTHER;
    struct wb_error e = {0};
    enum wb_status st = wb_head_check(v, text, strlen(text), &standing, &e);

    assert_int_equal(st == WB_OK, standing == WB_STANDING_WHOLE);
    wb_vault_close(&v);
    return standing;
}

/* The vault agrees with itself, so that only the head from outside can tell. */
static void
assert_only_the_head_tells(enum wb_standing standing)
{
    room_assert_sound(room.vault);
    assert_int_equal(stands(kept), standing);
    assert_int_equal(stands(words), standing);
}

/* No leaf was touched: the head holds, and verify itself must name it. */
static void
assert_verify_names(const char *kind)
{
    struct room_finding *f = malloc(sizeof *f);

    assert_non_null(f);
    assert_int_equal(stands(kept), WB_STANDING_WHOLE);
    room_examine(f, room.vault);
    if (!room_is_named(f))
        fail_msg("nobody noticed");
    if (strstr(f->said, kind) == NULL)
        fail_msg("not called %s: %s", kind, f->said);
    free(f);
}

static int
find_body(const struct insider *i, const struct wb_id *id, uint32_t revision)
{
    for (int n = 0; n < i->body_count; n++)
        if (wb_id_equal(&i->bodies[n].record->id, id) &&
            i->bodies[n].record->revision == revision)
            return n;
    fail_msg("no such record");
    return -1;
}

/* Takes an entry out and moves the records behind it up. */
static void
remove_entry(struct insider *i, int at)
{
    wb_entry_wipe(&i->entries[at]);
    memmove(&i->entries[at], &i->entries[at + 1],
        (size_t)(i->entry_count - at - 1) * sizeof i->entries[0]);
    i->entry_count--;
    for (int n = 0; n < i->body_count; n++) {
        if (i->bodies[n].entry == at)
            i->bodies[n].entry = -1;
        else if (i->bodies[n].entry > at)
            i->bodies[n].entry--;
    }
}

/* ---- the attacks ---- */

static void
writing_the_same_again_is_no_forgery(void **state)
{
    struct insider i;

    (void)state;
    take_all(&i);
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_WHOLE);
}

static void
a_changed_paragraph_is_named(void **state)
{
    struct insider i;
    struct body *b;

    (void)state;
    take_all(&i);
    b = &i.bodies[find_body(&i, &room.statement, 1)];
    wb_record_place(b->record, 3)->values[0].text = "They came in the morning.";
    wb_record_place(b->record, 3)->values[0].size = 25;
    wb_record_commit(b->record);
    memcpy(i.entries[b->entry].root, b->record->root, WB_ROOT_BYTES);
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_FORK);
}

static void
another_attachment_is_named(void **state)
{
    struct insider i;
    struct body *b;

    (void)state;
    take_all(&i);
    b = &i.bodies[find_body(&i, &room.evidence, 1)];
    wb_record_place(b->record, 2)->values[0].text = "other.jpg";
    wb_record_place(b->record, 2)->values[0].size = 9;
    wb_record_commit(b->record);
    memcpy(i.entries[b->entry].root, b->record->root, WB_ROOT_BYTES);
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_FORK);
}

static void
an_entry_with_another_time_is_named(void **state)
{
    struct insider i;

    (void)state;
    take_all(&i);
    i.entries[3].seconds -= 86400;
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_FORK);
}

/* Only what is read of it is another: the tree and its head stay as they were. */
static void
an_entry_that_is_not_its_leaf_is_named(void **state)
{
    struct insider i;
    struct wb_error e = {0};

    (void)state;
    take_all(&i);
    i.entries[3].seconds -= 86400;
    ok(wb_store_begin(i.v, &e), &e);
    sql(i.v, "DELETE FROM log WHERE row = 4");
    put_log_row(i.v, 4, &i.entries[3]);
    ok(wb_store_commit(i.v, &e), &e);
    let_go(&i);
    assert_verify_names("log altered");
}

static void
an_entry_with_another_actor_is_named(void **state)
{
    struct insider i;

    (void)state;
    take_all(&i);
    i.entries[3].detail[i.entries[3].detail_size - 2] ^= 1;
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_FORK);
}

static void
an_entry_with_another_action_is_named(void **state)
{
    struct insider i;

    (void)state;
    take_all(&i);
    i.entries[i.entry_count - 1].action = WB_ACTION_ADD; /* it was an amendment */
    write_all(&i);
    assert_only_the_head_tells(WB_STANDING_FORK);
}

static void
every_dropped_entry_is_named(void **state)
{
    unsigned dropped = 0;

    (void)state;
    for (int at = 0; at < 16; at++) {
        struct insider i;

        teardown(NULL);
        setup(NULL);
        take_all(&i);
        if (at >= i.entry_count) {
            write_all(&i);
            break;
        }
        if (wb_id_equal(&i.entries[at].id, &wb_store_state(i.v)->identity)) {
            /* nobody could sign without it */
            write_all(&i);
            continue;
        }
        remove_entry(&i, at);
        write_all(&i);
        assert_int_equal(stands(kept), WB_STANDING_ROLLED_BACK);
        assert_int_equal(stands(words), WB_STANDING_ROLLED_BACK);
        dropped++;
    }
    assert_true(dropped >= 6);
}

/* The size is made up for, so that the head is inside of the log. */
static void
a_dropped_record_with_a_new_one_behind_is_named(void **state)
{
    const char *const fields[] = {"title", "filler", NULL};
    struct insider i;
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    take_all(&i);
    remove_entry(&i, i.bodies[find_body(&i, &room.statement, 1)].entry);
    /* what is about it goes too */
    remove_entry(&i, i.bodies[find_body(&i, &room.evidence, 1)].entry);
    wb_store_state(i.v)->files = 0;
    write_all(&i);
    v = room_open(room.vault);
    sqlite3_exec(v->db, "DELETE FROM chunks", NULL, NULL, NULL);
    ok(room_add(v, NULL, &e, "incident", fields), &e);
    ok(room_add(v, NULL, &e, "incident", fields), &e);
    wb_vault_close(&v);
    assert_int_equal(stands(kept), WB_STANDING_FORK);
    assert_int_equal(stands(words), WB_STANDING_FORK);
}

static void
an_inserted_entry_is_named(void **state)
{
    unsigned inserted = 0;

    (void)state;
    for (int at = 0; at < 16; at++) {
        struct insider i;
        struct wb_entry made;

        teardown(NULL);
        setup(NULL);
        take_all(&i);
        if (at > i.entry_count) {
            write_all(&i);
            break;
        }
        made = (struct wb_entry){.action = WB_ACTION_EXPORT, .seconds = 1795435200};
        memmove(&i.entries[at + 1], &i.entries[at],
            (size_t)(i.entry_count - at) * sizeof made);
        i.entries[at] = made;
        i.entry_count++;
        for (int n = 0; n < i.body_count; n++)
            i.bodies[n].entry += i.bodies[n].entry >= at;
        write_all(&i);
        /* at the end it is an entry like any other: the log goes on from the head */
        if (at < i.entry_count - 1)
            assert_int_equal(stands(kept), WB_STANDING_FORK);
        else
            assert_int_equal(stands(kept), WB_STANDING_WHOLE);
        inserted++;
    }
    assert_true(inserted >= 8);
}

static void
every_reordered_pair_is_named(void **state)
{
    unsigned swapped = 0;

    (void)state;
    for (int at = 2; at < 16; at++) {
        struct insider i;
        struct wb_entry other;

        teardown(NULL);
        setup(NULL);
        take_all(&i);
        if (at + 1 >= i.entry_count) {
            write_all(&i);
            break;
        }
        other = i.entries[at];
        i.entries[at] = i.entries[at + 1];
        i.entries[at + 1] = other;
        for (int n = 0; n < i.body_count; n++)
            if (i.bodies[n].entry == at || i.bodies[n].entry == at + 1)
                i.bodies[n].entry = 2 * at + 1 - i.bodies[n].entry;
        write_all(&i);
        assert_int_equal(stands(kept), WB_STANDING_FORK);
        assert_int_equal(stands(words), WB_STANDING_FORK);
        swapped++;
    }
    assert_true(swapped >= 4);
}

/* ---- what no leaf holds: verify names it ---- */

/* The row and the id stand in the entry, not in its leaf. */
static void
an_entry_that_forgets_its_record_is_named(void **state)
{
    struct insider i;
    struct body *b;

    (void)state;
    take_all(&i);
    b = &i.bodies[find_body(&i, &room.statement, 1)];
    i.entries[b->entry].record_row = 0;
    i.entries[b->entry].id = (struct wb_id){0};
    b->entry = -1;
    write_all(&i);
    assert_verify_names("row missing");
}

static void
an_entry_that_names_the_row_of_another_is_named(void **state)
{
    struct insider i;
    struct body *b, *other;

    (void)state;
    take_all(&i);
    b = &i.bodies[find_body(&i, &room.statement, 1)];
    other = &i.bodies[find_body(&i, &room.person, 1)];
    i.entries[b->entry].record_row = 2;
    i.entries[b->entry].id = other->record->id;
    b->entry = -1;
    write_all(&i);
    assert_verify_names("row missing");
}

/* Ours becomes somebody else's, and is no longer counted as our word. */
static void
a_record_that_changes_its_author_is_named(void **state)
{
    struct insider i;
    struct body *b;

    (void)state;
    take_all(&i);
    b = &i.bodies[find_body(&i, &room.person, 1)];
    b->record->foreign = true;
    write_all(&i);
    assert_verify_names("row replaced");
}

/* The newest revision is hidden behind a number that nobody asks for. */
static void
a_revision_that_is_no_longer_found_is_named(void **state)
{
    struct wb_identity_keys keys = {0};
    struct wb_wrap w = {0};
    struct wb_error e = {0};
    struct wb_buf body;
    struct wb_vault *v;
    struct wb_record *r = NULL;
    char text[160];
    uint64_t row = 0;

    (void)state;
    wb_buf_init(&body, WB_RECORD_BYTES_MAX);
    v = room_open(room.vault);
    ok(wb_identity_open(v, &keys, &e), &e);
    ok(wb_rows_lookup(v, &row, &room.other, 1, &e), &e);
    ok(wb_rows_wrap(v, &w, row, &e), &e);
    ok(wb_rows_body(v, &w, &body, &e), &e);
    ok(wb_store_begin(v, &e), &e);
    room_text(text, sizeof text,
        "DELETE FROM wraps WHERE row = %d; DELETE FROM bodies WHERE row = %d; DELETE "
        "FROM lookups WHERE row = %d",
        (int)row, (int)row, (int)row);
    sql(v, text);
    w.ordinal = 5;
    wb_store_state(v)->next_row = row;
    wb_store_state(v)->rows--;
    ok(wb_rows_put(v, &w, body.data, body.size, &e), &e);
    ok(wb_log_sign(v, keys.log, &e), &e);
    ok(wb_store_commit(v, &e), &e);
    ok(wb_record_load(v, &r, &room.other, &e), &e);
    assert_int_equal(r->revision, 1); /* it worked: the old one is shown */
    wb_record_free(&r);
    wb_identity_wipe(&keys);
    wb_buf_wipe(&body);
    wb_vault_close(&v);
    assert_verify_names("lookup");
}

/* A second row for what the log names once. */
static void
a_record_without_an_entry_is_named(void **state)
{
    struct insider i;
    struct body *made;
    struct wb_error e = {0};
    struct wb_buf out;

    (void)state;
    take_all(&i);
    wb_buf_init(&out, WB_RECORD_BYTES_MAX);
    wb_record_encode(&out, i.bodies[find_body(&i, &room.person, 1)].record);
    made = &i.bodies[i.body_count++];
    ok(wb_record_decode(&made->record, out.data, out.size, &e), &e);
    made->record->id.bytes[0] ^= 1;
    wb_record_commit(made->record);
    made->entry = 4;
    wb_buf_wipe(&out);
    write_all(&i);
    assert_verify_names("row ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(writing_the_same_again_is_no_forgery),
        CASE(a_changed_paragraph_is_named),
        CASE(another_attachment_is_named),
        CASE(an_entry_with_another_time_is_named),
        CASE(an_entry_that_is_not_its_leaf_is_named),
        CASE(an_entry_with_another_actor_is_named),
        CASE(an_entry_with_another_action_is_named),
        CASE(every_dropped_entry_is_named),
        CASE(a_dropped_record_with_a_new_one_behind_is_named),
        CASE(an_inserted_entry_is_named),
        CASE(every_reordered_pair_is_named),
        CASE(an_entry_that_forgets_its_record_is_named),
        CASE(an_entry_that_names_the_row_of_another_is_named),
        CASE(a_record_that_changes_its_author_is_named),
        CASE(a_revision_that_is_no_longer_found_is_named),
        CASE(a_record_without_an_entry_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
