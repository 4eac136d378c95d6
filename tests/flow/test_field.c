/* tests/flow/test_field.c - a field vault in the officer's hands: the image and the
 * passphrase open no testimony. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/destroy.h>
#include <witnessbox/field.h>
#include <witnessbox/text.h>

#include "crypto/box.h"
#include "holder.h"
#include "record/record.h"
#include "store/session.h"

enum { FILE_BYTES = 20000, KEYS_MAX = 64, LABELS = 20, NAME_BYTES = 16 };

/* Stands in every record, in the file and its name, and in a reason. */
static const char canary[] = "Chemenore";

static struct room room;
static char owner_path[ROOM_PATH_BYTES], file_path[ROOM_PATH_BYTES];
static uint8_t owner_point[32];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

/* ---- two vaults with the same in them ---- */

static void
make_vault(const char *path, const uint8_t *owner)
{
    const struct wb_vault_options options = {.kdf_memory_mib = 64, .owner = owner};
    struct wb_error e = {0};

    ok(wb_vault_create(path, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
}

static void
find_owner(void)
{
    struct wb_vault *v = room_open(owner_path);
    struct wb_owner owner;
    struct wb_error e = {0};
    char *card = NULL;

    ok(wb_identity_export(v, &card, &e), &e);
    ok(wb_card_owner(&owner, card, strlen(card), &e), &e);
    memcpy(owner_point, owner.collect, sizeof owner_point);
    wb_text_free(card);
    wb_vault_close(&v);
}

static void
fill(const char *path)
{
    const char *const fields[] = {"text", canary, "text", "Another paragraph.", NULL};
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    struct wb_id id;

    ok(room_add(v, &id, &e, "statement", fields), &e);
    ok(room_attach(v, NULL, &id, file_path, &e), &e);
    wb_vault_close(&v);
}

static int
setup(void **state)
{
    static uint8_t bytes[FILE_BYTES];

    (void)state;
    room_quick_keys();
    room_make(&room);
    room_path(owner_path, &room, "owner");
    room_path(file_path, &room, "Chemenore.jpg");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)canary[i % (sizeof canary - 1)];
    room_write(file_path, bytes, sizeof bytes);
    make_vault(owner_path, NULL);
    find_owner();
    make_vault(room.vault, owner_point);
    fill(owner_path);
    fill(room.vault);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* ---- the officer ---- */

/* What he has: every key that follows from the passphrase, and what he opened. */
struct officer {
    struct wb_vault *v;
    struct wb_secret *keys[KEYS_MAX];
    size_t count;
    struct {
        char name[NAME_BYTES];
        unsigned blobs, opened;
    } tables[16];
    size_t table_count;
    bool canary; /* seen in what he opened */
};

static void
take_key(struct officer *o, const uint8_t *bytes)
{
    assert_true(o->count < KEYS_MAX);
    assert_int_equal(wb_secret_new(&o->keys[o->count], WB_KEY_BYTES, NULL), WB_OK);
    memcpy(wb_secret_room(o->keys[o->count++]), bytes, WB_KEY_BYTES);
}

/* P, and the slot's keys, which the session forgets. */
static void
take_slot(struct officer *o)
{
    const struct wb_pass pass = {ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), NULL};
    const uint8_t *slot = o->v->header.bytes + 96 + o->v->slot * WB_SLOT_BYTES;
    struct wb_secret *p = NULL, *key = NULL;
    uint8_t context[1 + WB_VAULT_ID_BYTES] = {(uint8_t)o->v->slot}, secret[32];

    memcpy(context + 1, wb_header_vault_id(&o->v->header), WB_VAULT_ID_BYTES);
    assert_int_equal(wb_header_stretch(&p, &o->v->header, &pass, NULL), WB_OK);
    assert_int_equal(wb_secret_new(&key, WB_KEY_BYTES, NULL), WB_OK);
    take_key(o, wb_secret_bytes(p));
    wb_kdf_derive(key, p, "slot", context, sizeof context);
    take_key(o, wb_secret_bytes(key));
    wb_kdf_derive(key, key, "slot box", NULL, 0);
    take_key(o, wb_secret_bytes(key));
    assert_true(wb_box_open(secret, slot + 32, 72, key));
    take_key(o, secret);
    wb_secret_free(&key);
    wb_secret_free(&p);
}

/* Everything that the open session has, and the seed of the log. */
static void
take_session(struct officer *o)
{
    struct wb_vault *v = o->v;
    struct wb_secret *const held[] = {v->root, v->header_key, v->state_key, v->wrap_key,
        v->lookup_key, v->staging_key, v->state.field_log};

    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (held[i] != NULL)
            take_key(o, wb_secret_bytes(held[i]));
    for (unsigned i = 0; i < v->state.epoch_count; i++)
        take_key(o, wb_secret_bytes(v->state.epochs) + (size_t)i * WB_KEY_BYTES);
}

static bool
contains(const uint8_t *bytes, size_t size)
{
    return memmem(bytes, size, canary, sizeof canary - 1) != NULL;
}

/* Boxes of any key, boxes without their nonce (chunks), and what was sealed to it. */
static bool
try_key(uint8_t *plain, const uint8_t *blob, size_t size, const struct wb_secret *key)
{
    uint8_t nonce[WB_BOX_NONCE_BYTES] = {0};

    if (size >= WB_BOX_EXTRA_BYTES && wb_box_open(plain, blob, size, key))
        return true;
    for (uint8_t last = 0; last < 2 && size > WB_BOX_TAG_BYTES; last++) {
        nonce[8] = last;
        if (wb_box_open_at(plain, blob, size, nonce, key))
            return true;
    }
    return false;
}

static const char *const labels[LABELS] = {"slot", "slot commitment", "slot box",
    "header", "state", "wrap", "lookup", "log row", "node row", "head row", "draft row",
    "index page", "staging row", "staging tag", "unlogged", "body", "chunk",
    "header mac", "witnessbox/v1 owner mark", "witnessbox/v1 log mark"};

/* Every label, with every context that he can make up for a row. */
static bool
try_derived(uint8_t *plain, const uint8_t *blob, size_t size, const struct officer *o,
    const struct wb_secret *key, uint64_t row)
{
    uint8_t context[WB_VAULT_ID_BYTES + 8];
    const struct {
        size_t at, size;
    } parts[] = {
        {0, 0}, {0, WB_VAULT_ID_BYTES}, {WB_VAULT_ID_BYTES, 8}, {0, sizeof context}};
    struct wb_secret *derived = NULL;
    bool opened = false;

    memcpy(context, wb_header_vault_id(&o->v->header), WB_VAULT_ID_BYTES);
    for (int i = 0; i < 8; i++)
        context[WB_VAULT_ID_BYTES + i] = (uint8_t)(row >> 8 * i);
    assert_int_equal(wb_secret_new(&derived, WB_KEY_BYTES, NULL), WB_OK);
    for (int l = 0; l < LABELS && !opened; l++)
        for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !opened; i++) {
            wb_kdf_derive(
                derived, key, labels[l], context + parts[i].at, parts[i].size);
            opened = try_key(plain, blob, size, derived);
            if (!opened && parts[i].at == 0 && size > WB_SEALED_EXTRA_BYTES &&
                parts[i].size == WB_VAULT_ID_BYTES)
                opened = wb_sealed_open(plain, blob, size, derived);
        }
    wb_secret_free(&derived);
    return opened;
}

/* A wrap that opened gives the record's key, and with it body and file. */
static void
follow_wrap(struct officer *o, uint64_t row)
{
    struct wb_attachment a = {0};
    struct wb_record *r = NULL;
    struct wb_wrap w = {0};
    struct wb_buf body;

    wb_buf_init(&body, 1 << 20);
    assert_int_equal(wb_rows_wrap(o->v, &w, row, NULL), WB_OK);
    assert_int_equal(wb_rows_body(o->v, &w, &body, NULL), WB_OK);
    o->canary |= contains(body.data, body.size);
    assert_int_equal(wb_record_decode(&r, body.data, body.size, NULL), WB_OK);
    if (strcmp(r->kind, "evidence") == 0) {
        assert_int_equal(wb_attachment_new(&a, NULL), WB_OK);
        assert_int_equal(
            wb_attachment_decode(&a, r->private_part, r->private_size, NULL), WB_OK);
        take_key(o, wb_secret_bytes(a.key));
        wb_attachment_wipe(&a);
    }
    wb_record_free(&r);
    wb_buf_wipe(&body);
}

static void
attack_blob(
    struct officer *o, unsigned table, uint64_t row, const uint8_t *blob, size_t size)
{
    uint8_t *plain = calloc(1, size + 1);
    bool opened = false;

    assert_non_null(plain);
    for (size_t i = o->count; i > 0 && !opened; i--) /* what was found last, first */
        opened = try_key(plain, blob, size, o->keys[i - 1]) ||
            (size > WB_SEALED_EXTRA_BYTES &&
                wb_sealed_open(plain, blob, size, o->keys[i - 1])) ||
            try_derived(plain, blob, size, o, o->keys[i - 1],
                strcmp(o->tables[table].name, "chunks") == 0 ? row >> 24 : row);
    o->tables[table].blobs++;
    o->tables[table].opened += opened;
    if (opened) {
        o->canary |= contains(plain, size);
        if (strcmp(o->tables[table].name, "wraps") == 0)
            follow_wrap(o, row);
    }
    free(plain);
}

static void
attack_table(struct officer *o, const char *name, const char *column)
{
    char sql[128];
    sqlite3_stmt *s;

    room_text(o->tables[o->table_count].name, NAME_BYTES, "%s", name);
    room_text(sql, sizeof sql, "SELECT rowid, %s FROM %s", column, name);
    assert_int_equal(sqlite3_prepare_v2(o->v->db, sql, -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW)
        attack_blob(o, (unsigned)o->table_count, (uint64_t)sqlite3_column_int64(s, 0),
            sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1));
    (void)sqlite3_finalize(s);
    o->table_count++;
}

/* The wraps come before what they open. */
static void
attack(struct officer *o, const char *path)
{
    static const char *const tables[][2] = {{"state", "sealed"}, {"log", "sealed"},
        {"nodes", "sealed"}, {"heads", "sealed"}, {"drafts", "sealed"},
        {"pages", "sealed"}, {"wraps", "wrap"}, {"bodies", "body"}, {"chunks", "box"}};

    *o = (struct officer){.v = room_open(path)};
    take_slot(o);
    take_session(o);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        attack_table(o, tables[i][0], tables[i][1]);
}

static void
go_home(struct officer *o)
{
    for (size_t i = 0; i < o->count; i++)
        wb_secret_free(&o->keys[i]);
    wb_vault_close(&o->v);
}

static unsigned
opened(const struct officer *o, const char *table, unsigned least)
{
    for (size_t i = 0; i < o->table_count; i++)
        if (strcmp(o->tables[i].name, table) == 0) {
            assert_true(o->tables[i].blobs >= least);
            return o->tables[i].opened;
        }
    fail_msg("no table %s", table);
    return 0;
}

static void
image_and_passphrase_open_no_testimony_of_a_field_vault(void **state)
{
    struct officer o;

    (void)state;
    attack(&o, room.vault);
    assert_int_equal(opened(&o, "state", 1), 1);
    assert_int_equal(
        opened(&o, "nodes", 3), 3); /* hashes: the tree goes on from them */
    assert_int_equal(opened(&o, "log", 3), 0);
    assert_int_equal(opened(&o, "wraps", 2), 0);
    assert_int_equal(opened(&o, "bodies", 2), 0);
    assert_int_equal(opened(&o, "chunks", 1), 0);
    assert_false(o.canary);
    go_home(&o);
}

static void
the_same_attack_opens_all_of_an_ordinary_vault(void **state)
{
    struct officer o;

    (void)state;
    attack(&o, owner_path);
    assert_int_equal(opened(&o, "log", 4), 4);
    assert_int_equal(opened(&o, "wraps", 3), 3);
    assert_int_equal(opened(&o, "chunks", 1), 1);
    assert_true(o.canary);
    go_home(&o);
}

/* ---- what the library refuses ---- */

static enum wb_status
read_id(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(v, &r, id, e);

    wb_record_free(&r);
    return st;
}

static bool
no_record(void *cookie, const struct wb_record *r)
{
    (void)cookie;
    fail_msg("shown: %s", wb_record_kind(r));
    return false;
}

static enum wb_status
list(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    const struct wb_list_filter all = {0};
    uint64_t damaged;

    (void)id;
    return wb_list(v, &all, no_record, NULL, &damaged, e);
}

static bool
no_entry(void *cookie, const struct wb_log_entry *entry)
{
    (void)cookie;
    fail_msg("shown: %s", entry->action);
    return false;
}

static enum wb_status
read_log(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    (void)id;
    return wb_log_each(v, NULL, no_entry, NULL, e);
}

static enum wb_status
amend(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    return room_amend(v, id, "Another text.", e);
}

static enum wb_status
shred(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_shredded done;

    return wb_shred(v, id, "a reason", &done, e);
}

static enum wb_status
rekey(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    (void)id;
    return wb_rekey(v, NULL, e);
}

static enum wb_status
add_passphrase(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    const struct wb_new_passphrase another = holder_words("another one");
    unsigned number;

    (void)id;
    return wb_passphrase_add(v, &number, &another, NULL, e);
}

static enum wb_status
remove_owner(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    (void)id;
    return wb_passphrase_remove(v, WB_OWNER_SLOT, NULL, e);
}

static enum wb_status
split(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct paper paper;

    (void)id;
    return holder_split(v, 2, 3, &paper, e);
}

static enum wb_status
restart(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    (void)id;
    return wb_head_restart(v, "a reason", e);
}

static enum wb_status
show_card(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_card card;

    (void)id;
    return wb_identity(v, &card, e);
}

static enum wb_status
export_it(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    char path[ROOM_PATH_BYTES];
    const char *const to[] = {
        "age1zfp0x52n43qtv8cajaytpwv5demmve5shnqkd5630w5gdnzq2pwq6w2ttr"};
    const struct wb_export_request request = {
        .to = to, .to_count = 1, .ids = id, .id_count = 1, .path = path};
    struct wb_exported exported;

    room_path(path, &room, "out.age");
    return wb_export(v, &request, &exported, e);
}

static enum wb_status
restore_it(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    const struct wb_restore how = {0};
    struct wb_restored done;
    char path[ROOM_PATH_BYTES];

    (void)id;
    room_path(path, &room, "restored");
    return wb_vault_restore(v, path, &how, &done, e);
}

static void
whatever_reads_or_leaves_is_refused_and_changes_nothing(void **state)
{
    enum wb_status (*const refused[])(struct wb_vault *, const struct wb_id *,
        struct wb_error *) = {read_id, list, read_log, amend, shred, rekey,
        add_passphrase, remove_owner, split, restart, show_card, export_it, restore_it};
    const char *const fields[] = {"text", "And this.", NULL};
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    struct wb_id id;

    (void)state;
    ok(room_add(v, &id, &e, "statement", fields), &e);
    wb_vault_close(&v);
    room_print(room.folder, before);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        e = (struct wb_error){0};
        v = room_open(room.vault);
        if (refused[i](v, &id, &e) != WB_ERR_POLICY)
            fail_msg("%zu: %s", i, e.message);
        room_assert_line(&e);
        assert_non_null(strstr(e.message, "field vault"));
        wb_vault_close(&v);
    }
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

/* ---- what it does ---- */

static void
it_is_sound_to_its_documenter_and_says_what_he_cannot_check(void **state)
{
    struct wb_verified verified;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    ok(wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, &e), &e);
    assert_int_equal(verified.problems, 0);
    assert_int_equal(verified.notes, 1);
    assert_true(verified.size >= 3);
    assert_int_equal(verified.records, 0);
    wb_vault_close(&v);
}

static void
references_are_taken_whole_and_unseen(void **state)
{
    const char *const dangling[] = {
        "text", "x", "incident", "zzzzzzzzzzzzzzzzzzzzzzzzzg", NULL};
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    struct wb_id id;

    (void)state;
    ok(room_add(v, NULL, &e, "statement", dangling), &e);
    ok(wb_find(v, &id, "zzzzzzzzzzzzzzzzzzzzzzzzzg", &e), &e);
    assert_int_equal(wb_find(v, &id, "zzzzzz", &e), WB_ERR_USAGE);
    room_assert_line(&e);
    wb_vault_close(&v);
}

static void
its_passphrase_changes_and_the_one_before_opens_it_no_more(void **state)
{
    const struct wb_new_passphrase another = holder_words("another one");
    char path[ROOM_PATH_BYTES];
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    room_path(path, &room, "changed");
    room_copy(room.vault, path);
    v = room_open(path);
    ok(wb_passphrase_change(v, &another, NULL, &e), &e);
    wb_vault_close(&v);
    assert_false(holder_opens(path, ROOM_PASSPHRASE));
    assert_true(holder_opens(path, "another one"));
    assert_int_equal(unlink(path), 0);
}

static void
the_mark_is_the_owners_and_another_owner_has_another(void **state)
{
    char mine[WB_MARK_BYTES], other[WB_MARK_BYTES];
    uint8_t point[32];
    struct wb_field_marks marks;
    struct wb_vault *v = room_open(room.vault), *ordinary;
    struct wb_error e = {0};

    (void)state;
    memcpy(point, owner_point, sizeof point);
    point[3] ^= 1;
    ok(wb_owner_mark(mine, owner_point, &e), &e);
    ok(wb_owner_mark(other, point, &e), &e);
    ok(wb_field_marks(v, &marks, &e), &e);
    assert_string_equal(marks.owner, mine);
    assert_string_not_equal(marks.vault, mine);
    assert_string_not_equal(other, mine);
    wb_vault_close(&v);
    ordinary = room_open(owner_path);
    assert_int_equal(wb_field_marks(ordinary, &marks, &e), WB_ERR_USAGE);
    wb_vault_close(&ordinary);
}

static void
a_collect_key_that_cannot_be_sealed_to_makes_no_vault(void **state)
{
    static const uint8_t low[32]; /* of order 1 */
    const struct wb_vault_options options = {.kdf_memory_mib = 64, .owner = low};
    char path[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    room_path(path, &room, "none");
    assert_int_equal(
        wb_vault_create(path, &options, ROOM_PASSPHRASE, 8, &e), WB_ERR_VALUE);
    room_assert_line(&e);
    assert_false(room_exists(path));
}

/* The flag is plain: a forger can turn it, and the passphrase's session finds out. */
static void
a_turned_flag_is_refused(void **state)
{
    const char *const paths[] = {owner_path, room.vault};
    char path[ROOM_PATH_BYTES];
    struct wb_error e = {0};
    uint8_t *bytes, *header;
    size_t size;

    (void)state;
    room_path(path, &room, "turned");
    for (int i = 0; i < 2; i++) {
        bytes = room_read(paths[i], &size);
        header = memmem(bytes + 16384, 16384, "witnessbox vault", 16);
        assert_non_null(header);
        header[18] ^= 1;
        room_write(path, bytes, size);
        free(bytes);
        assert_null(holder_open(path, ROOM_PASSPHRASE, &e));
        assert_int_equal(e.status, WB_ERR_INTEGRITY);
        assert_int_equal(unlink(path), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_and_passphrase_open_no_testimony_of_a_field_vault),
        cmocka_unit_test(the_same_attack_opens_all_of_an_ordinary_vault),
        cmocka_unit_test(whatever_reads_or_leaves_is_refused_and_changes_nothing),
        cmocka_unit_test(it_is_sound_to_its_documenter_and_says_what_he_cannot_check),
        cmocka_unit_test(references_are_taken_whole_and_unseen),
        cmocka_unit_test(its_passphrase_changes_and_the_one_before_opens_it_no_more),
        cmocka_unit_test(the_mark_is_the_owners_and_another_owner_has_another),
        cmocka_unit_test(a_collect_key_that_cannot_be_sealed_to_makes_no_vault),
        cmocka_unit_test(a_turned_flag_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
