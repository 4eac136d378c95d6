/* tests/flow/test_keys.c - passphrases, rekey, recovery and copies over the whole path.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holder.h"
#include <witnessbox/destroy.h>
#include <witnessbox/text.h>

#include "base/file.h"
#include "custody/change.h"
#include "store/session.h"

enum { AT_SLOTS = 96, ROWS_MAX = 16, WRAP_BYTES = 144, MANY = 70000 };

static struct room room;

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 300000);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static void
refused(enum wb_status st, const struct wb_error *e, enum wb_status status,
    const char *message)
{
    assert_int_equal(st, status);
    assert_string_equal(e->message, message);
    room_assert_line(e);
}

static unsigned
add(const char *text, const char *label)
{
    const struct wb_new_passphrase words = holder_words(text);
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    unsigned slot = 99;

    ok(wb_passphrase_add(v, &slot, &words, label, &e), &e);
    wb_vault_close(&v);
    return slot;
}

static enum wb_status
change(const char *from, const char *to, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(to);
    struct wb_vault *v = holder_open(room.vault, from, e);
    enum wb_status st;

    assert_non_null(v);
    st = wb_passphrase_change(v, &words, NULL, e);
    wb_vault_close(&v);
    return st;
}

static struct wb_id
add_statement(const char *passphrase, const char *text)
{
    const char *const fields[] = {"text", text, NULL};
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(room.vault, passphrase, &e);
    struct wb_id id = {0};

    assert_non_null(v);
    ok(room_add(v, &id, &e, "statement", fields), &e);
    wb_vault_close(&v);
    return id;
}

/* What the key tables of a file hold, read as anybody could. */
struct raw {
    uint8_t header[WB_HEADER_BYTES];
    uint8_t wraps[ROWS_MAX][WRAP_BYTES];
    int count;
};

static sqlite3 *
raw_open(const char *path)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void
raw_read(struct raw *raw, const char *path)
{
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *s = NULL;

    *raw = (struct raw){0};
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT body FROM header", -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(s, 0), WB_HEADER_BYTES);
    memcpy(raw->header, sqlite3_column_blob(s, 0), WB_HEADER_BYTES);
    sqlite3_finalize(s);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT wrap FROM wraps ORDER BY row", -1, &s, NULL),
        SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; raw->count++) {
        assert_true(raw->count < ROWS_MAX);
        assert_int_equal(sqlite3_column_bytes(s, 0), WRAP_BYTES);
        memcpy(raw->wraps[raw->count], sqlite3_column_blob(s, 0), WRAP_BYTES);
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
}

/* A slot's three parts each, and every wrap, in any file of the folder. */
static unsigned
search_slot(const struct raw *raw, unsigned slot)
{
    const uint8_t *at = raw->header + AT_SLOTS + slot * WB_SLOT_BYTES;

    return holder_search(room.folder, at, 32) +
        holder_search(room.folder, at + 32, 24) +
        holder_search(room.folder, at + 104, 32);
}

static unsigned
search_wraps(const struct raw *raw)
{
    unsigned found = 0;

    for (int i = 0; i < raw->count; i++)
        found += holder_search(room.folder, raw->wraps[i], 24);
    return found;
}

/* ---- passphrases ---- */

static void
a_changed_passphrase_opens_and_the_one_before_does_not(void **state)
{
    static struct raw before;
    struct wb_error e = {0};

    (void)state;
    raw_read(&before, room.vault);
    assert_int_equal(search_slot(&before, 0), 3);
    ok(change(ROOM_PASSPHRASE, "another one", &e), &e);
    assert_true(holder_opens(room.vault, "another one"));
    assert_false(holder_opens(room.vault, ROOM_PASSPHRASE));
    assert_int_equal(search_slot(&before, 0), 0);
    assert_int_equal(search_slot(&before, 1), 3);
}

static void
an_image_from_before_opens_with_what_opened_it_then(void **state)
{
    char image[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    room_path(image, &room, "image");
    room_copy(room.vault, image);
    ok(change(ROOM_PASSPHRASE, "another one", &e), &e);
    assert_true(holder_opens(image, ROOM_PASSPHRASE));
    assert_false(holder_opens(image, "another one"));
}

static void
eight_passphrases_open_and_a_ninth_has_no_place(void **state)
{
    const struct wb_new_passphrase words = holder_words("nine");
    struct wb_slot_view slots[WB_SLOT_COUNT];
    struct wb_error e = {0};
    struct wb_vault *v;
    char text[16];
    size_t count = 0;
    unsigned slot = 99;

    (void)state;
    for (unsigned i = 1; i < 8; i++) {
        room_text(text, sizeof text, "number %u", i);
        assert_int_equal(add(text, i == 3 ? "the desk" : NULL), i);
    }
    for (unsigned i = 1; i < 8; i++) {
        room_text(text, sizeof text, "number %u", i);
        assert_true(holder_opens(room.vault, text));
    }
    v = holder_open(room.vault, "number 5", &e);
    assert_non_null(v);
    refused(wb_passphrase_add(v, &slot, &words, NULL, &e), &e, WB_ERR_LIMIT,
        "all 8 slots are in use, remove one first");
    assert_int_equal(slot, 99);
    ok(wb_slots(v, slots, &count, &e), &e);
    assert_int_equal(count, 8);
    assert_string_equal(slots[0].label, "first");
    assert_string_equal(slots[3].label, "the desk");
    assert_string_equal(slots[4].label, "slot 4");
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(slots[i].number, i);
        assert_string_equal(slots[i].kind, "passphrase");
        assert_int_equal(slots[i].opened, i == 5);
    }
    wb_vault_close(&v);
}

static void
labels_that_cannot_tell_slots_apart_are_refused(void **state)
{
    static const char too_long[] = "0123456789012345678901234567890123456789"
                                   "0123456789012345678901234";
    static const char *const wrong[] = {"", "3", "two\nlines", too_long, "\xff"};
    const struct wb_new_passphrase words = holder_words("second");
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};
    unsigned slot = 99;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(
            wb_passphrase_add(v, &slot, &words, wrong[i], &e), WB_ERR_VALUE);
    refused(wb_passphrase_add(v, &slot, &words, "first", &e), &e, WB_ERR_VALUE,
        "label: slot 0 has it already, take another");
    assert_int_equal(slot, 99);
    refused(wb_slot_find(v, &slot, "second", &e), &e, WB_ERR_NOT_FOUND,
        "no slot in use has this label or number; `passphrase list` shows them");
    refused(wb_slot_find(v, &slot, "1", &e), &e, WB_ERR_NOT_FOUND,
        "no slot in use has this label or number; `passphrase list` shows them");
    ok(wb_slot_find(v, &slot, "first", &e), &e);
    assert_int_equal(slot, 0);
    wb_vault_close(&v);
    assert_false(holder_opens(room.vault, "second"));
}

static void
a_passphrase_that_cannot_be_one_changes_nothing(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_error e = {0};

    (void)state;
    room_print(room.folder, before);
    assert_int_equal(change(ROOM_PASSPHRASE, "", &e), WB_ERR_VALUE);
    assert_int_equal(change(ROOM_PASSPHRASE, "\xff\xfe", &e), WB_ERR_VALUE);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

static void
the_last_passphrase_is_never_removed(void **state)
{
    struct wb_vault *v = room_open(room.vault);
    struct paper paper;
    struct wb_error e = {0};

    (void)state;
    refused(wb_passphrase_remove(v, 0, NULL, &e), &e, WB_ERR_POLICY,
        "this is the last passphrase, it is not removed; `passphrase change` makes "
        "another of it");
    ok(holder_split(v, 2, 3, &paper, &e), &e); /* shares are no passphrase */
    refused(wb_passphrase_remove(v, 0, NULL, &e), &e, WB_ERR_POLICY,
        "this is the last passphrase, it is not removed; `passphrase change` makes "
        "another of it");
    refused(wb_passphrase_remove(v, 5, NULL, &e), &e, WB_ERR_NOT_FOUND,
        "slot 5 is not in use");
    refused(wb_passphrase_remove(v, 8, NULL, &e), &e, WB_ERR_NOT_FOUND,
        "slot 8 is not in use");
    wb_vault_close(&v);
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE));
}

/* ---- what a removed passphrase still opens ---- */

static void
exec(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* Header, state, wraps and lookups of an old image into a copy of the file of today. */
static void
transplant(const char *target, const char *image)
{
    sqlite3 *db = raw_open(target);
    char sql[ROOM_PATH_BYTES + 32];

    room_text(sql, sizeof sql, "ATTACH '%s' AS old", image);
    exec(db, sql);
    exec(db,
        "REPLACE INTO main.header SELECT * FROM old.header;"
        "REPLACE INTO main.state SELECT * FROM old.state;"
        "REPLACE INTO main.wraps SELECT * FROM old.wraps;"
        "DELETE FROM main.lookups; INSERT INTO main.lookups SELECT * FROM old.lookups");
    sqlite3_close(db);
}

/* No wrap and no log row of today opens with the keys of a session of the old image. */
static unsigned
count_opened(struct wb_vault *old, const char *path, uint64_t first_log)
{
    sqlite3 *db = raw_open(path);
    struct wb_secret *plain = NULL;
    struct wb_error e = {0};
    sqlite3_stmt *s = NULL;
    unsigned tried = 0, opened = 0;

    ok(wb_secret_new(&plain, WRAP_BYTES, &e), &e);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT wrap FROM wraps", -1, &s, NULL), SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; tried++)
        opened += wb_box_open(wb_secret_room(plain), sqlite3_column_blob(s, 0),
            WRAP_BYTES, old->wrap_key);
    sqlite3_finalize(s);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT row, epoch FROM log", -1, &s, NULL), SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; tried++)
        if ((uint64_t)sqlite3_column_int64(s, 0) >= first_log)
            opened += sqlite3_column_int(s, 1) < old->state.epoch_count;
    sqlite3_finalize(s);
    sqlite3_close(db);
    wb_secret_free(&plain);
    assert_true(tried > 10);
    return opened;
}

static void
a_removed_passphrase_opens_nothing_new_even_with_old_wraps(void **state)
{
    char image[ROOM_PATH_BYTES], mixed[ROOM_PATH_BYTES];
    struct wb_record *r = NULL;
    struct wb_error e = {0};
    struct wb_vault *v, *old;
    struct wb_id secret;

    (void)state;
    add("colleague", "colleague");
    room_path(image, &room, "image");
    room_path(mixed, &room, "mixed");
    room_copy(room.vault, image);
    v = room_open(room.vault);
    ok(wb_passphrase_remove(v, 1, NULL, &e), &e);
    wb_vault_close(&v);
    assert_false(holder_opens(room.vault, "colleague"));
    secret = add_statement(ROOM_PASSPHRASE, "told after the removal");
    assert_false(holder_opens(room.vault, "colleague"));

    old = holder_open(image, "colleague", &e);
    assert_non_null(old);
    assert_int_equal(count_opened(old, room.vault, old->state.next_log), 0);
    wb_vault_close(&old);

    room_copy(room.vault, mixed);
    transplant(mixed, image);
    old = holder_open(mixed, "colleague", &e);
    assert_non_null(old); /* it is the old vault in a new file */
    assert_int_not_equal(wb_record_load(old, &r, &secret, &e), WB_OK);
    assert_null(r);
    for (uint64_t row = 1; row < 10; row++)
        if (wb_custody_open_row(old, &r, row, &e) == WB_OK) {
            assert_false(wb_id_equal(wb_record_id(r), &secret));
            wb_record_free(&r);
        }
    wb_vault_close(&old);
    /* and what was there then was read then: an old image keeps it, SECURITY.md says so
     */
    assert_true(holder_opens(image, "colleague"));
}

static void
removing_leaves_no_old_slot_and_no_old_wrap_in_any_file(void **state)
{
    struct wb_vault *v;
    static struct raw before, after;
    struct wb_error e = {0};

    (void)state;
    add("colleague", "colleague");
    raw_read(&before, room.vault);
    assert_int_equal(search_slot(&before, 1), 3);
    assert_int_equal(search_wraps(&before), before.count);
    v = room_open(room.vault);
    ok(wb_passphrase_remove(v, 1, NULL, &e), &e);
    assert_int_equal(search_slot(&before, 1), 0); /* with the journal still beside it */
    assert_int_equal(search_wraps(&before), 0);
    wb_vault_close(&v);
    assert_int_equal(search_slot(&before, 1), 0);
    assert_int_equal(search_wraps(&before), 0);
    raw_read(&after, room.vault);
    assert_int_equal(after.count, before.count);
    /* all eight look new where the root is sealed; only the removed one is wholly new
     */
    for (unsigned i = 0; i < 8; i++) {
        const size_t at = AT_SLOTS + i * WB_SLOT_BYTES;

        assert_int_equal(
            memcmp(before.header + at, after.header + at, 104) == 0, i != 1);
        assert_memory_not_equal(before.header + at + 104, after.header + at + 104, 80);
    }
}

static void
whoever_removes_himself_stays_in_the_session_and_is_named(void **state)
{
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    add("colleague", "colleague");
    v = holder_open(room.vault, "colleague", &e);
    assert_non_null(v);
    ok(wb_passphrase_remove(v, 1, NULL, &e), &e);
    assert_false(wb_vault_is_locked(v));
    ok(wb_rekey(v, NULL, &e), &e);
    assert_int_equal(
        wb_passphrase_change(v, &(struct wb_new_passphrase){"x", 1, 0, 0}, NULL, &e),
        WB_ERR_POLICY);
    wb_vault_close(&v);
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE));
    assert_false(holder_opens(room.vault, "colleague"));
}

/* ---- rekey ---- */

static void
keep_progress(void *cookie, uint64_t done, uint64_t total, const char *what)
{
    uint64_t *last = cookie;

    assert_string_equal(what, "revisions sealed anew");
    assert_true(done >= *last && done <= total);
    *last = done;
}

static void
a_rekey_changes_every_key_and_nothing_else(void **state)
{
    uint8_t content[2][ROOM_PRINT_BYTES];
    uint64_t done = 0;
    const struct wb_progress progress = {keep_progress, &done};
    struct wb_vault *v;
    static struct raw before;
    struct wb_error e = {0};
    struct wb_vault_info info;

    (void)state;
    add("colleague", "colleague");
    raw_read(&before, room.vault);
    v = room_open(room.vault);
    ok(wb_vault_info(v, &info, &e), &e);
    for (int round = 0; round < 3; round++) {
        ok(wb_rekey(v, &progress, &e), &e);
        assert_int_equal(done, before.count);
        done = 0;
    }
    assert_int_equal(v->state.epoch_count, 4);
    ok(room_content(v, content[0], &e), &e);
    wb_vault_close(&v);
    assert_int_equal(search_wraps(&before), 0);
    for (unsigned i = 0; i < 8; i++) /* the root key in each of them */
        assert_int_equal(holder_search(room.folder,
                             before.header + AT_SLOTS + i * WB_SLOT_BYTES + 104, 32),
            0);
    assert_true(holder_opens(room.vault, "colleague"));
    v = room_open(room.vault);
    ok(room_content(v, content[1], &e), &e);
    assert_memory_equal(content[0], content[1], ROOM_PRINT_BYTES);
    assert_int_equal(v->state.rows, info.revisions);
    wb_vault_close(&v);
    add_statement(ROOM_PASSPHRASE, "after three rekeys");
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE));
}

/* More rows than a batch of lookups has. */
static void
a_rekey_of_many_rows_keeps_them_all(void **state)
{
    struct wb_wrap w = {0};
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    struct wb_id first = {{1}};
    uint64_t row = 0, done = 0, found = 0;
    const struct wb_progress progress = {keep_progress, &done};

    (void)state;
    /* rows below custody are enough here: wraps, bodies, lookups */
    ok(wb_store_begin(v, &e), &e);
    for (uint32_t i = 0; i < MANY; i++) {
        w = (struct wb_wrap){.id = first, .ordinal = i};
        ok(wb_rows_put(v, &w, (const uint8_t *)"x", 1, &e), &e);
    }
    ok(wb_store_rekey(v, progress.tell, progress.cookie, &e), &e);
    ok(wb_store_commit(v, &e), &e);
    assert_int_equal(done, v->state.rows);
    wb_vault_close(&v);
    v = room_open(room.vault);
    for (uint32_t i = 0; i < MANY; i += 997, found++) {
        ok(wb_rows_lookup(v, &row, &first, i, &e), &e);
        ok(wb_rows_wrap(v, &w, row, &e), &e);
        assert_int_equal(w.ordinal, i);
    }
    assert_int_equal(found, 71);
    wb_vault_close(&v);
}

static void
a_rekey_after_a_shred_keeps_the_rest(void **state)
{
    uint8_t content[2][ROOM_PRINT_BYTES];
    struct wb_shredded done;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    ok(wb_shred(v, &room.statement, "asked for by the witness", &done, &e), &e);
    ok(wb_rekey(v, NULL, &e), &e);
    ok(room_content(v, content[0], &e), &e);
    wb_vault_close(&v);
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE));
    v = room_open(room.vault);
    ok(room_content(v, content[1], &e), &e);
    wb_vault_close(&v);
    assert_memory_equal(content[0], content[1], ROOM_PRINT_BYTES);
}

static void
a_rekey_refuses_a_damaged_wrap_and_undoes_itself(void **state)
{
    struct wb_error e = {0};
    struct wb_vault *v;
    sqlite3 *db = raw_open(room.vault);

    (void)state;
    exec(db, "UPDATE wraps SET wrap = zeroblob(144) WHERE row = 3");
    sqlite3_close(db);
    v = room_open(room.vault);
    refused(wb_rekey(v, NULL, &e), &e, WB_ERR_INTEGRITY,
        "rekey: row 3: its key is altered or foreign");
    assert_int_equal(v->state.epoch_count, 1);
    wb_vault_close(&v);
    v = room_open(room.vault);
    assert_non_null(v);
    wb_vault_close(&v);
}

/* ---- parameters, key file ---- */

static void
parameters_change_only_with_the_last_passphrase(void **state)
{
    const struct wb_new_passphrase words = holder_words("stronger");
    const struct wb_kdf_choice choice = {128, 4, 4}, absurd = {32, 4, 4},
                               wrapped = {UINT32_MAX, 4, 4};
    struct wb_vault_info info;
    static struct raw before, after;
    struct wb_error e = {0};
    struct wb_vault *v;

    (void)state;
    add("colleague", "the desk");
    raw_read(&before, room.vault);
    v = room_open(room.vault);
    refused(wb_passphrase_change(v, &words, &choice, &e), &e, WB_ERR_POLICY,
        "the parameters change only with the last passphrase; remove these first: "
        "1 \"the desk\"");
    ok(wb_passphrase_remove(v, 1, NULL, &e), &e);
    assert_int_equal(wb_passphrase_change(v, &words, &absurd, &e), WB_ERR_USAGE);
    assert_int_equal(wb_passphrase_change(v, &words, &wrapped, &e), WB_ERR_USAGE);
    ok(wb_passphrase_change(v, &words, &choice, &e), &e);
    wb_vault_close(&v);
    assert_false(holder_opens(room.vault, ROOM_PASSPHRASE));
    v = holder_open(room.vault, "stronger", &e);
    assert_non_null(v);
    ok(wb_vault_info(v, &info, &e), &e);
    assert_int_equal(info.kdf_memory_mib, 128);
    assert_int_equal(info.kdf_passes, 4);
    wb_vault_close(&v);
    raw_read(&after, room.vault);
    assert_memory_not_equal(before.header + 64, after.header + 64, 32); /* the salt */
}

static void
a_vault_that_cannot_be_made_is_not_begun(void **state)
{
    static const uint8_t owner[32] = {9};
    static const struct {
        struct wb_vault_options options;
        enum wb_status status;
        const char *said;
    } cases[] = {
        {{.kdf_memory_mib = 63}, WB_ERR_USAGE, "memory"},
        {{.kdf_memory_mib = UINT32_MAX}, WB_ERR_USAGE, "memory"},
        {{.kdf_passes = 2}, WB_ERR_USAGE, "passes"},
        {{.kdf_lanes = 17}, WB_ERR_USAGE, "lanes"},
        {{.owner = owner, .name = "Ogul"}, WB_ERR_USAGE, "a field vault has no card"},
        {{.has_key_file = true, .key_file = -1}, WB_ERR_IO, "key file"},
    };
    char path[ROOM_PATH_BYTES];

    (void)state;
    room_path(path, &room, "not-begun");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wb_error e = {0};

        assert_int_equal(wb_vault_create(path, &cases[i].options, "four words", 10, &e),
            cases[i].status);
        assert_non_null(strstr(e.message, cases[i].said));
        room_assert_line(&e);
        assert_int_equal(
            wb_vault_create(path, &cases[i].options, "four words", 10, NULL),
            cases[i].status);
        assert_false(room_exists(path));
    }
}

static int
file_with(const char *text)
{
    char path[ROOM_PATH_BYTES];
    int fd;

    room_path(path, &room, "key");
    room_write(path, text, strlen(text));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* Argon2id as it is: the quick one of the tests does not look at key files. */
static bool
opens_with_key(const char *text, const char *key)
{
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(room.vault, NULL, &e);
    int fd = key == NULL ? -1 : file_with(key);
    enum wb_status st = WB_OK;

    assert_non_null(v);
    if (key != NULL)
        st = wb_vault_key_file(v, fd, &e);
    close(fd);
    ok(st, &e);
    st = wb_vault_unlock(v, text, strlen(text), &e);
    wb_vault_close(&v);
    assert_true(st == WB_OK || st == WB_ERR_PASSPHRASE);
    return st == WB_OK;
}

static void
a_key_file_is_needed_where_it_was_given(void **state)
{
    struct wb_new_passphrase words = holder_words("with key");
    struct wb_error e = {0};
    struct wb_vault *v;
    unsigned slot;

    (void)state;
    wb_kdf_source = NULL;
    ok(wb_crypto_start(&e), &e);
    assert_int_equal(remove(room.vault), 0);
    room_vault(&room);
    v = room_open(room.vault);
    words.key_file_use = WB_KEY_FILE_GIVEN;
    words.key_file = file_with("some photo");
    ok(wb_passphrase_add(v, &slot, &words, NULL, &e), &e);
    close(words.key_file);
    wb_vault_close(&v);
    assert_true(opens_with_key("with key", "some photo"));
    assert_false(opens_with_key("with key", NULL));
    assert_false(opens_with_key("with key", "another photo"));
    assert_true(opens_with_key(ROOM_PASSPHRASE, NULL));
    assert_false(opens_with_key(ROOM_PASSPHRASE, "some photo"));
    room_quick_keys();
}

static void
an_empty_key_file_is_refused(void **state)
{
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(room.vault, NULL, &e);
    int fd = file_with("");

    (void)state;
    refused(wb_vault_key_file(v, fd, &e), &e, WB_ERR_VALUE, "key file: empty");
    close(fd);
    wb_vault_close(&v);
}

/* ---- recovery ---- */

static void
any_three_of_five_shares_open_a_vault_whose_passphrase_is_lost(void **state)
{
    static const unsigned some[] = {5, 2, 4, 0};
    struct paper paper;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    struct wb_slot_view slots[WB_SLOT_COUNT];
    size_t count;

    (void)state;
    ok(holder_split(v, 3, 5, &paper, &e), &e);
    assert_int_equal(paper.count, 5);
    ok(wb_rekey(v, NULL, &e), &e); /* shares survive it */
    wb_vault_close(&v);
    ok(holder_recover(room.vault, &paper, some, "found again", &e), &e);
    assert_true(holder_opens(room.vault, "found again"));
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE)); /* until it is removed */
    v = holder_open(room.vault, "found again", &e);
    assert_non_null(v);
    ok(wb_slots(v, slots, &count, &e), &e);
    assert_int_equal(count, 2); /* the recovery slot is gone */
    assert_string_equal(slots[1].kind, "passphrase");
    wb_vault_close(&v);
    refused(holder_recover(room.vault, &paper, some, "again", &e), &e,
        WB_ERR_PASSPHRASE,
        "the shares open no slot: a later split or the removal of the recovery slot "
        "has "
        "made them void, or they are of different splits");
}

static void
a_new_split_or_a_removed_slot_makes_shares_void(void **state)
{
    static const unsigned two[] = {1, 2, 0};
    static struct paper first, second, mixed;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    unsigned slot;

    (void)state;
    ok(holder_split(v, 2, 3, &first, &e), &e);
    ok(holder_split(v, 2, 3, &second, &e), &e);
    ok(wb_slot_find(v, &slot, "recovery", &e), &e);
    assert_int_equal(slot, 1); /* the same one */
    wb_vault_close(&v);
    assert_int_equal(
        holder_recover(room.vault, &first, two, "a", &e), WB_ERR_PASSPHRASE);
    mixed = second;
    memcpy(mixed.lines[0], first.lines[0], HOLDER_LINE_BYTES);
    assert_int_equal(
        holder_recover(room.vault, &mixed, two, "a", &e), WB_ERR_PASSPHRASE);
    v = room_open(room.vault);
    ok(wb_passphrase_remove(v, slot, NULL, &e), &e);
    wb_vault_close(&v);
    assert_int_equal(
        holder_recover(room.vault, &second, two, "a", &e), WB_ERR_PASSPHRASE);
}

static enum wb_status
give(struct wb_recovery *r, unsigned *missing, const char *line, struct wb_error *e)
{
    return wb_recovery_add(r, missing, line, strlen(line), e);
}

static void
a_wrong_share_is_named_and_the_others_stay(void **state)
{
    static struct paper paper, other, of_two;
    struct room elsewhere;
    struct wb_recovery *r = NULL;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    unsigned missing = 99;
    char line[HOLDER_LINE_BYTES];

    (void)state;
    ok(holder_split(v, 2, 2, &of_two, &e), &e);
    ok(holder_split(v, 3, 5, &paper, &e), &e);
    wb_vault_close(&v);
    room_make(&elsewhere);
    room_vault(&elsewhere);
    v = room_open(elsewhere.vault);
    ok(holder_split(v, 3, 5, &other, &e), &e);
    wb_vault_close(&v);
    room_sweep(&elsewhere);

    v = holder_open(room.vault, NULL, &e);
    ok(wb_recovery_new(&r, v, &e), &e);
    assert_int_equal(wb_recovery_unlock(r, &e), WB_ERR_USAGE);
    ok(give(r, &missing, paper.lines[3], &e), &e);
    assert_int_equal(missing, 2);
    refused(give(r, &missing, paper.lines[3], &e), &e, WB_ERR_VALUE,
        "share number 4 was given already, as 1");
    room_text(line, sizeof line, "%s", paper.lines[1]);
    line[20] = line[20] == 'x' ? 'y' : 'x';
    line[21] = line[21] == ' ' ? ' ' : line[21];
    assert_int_equal(give(r, &missing, line, &e), WB_ERR_VALUE);
    assert_non_null(strstr(e.message, "mistyped: "));
    assert_int_equal(give(r, &missing, other.lines[0], &e), WB_ERR_VALUE);
    assert_non_null(strstr(e.message, "a share of another vault: its mark is "));
    refused(give(r, &missing, of_two.lines[0], &e), &e, WB_ERR_VALUE,
        "a share of another split: it needs 2, those before need 3");
    assert_int_equal(missing, 2);
    ok(give(r, &missing, paper.lines[0], &e), &e);
    refused(wb_recovery_unlock(r, &e), &e, WB_ERR_USAGE,
        "2 of the 3 shares that are needed");
    assert_true(wb_vault_is_locked(v));
    ok(give(r, &missing, paper.lines[2], &e), &e);
    assert_int_equal(missing, 0);
    ok(give(r, &missing, paper.lines[4], &e), &e); /* one more does no harm */
    ok(wb_recovery_unlock(r, &e), &e);
    assert_false(wb_vault_is_locked(v));
    wb_recovery_free(&r);
    wb_vault_close(&v);
}

static enum wb_status
stop_at_two(void *cookie, unsigned number, const char *share, struct wb_error *e)
{
    (void)cookie;
    (void)share;
    if (number == 2 && e != NULL)
        e->status = WB_ERR_IO;
    return number == 2 ? WB_ERR_IO : WB_OK;
}

static void
a_split_that_was_not_told_to_its_end_changes_nothing(void **state)
{
    static const unsigned two[] = {1, 2, 0};
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct paper paper;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    ok(holder_split(v, 2, 3, &paper, &e), &e);
    wb_vault_close(&v);
    room_print(room.folder, before);
    v = room_open(room.vault);
    assert_int_equal(wb_recovery_split(v, 2, 3, stop_at_two, NULL, &e), WB_ERR_IO);
    assert_int_equal(wb_recovery_split(v, 1, 3, stop_at_two, NULL, &e), WB_ERR_USAGE);
    assert_int_equal(wb_recovery_split(v, 2, 16, stop_at_two, NULL, &e), WB_ERR_USAGE);
    wb_vault_close(&v);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    ok(holder_recover(room.vault, &paper, two, "old shares", &e), &e);
}

static void
with_all_slots_in_use_the_passphrase_takes_the_place_of_the_shares(void **state)
{
    static const unsigned two[] = {2, 1, 0};
    struct paper paper;
    struct wb_error e = {0};
    struct wb_vault *v;
    char text[16];

    (void)state;
    for (unsigned i = 1; i < 7; i++) {
        room_text(text, sizeof text, "number %u", i);
        add(text, NULL);
    }
    v = room_open(room.vault);
    ok(holder_split(v, 2, 2, &paper, &e), &e);
    wb_vault_close(&v);
    ok(holder_recover(room.vault, &paper, two, "eighth", &e), &e);
    assert_true(holder_opens(room.vault, "eighth"));
    assert_int_equal(
        holder_recover(room.vault, &paper, two, "a", &e), WB_ERR_PASSPHRASE);
}

/* ---- copies ---- */

static void
a_backup_is_a_whole_vault_that_opens_with_the_same_passphrase(void **state)
{
    uint8_t content[2][ROOM_PRINT_BYTES];
    char copy[ROOM_PATH_BYTES], time[21] = "", none[21] = "as it was";
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    struct stat info;

    (void)state;
    room_path(copy, &room, "copy");
    assert_int_equal(wb_backup_last(v, none, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(none, "as it was");
    ok(wb_backup(v, copy, &e), &e);
    ok(wb_backup_last(v, time, &e), &e);
    assert_int_equal(strlen(time), 20);
    ok(room_content(v, content[0], &e), &e);
    assert_int_equal(wb_backup(v, copy, &e), WB_ERR_USAGE); /* nothing is overwritten */
    wb_vault_close(&v);
    assert_int_equal(stat(copy, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(holder_opens(copy, ROOM_PASSPHRASE));
    v = room_open(copy);
    ok(room_content(v, content[1], &e), &e);
    wb_vault_close(&v);
    assert_memory_equal(content[0], content[1], ROOM_PRINT_BYTES); /* entry included */
}

static int
no_space(enum wb_file_op op)
{
    return op == WB_FILE_RENAME ? 28 : 0;
}

static void
a_backup_that_was_not_made_is_not_the_last_one(void **state)
{
    char copy[ROOM_PATH_BYTES], other[ROOM_PATH_BYTES], time[21] = "", again[21] = "";
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    room_path(copy, &room, "copy");
    room_path(other, &room, "other");
    wb_file_fault = no_space;
    assert_int_equal(wb_backup(v, copy, &e), WB_ERR_IO);
    wb_file_fault = NULL;
    assert_false(room_exists(copy));
    assert_int_equal(wb_backup_last(v, time, &e), WB_ERR_NOT_FOUND);
    ok(wb_backup(v, other, &e), &e);
    ok(wb_backup_last(v, time, &e), &e);
    wb_file_fault = no_space;
    assert_int_equal(wb_backup(v, copy, &e), WB_ERR_IO);
    wb_file_fault = NULL;
    ok(wb_backup_last(v, again, &e), &e);
    assert_string_equal(time, again);
    wb_vault_close(&v);
    assert_true(holder_opens(room.vault, ROOM_PASSPHRASE));
}

struct seen {
    const char *wanted;
    char detail[ROOM_TEXT_BYTES];
    uint64_t index;
    unsigned count;
};

static bool
see(void *cookie, const struct wb_log_entry *entry)
{
    struct seen *s = cookie;

    if (strcmp(entry->action, s->wanted) == 0) {
        room_text(s->detail, sizeof s->detail, "%s", entry->detail);
        s->index = entry->index;
        s->count++;
    }
    return true;
}

static void
restore_ok(struct wb_restored *done, const char *from, const char *to, const char *head)
{
    const struct wb_restore how = {
        .head = head, .head_size = head == NULL ? 0 : strlen(head)};
    struct wb_error e = {0};
    struct wb_vault *v = room_open(from);

    ok(wb_vault_restore(v, to, &how, done, &e), &e);
    wb_vault_close(&v);
}

static void
a_restored_vault_begins_a_new_log_that_commits_to_the_old_one(void **state)
{
    static char copy[ROOM_PATH_BYTES], again[ROOM_PATH_BYTES], later[2048];
    static char expected[ROOM_TEXT_BYTES], head_line[512];
    static struct seen seen;
    struct wb_restored done = {0};
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    const char *head;

    (void)state;
    room_path(copy, &room, "copy");
    room_path(again, &room, "again");
    ok(wb_backup(v, copy, &e), &e);
    ok(wb_head(v, &head, &e), &e);
    room_text(
        head_line, sizeof head_line, "%.*s", (int)(strstr(head, "\n\n") - head), head);
    for (char *at = head_line; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    wb_vault_close(&v);
    add_statement(ROOM_PASSPHRASE, "after the backup");
    add_statement(ROOM_PASSPHRASE, "and this");
    v = room_open(room.vault);
    ok(wb_head(v, &head, &e), &e);
    room_text(later, sizeof later, "%s", head);
    wb_vault_close(&v);

    restore_ok(&done, copy, again, later);
    assert_int_equal(done.lost, 2);
    assert_int_equal(done.verified.problems, 0);
    assert_true(holder_opens(again, ROOM_PASSPHRASE));
    v = room_open(again);
    seen = (struct seen){.wanted = "restore"};
    ok(wb_log_each(v, NULL, see, &seen, &e), &e);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.index, 0); /* the first of the new log */
    room_text(expected, sizeof expected,
        "actor first\nreason restored from a backup\nabout 2 entries lost: a head of "
        "size "
        "%llu was noted\nhead %s\n",
        (unsigned long long)done.size + 2, head_line);
    assert_string_equal(seen.detail, expected);
    assert_int_equal(
        wb_head_check(v, later, strlen(later), NULL, &e), WB_ERR_INTEGRITY);
    wb_vault_close(&v);
    /* the backup itself is as it was */
    v = room_open(copy);
    assert_int_equal(wb_store_state(v)->tree, 0);
    wb_vault_close(&v);
}

static void
a_head_in_words_proves_the_loss_as_well(void **state)
{
    char copy[ROOM_PATH_BYTES], again[ROOM_PATH_BYTES], *words = NULL;
    struct wb_restored done = {0};
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);

    (void)state;
    room_path(copy, &room, "copy");
    room_path(again, &room, "again");
    ok(wb_backup(v, copy, &e), &e);
    wb_vault_close(&v);
    add_statement(ROOM_PASSPHRASE, "after the backup");
    v = room_open(room.vault);
    ok(wb_head_words(v, &words, &e), &e);
    wb_vault_close(&v);
    restore_ok(&done, copy, again, words);
    assert_int_equal(done.lost, 1);
    wb_text_free(words);
}

static void
a_head_that_the_backup_has_proves_no_loss(void **state)
{
    static char copy[ROOM_PATH_BYTES], again[ROOM_PATH_BYTES], head[2048];
    struct wb_restored done = {.lost = 77};
    static struct seen seen;
    struct wb_error e = {0};
    struct wb_vault *v = room_open(room.vault);
    const char *text;

    (void)state;
    room_path(copy, &room, "copy");
    room_path(again, &room, "again");
    ok(wb_backup(v, copy, &e), &e);
    ok(wb_head(v, &text, &e), &e);
    room_text(head, sizeof head, "%s", text);
    wb_vault_close(&v);
    restore_ok(&done, copy, again, head);
    assert_int_equal(done.lost, 0);
    v = room_open(again);
    seen = (struct seen){.wanted = "restore"};
    ok(wb_log_each(v, NULL, see, &seen, &e), &e);
    assert_null(strstr(seen.detail, "about"));
    wb_vault_close(&v);
}

static void
restore_refuses(const char *from, const char *head, enum wb_status status)
{
    const struct wb_restore how = {
        .head = head, .head_size = head == NULL ? 0 : strlen(head)};
    struct wb_restored done = {.size = 77};
    struct wb_error e = {0};
    struct wb_vault *v = room_open(from);
    char again[ROOM_PATH_BYTES];
    bool there;

    room_path(again, &room, "again");
    there = room_exists(again);
    assert_int_equal(wb_vault_restore(v, again, &how, &done, &e), status);
    room_assert_line(&e);
    assert_int_equal(done.size, 77);
    assert_int_equal(room_exists(again), there);
    wb_vault_close(&v);
}

static void
restore_refuses_a_foreign_head_a_damaged_backup_and_an_existing_file(void **state)
{
    static char copy[ROOM_PATH_BYTES], again[ROOM_PATH_BYTES], foreign[2048];
    struct room elsewhere;
    struct wb_error e = {0};
    struct wb_vault *v;
    const char *text;
    sqlite3 *db;

    (void)state;
    room_path(copy, &room, "copy");
    room_path(again, &room, "again");
    v = room_open(room.vault);
    ok(wb_backup(v, copy, &e), &e);
    wb_vault_close(&v);
    room_make(&elsewhere);
    room_vault(&elsewhere);
    v = room_open(elsewhere.vault);
    ok(wb_head(v, &text, &e), &e);
    room_text(foreign, sizeof foreign, "%s", text);
    wb_vault_close(&v);
    room_sweep(&elsewhere);

    restore_refuses(copy, foreign, WB_ERR_NOT_FOUND);
    restore_refuses(copy, "not a head", WB_ERR_VALUE);
    room_write(again, "mine", 4);
    restore_refuses(copy, NULL, WB_ERR_USAGE);
    assert_int_equal(remove(again), 0);
    db = raw_open(copy);
    exec(db, "UPDATE chunks SET box = zeroblob(length(box))");
    sqlite3_close(db);
    restore_refuses(copy, NULL, WB_ERR_INTEGRITY);
}

/* ---- suggestions ---- */

static void
suggested_words_are_of_the_list_and_differ_each_time(void **state)
{
    char *text[2] = {NULL, NULL};
    const char *why = NULL;
    struct wb_error e = {0};

    (void)state;
    for (unsigned words = 4; words <= 24; words++) {
        ok(wb_passphrase_suggest(&text[0], words, &e), &e);
        ok(wb_passphrase_suggest(&text[1], words, &e), &e);
        assert_string_not_equal(text[0], text[1]);
        assert_int_equal(
            wb_passphrase_guesses(text[0], strlen(text[0]), &why), 11 * words);
        wb_text_free(text[0]);
        wb_text_free(text[1]);
        text[0] = text[1] = NULL;
    }
    assert_int_equal(wb_passphrase_suggest(&text[0], 3, &e), WB_ERR_USAGE);
    assert_int_equal(wb_passphrase_suggest(&text[0], 25, &e), WB_ERR_USAGE);
    assert_null(text[0]);
}

#define with_vault(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_vault(a_changed_passphrase_opens_and_the_one_before_does_not),
        with_vault(an_image_from_before_opens_with_what_opened_it_then),
        with_vault(eight_passphrases_open_and_a_ninth_has_no_place),
        with_vault(labels_that_cannot_tell_slots_apart_are_refused),
        with_vault(a_passphrase_that_cannot_be_one_changes_nothing),
        with_vault(the_last_passphrase_is_never_removed),
        with_vault(a_removed_passphrase_opens_nothing_new_even_with_old_wraps),
        with_vault(removing_leaves_no_old_slot_and_no_old_wrap_in_any_file),
        with_vault(whoever_removes_himself_stays_in_the_session_and_is_named),
        with_vault(a_rekey_changes_every_key_and_nothing_else),
        with_vault(a_rekey_of_many_rows_keeps_them_all),
        with_vault(a_rekey_after_a_shred_keeps_the_rest),
        with_vault(a_rekey_refuses_a_damaged_wrap_and_undoes_itself),
        with_vault(parameters_change_only_with_the_last_passphrase),
        with_vault(a_vault_that_cannot_be_made_is_not_begun),
        with_vault(a_key_file_is_needed_where_it_was_given),
        with_vault(an_empty_key_file_is_refused),
        with_vault(any_three_of_five_shares_open_a_vault_whose_passphrase_is_lost),
        with_vault(a_new_split_or_a_removed_slot_makes_shares_void),
        with_vault(a_wrong_share_is_named_and_the_others_stay),
        with_vault(a_split_that_was_not_told_to_its_end_changes_nothing),
        with_vault(with_all_slots_in_use_the_passphrase_takes_the_place_of_the_shares),
        with_vault(a_backup_is_a_whole_vault_that_opens_with_the_same_passphrase),
        with_vault(a_backup_that_was_not_made_is_not_the_last_one),
        with_vault(a_restored_vault_begins_a_new_log_that_commits_to_the_old_one),
        with_vault(a_head_in_words_proves_the_loss_as_well),
        with_vault(a_head_that_the_backup_has_proves_no_loss),
        with_vault(
            restore_refuses_a_foreign_head_a_damaged_backup_and_an_existing_file),
        cmocka_unit_test(suggested_words_are_of_the_list_and_differ_each_time),
    };

    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
