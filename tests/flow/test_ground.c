/* tests/flow/test_ground.c - opening is hostile ground: whatever is found under a
 * vault's name or beside it is refused with one line, and nothing is executed or
 * changed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "journal.h"
#include "room.h"
#include "store/shim.h"

enum {
    PAGE_BYTES = 16384,
    AT_HEADER_VERSION = 16,
    AT_HEADER_ID = 24,
    AT_KDF_MEMORY = 48,
    AT_KDF_PASSES = 52,
    AT_KDF_LANES = 56,
    AT_SALT = 64,
    AT_SLOT = 96,
    SLOT_BYTES = 184,
    AT_MAC = 1568,
    ALLOCATION_MAX = 8 * 1024 * 1024,
};

static struct room room;
static size_t largest;

static bool
watch_size(size_t size)
{
    if (size > largest)
        largest = size;
    return false;
}

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 20000);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* ---- what somebody may have done to it ---- */

/* Overwrites bytes of the vault file. */
static void
poke(size_t at, const void *bytes, size_t size)
{
    int fd = open(room.vault, O_WRONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, (off_t)at), size);
    close(fd);
}

/* Where the header lies in the file. */
static size_t
header_offset(void)
{
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    uint8_t *at = memmem(bytes, size, "witnessbox vault", 16);
    size_t offset;

    assert_non_null(at);
    offset = (size_t)(at - bytes);
    free(bytes);
    return offset;
}

static void
flip(size_t at)
{
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size), changed;

    assert_true(at < size);
    changed = bytes[at] ^ 1;
    free(bytes);
    poke(at, &changed, 1);
}

static void
beside(char out[static ROOM_PATH_BYTES], const char *ending)
{
    assert_true(
        snprintf(out, ROOM_PATH_BYTES, "%s%s", room.vault, ending) < ROOM_PATH_BYTES);
}

static void
put_beside(const char *ending, const void *bytes, size_t size)
{
    char path[ROOM_PATH_BYTES];

    beside(path, ending);
    room_write(path, bytes, size);
}

/* Runs SQL on the vault as any SQLite would, schema writable. */
static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;

    assert_int_equal(wb_shim_start(NULL), WB_OK);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    (void)sqlite3_exec(db, "PRAGMA writable_schema = 1", NULL, NULL, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    sqlite3_close(db);
}

static void
set_u32(uint8_t out[static 4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static void
poke_header_u32(size_t at, uint32_t value)
{
    uint8_t bytes[4];

    set_u32(bytes, value);
    poke(header_offset() + at, bytes, 4);
}

static void
no_file(void)
{
    assert_int_equal(unlink(room.vault), 0);
}

static void
empty_file(void)
{
    room_write(room.vault, "", 0);
}

static void
a_folder(void)
{
    no_file();
    assert_int_equal(mkdir(room.vault, 0700), 0);
}

static void
a_pipe(void)
{
    no_file();
    assert_int_equal(mkfifo(room.vault, 0600), 0);
}

static void
a_link(void)
{
    char real[ROOM_PATH_BYTES];

    room_path(real, &room, "real");
    assert_int_equal(rename(room.vault, real), 0);
    assert_int_equal(symlink("real", room.vault), 0);
}

static void
noise(void)
{
    static uint8_t bytes[4 * PAGE_BYTES];

    room_noise(bytes, sizeof bytes, 7);
    room_write(room.vault, bytes, sizeof bytes);
}

static void
foreign_database(void)
{
    no_file();
    run_sql(room.vault, "CREATE TABLE a(b); INSERT INTO a VALUES(zeroblob(100000))");
}

static void
foreign_with_our_marks(void)
{
    no_file();
    run_sql(room.vault,
        "PRAGMA page_size = 16384; PRAGMA application_id = 0x57424f58;"
        "PRAGMA user_version = 1; CREATE TABLE a(b); CREATE TABLE c(d)");
}

static void
small_pages(void)
{
    no_file();
    run_sql(room.vault,
        "PRAGMA page_size = 4096; PRAGMA application_id = 0x57424f58;"
        "PRAGMA user_version = 1; CREATE TABLE a(b); INSERT INTO a "
        "VALUES(zeroblob(100000))");
}

static void
other_application(void)
{
    poke(68, "WBOY", 4);
}

static void
newer_user_version(void)
{
    poke(60, "\0\0\0\2", 4);
}

static void
newer_header(void)
{
    poke(header_offset() + AT_HEADER_VERSION, "\2\0", 2);
}

static void
write_ahead_bytes(void)
{
    poke(18, "\2\2", 2);
}

static void
write_ahead_log(void)
{
    put_beside("-wal", "any", 3);
}

static void
shared_memory(void)
{
    put_beside("-shm", "", 0);
}

static void
a_trigger(void)
{
    run_sql(room.vault, "CREATE TRIGGER t AFTER INSERT ON log BEGIN "
                        "DELETE FROM bodies; END");
}

static void
a_view(void)
{
    run_sql(room.vault, "CREATE VIEW w AS SELECT * FROM wraps");
}

static void
a_view_for_a_table(void)
{
    run_sql(room.vault,
        "UPDATE sqlite_schema SET type = 'view', rootpage = 0, "
        "sql = 'CREATE VIEW staging AS SELECT 1 AS tag, 2 AS sealed' "
        "WHERE name = 'staging'");
}

static void
a_table(void)
{
    run_sql(room.vault, "CREATE TABLE more(x)");
}

static void
an_index(void)
{
    run_sql(room.vault, "CREATE INDEX i ON wraps(hex(wrap))");
}

static void
changed_words(void)
{
    run_sql(room.vault,
        "UPDATE sqlite_schema SET sql = replace(sql, 'body BLOB NOT NULL', "
        "'body BLOB NOT NULL DEFAULT (randomblob(9))') WHERE name = 'bodies'");
}

static void
swapped_roots(void)
{
    run_sql(room.vault, "UPDATE sqlite_schema SET rootpage = 17 - rootpage "
                        "WHERE rootpage IN (8, 9)");
}

static void
a_table_less(void)
{
    run_sql(room.vault, "DROP TABLE staging");
}

static void
damaged_magic(void)
{
    flip(header_offset());
}

static void
two_headers(void)
{
    run_sql(room.vault, "INSERT INTO header SELECT 2, body FROM header");
}

static void
much_memory(void)
{
    poke_header_u32(AT_KDF_MEMORY, 0xffffffff);
}

static void
many_passes(void)
{
    poke_header_u32(AT_KDF_PASSES, 65);
}

static void
many_lanes(void)
{
    poke_header_u32(AT_KDF_LANES, 1u << 24);
}

static void
little_memory(void)
{
    poke_header_u32(AT_KDF_MEMORY, 8);
}

/* ---- journals ---- */

static void
sacrifice(char path[static ROOM_PATH_BYTES])
{
    room_path(path, &room, "report.odt");
    room_write(path, "a file of the user's", 20);
}

/* A journal of one page, page 14, as it is. */
static void
make_journal(uint32_t sector, uint32_t page, const char *super)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);

    beside(path, "-journal");
    journal_begin(&j, (uint32_t)(size / PAGE_BYTES), sector, page);
    journal_put(&j, 14, bytes + 13 * PAGE_BYTES);
    if (super != NULL)
        journal_name(&j, super);
    journal_end(&j, path);
    free(bytes);
}

static void
a_super_journal(void)
{
    char path[ROOM_PATH_BYTES];

    sacrifice(path);
    make_journal(512, PAGE_BYTES, path);
}

static void
a_super_journal_beside_zeros(void)
{
    char path[ROOM_PATH_BYTES], journal[ROOM_PATH_BYTES];
    struct journal j;

    sacrifice(path);
    beside(journal, "-journal");
    journal_begin(&j, 0, 512, PAGE_BYTES);
    journal_name(&j, path);
    j.bytes[0] = 0; /* no longer the magic: torn */
    journal_end(&j, journal);
}

static void
foreign_journal_page(void)
{
    make_journal(512, 4096, NULL);
}

static void
foreign_journal_sector(void)
{
    make_journal(4096, PAGE_BYTES, NULL);
}

static void
torn_journal(void)
{
    put_beside("-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\1", 12);
}

static void
foreign_journal(void)
{
    static uint8_t bytes[1024];

    room_noise(bytes, sizeof bytes, 9);
    put_beside("-journal", bytes, sizeof bytes);
}

static void
a_journal_that_is_a_link(void)
{
    char path[ROOM_PATH_BYTES], journal[ROOM_PATH_BYTES];

    sacrifice(path);
    beside(journal, "-journal");
    assert_int_equal(symlink("report.odt", journal), 0);
}

/* ---- refused when opened ---- */

struct hostile {
    const char *name;
    void (*make)(void);
    enum wb_status status;
    const char *words; /* in the message */
};

static const struct hostile when_opened[] = {
    {"a_missing_file_is_not_found", no_file, WB_ERR_NOT_FOUND, "no such file"},
    {"an_empty_file_is_refused", empty_file, WB_ERR_FORMAT, "not a witnessbox vault"},
    {"a_folder_is_refused", a_folder, WB_ERR_USAGE, "not a regular file"},
    {"a_pipe_is_refused_without_waiting", a_pipe, WB_ERR_USAGE, "not a regular file"},
    {"a_symbolic_link_is_refused", a_link, WB_ERR_USAGE, "symbolic link"},
    {"noise_is_refused", noise, WB_ERR_FORMAT, "not a witnessbox vault"},
    {"a_foreign_database_is_refused", foreign_database, WB_ERR_FORMAT,
        "not a witnessbox vault"},
    {"a_foreign_database_with_our_marks_is_refused", foreign_with_our_marks,
        WB_ERR_FORMAT, "header page"},
    {"a_foreign_page_size_is_refused", small_pages, WB_ERR_FORMAT, "page size"},
    {"another_application_id_is_refused", other_application, WB_ERR_FORMAT,
        "not a witnessbox vault"},
    {"a_newer_format_is_too_new", newer_user_version, WB_ERR_TOO_NEW,
        "format 2 is newer"},
    {"a_newer_header_is_too_new", newer_header, WB_ERR_TOO_NEW, "version 2 is newer"},
    {"write_ahead_bytes_are_refused", write_ahead_bytes, WB_ERR_INTEGRITY,
        "write-ahead log"},
    {"a_wal_beside_it_is_refused", write_ahead_log, WB_ERR_INTEGRITY, "vault-wal"},
    {"a_shm_beside_it_is_refused", shared_memory, WB_ERR_INTEGRITY, "vault-shm"},
    {"a_trigger_is_refused", a_trigger, WB_ERR_INTEGRITY, "schema"},
    {"a_view_is_refused", a_view, WB_ERR_INTEGRITY, "schema"},
    {"a_view_in_place_of_a_table_is_refused", a_view_for_a_table, WB_ERR_INTEGRITY,
        "schema"},
    {"a_table_more_is_refused", a_table, WB_ERR_INTEGRITY, "schema"},
    {"a_table_less_is_refused", a_table_less, WB_ERR_INTEGRITY, "schema"},
    {"an_index_is_refused", an_index, WB_ERR_INTEGRITY, "schema"},
    {"changed_words_of_a_table_are_refused", changed_words, WB_ERR_INTEGRITY, "schema"},
    {"swapped_root_pages_are_refused", swapped_roots, WB_ERR_INTEGRITY, "schema"},
    {"a_damaged_header_magic_is_refused", damaged_magic, WB_ERR_FORMAT, "header"},
    {"two_headers_are_refused", two_headers, WB_ERR_FORMAT, "header page"},
    {"absurd_memory_is_refused_before_it_is_taken", much_memory, WB_ERR_LIMIT,
        "memory in KiB 4294967295, limit is 4194304"},
    {"absurd_passes_are_refused", many_passes, WB_ERR_LIMIT, "passes 65, limit is 64"},
    {"absurd_lanes_are_refused", many_lanes, WB_ERR_LIMIT, "limit is 16"},
    {"too_little_memory_is_refused", little_memory, WB_ERR_LIMIT, "at least 65536"},
    {"a_journal_naming_another_file_is_refused", a_super_journal, WB_ERR_INTEGRITY,
        "names another file"},
    {"a_torn_journal_naming_another_file_is_refused", a_super_journal_beside_zeros,
        WB_ERR_INTEGRITY, "torn or foreign"},
    {"a_journal_of_another_page_size_is_refused", foreign_journal_page,
        WB_ERR_INTEGRITY, "sector or page size"},
    {"a_journal_of_another_sector_size_is_refused", foreign_journal_sector,
        WB_ERR_INTEGRITY, "sector or page size"},
    {"a_torn_journal_is_refused", torn_journal, WB_ERR_INTEGRITY, "torn or foreign"},
    {"a_foreign_journal_is_refused", foreign_journal, WB_ERR_INTEGRITY,
        "torn or foreign"},
    {"a_journal_that_is_a_link_is_refused", a_journal_that_is_a_link, WB_ERR_USAGE,
        "symbolic link"},
};
enum { WHEN_OPENED = sizeof when_opened / sizeof when_opened[0] };

static void
is_refused_when_opened(void **state)
{
    const struct hostile *h = *state;
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    h->make();
    room_print(room.folder, before);
    room_key_calls = 0;
    largest = 0;
    wb_mem_fault = watch_size;
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), h->status);
    wb_mem_fault = NULL;
    assert_null(v);
    assert_int_equal(e.status, h->status);
    assert_non_null(strstr(e.message, h->words));
    room_assert_line(&e);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(room_key_calls, 0);
    assert_true(largest < ALLOCATION_MAX);
}

/* ---- refused when unlocked ---- */

static void
own_commitment(void)
{
    flip(header_offset() + AT_SLOT);
}

static void
own_box(void)
{
    flip(header_offset() + AT_SLOT + 40);
}

static void
own_root(void)
{
    flip(header_offset() + AT_SLOT + SLOT_BYTES - 1);
}

static void
other_slot(void)
{
    flip(header_offset() + AT_SLOT + 5 * SLOT_BYTES + 100);
}

static void
seal(void)
{
    flip(header_offset() + AT_MAC);
}

static void
salt(void)
{
    flip(header_offset() + AT_SALT);
}

static void
vault_id(void)
{
    flip(header_offset() + AT_HEADER_ID);
}

static void
generation(void)
{
    flip(header_offset() + 40);
}

static void
no_state(void)
{
    run_sql(room.vault, "DELETE FROM state");
}

static void
short_state(void)
{
    run_sql(room.vault, "UPDATE state SET sealed = zeroblob(12)");
}

static void
torn_state(void)
{
    run_sql(room.vault, "UPDATE state SET sealed = substr(sealed, 1, 8000)");
}

static void
nothing(void)
{
}

#define NO_SLOT "no slot opens: wrong passphrase, keyboard layout, or damaged header"

static const struct hostile when_unlocked[] = {
    {"a_wrong_passphrase_changes_nothing", nothing, WB_ERR_PASSPHRASE, NO_SLOT},
    {"a_damaged_commitment_of_the_own_slot_opens_nothing", own_commitment,
        WB_ERR_PASSPHRASE, NO_SLOT},
    {"a_damaged_box_of_the_own_slot_opens_nothing", own_box, WB_ERR_PASSPHRASE,
        NO_SLOT},
    {"a_damaged_root_of_the_own_slot_opens_nothing", own_root, WB_ERR_PASSPHRASE,
        NO_SLOT},
    {"a_damaged_salt_opens_nothing", salt, WB_ERR_PASSPHRASE, NO_SLOT},
    {"a_damaged_vault_id_opens_nothing", vault_id, WB_ERR_PASSPHRASE, NO_SLOT},
    {"a_damaged_other_slot_is_named", other_slot, WB_ERR_INTEGRITY, "header: altered"},
    {"a_damaged_header_seal_is_named", seal, WB_ERR_INTEGRITY, "header: altered"},
    {"a_damaged_generation_is_named", generation, WB_ERR_INTEGRITY, "header: altered"},
    {"a_missing_state_is_named", no_state, WB_ERR_INTEGRITY, "state: missing"},
    {"a_short_state_is_named", short_state, WB_ERR_INTEGRITY, "state: damaged"},
    {"a_torn_state_is_named", torn_state, WB_ERR_INTEGRITY, "state: altered"},
};
enum { WHEN_UNLOCKED = sizeof when_unlocked / sizeof when_unlocked[0] };

static void
is_refused_when_unlocked(void **state)
{
    const struct hostile *h = *state;
    const char *words = h->make == nothing ? "wrong horse" : ROOM_PASSPHRASE;
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    h->make();
    room_print(room.folder, before);
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_OK);
    assert_int_equal(wb_vault_unlock(v, words, strlen(words), &e), h->status);
    assert_true(wb_vault_is_locked(v));
    if (h->status == WB_ERR_PASSPHRASE)
        assert_string_equal(e.message, h->words);
    assert_non_null(strstr(e.message, h->words));
    room_assert_line(&e);
    wb_vault_close(&v);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

/* ---- the rest ---- */

static void
every_truncation_is_refused_and_changes_nothing(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct room_finding f;
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    unsigned reached = 0;

    (void)state;
    for (size_t cut = 0; cut < size; cut += 4096) {
        const size_t lengths[] = {cut, cut + 1, cut + 1003, cut + 4095};

        for (size_t i = 0; i < 4; i++) {
            room_write(room.vault, bytes, lengths[i]);
            room_print(room.folder, before);
            room_examine(&f, room.vault);
            room_print(room.folder, after);
            if (!room_is_named(&f))
                fail_msg("%zu of %zu bytes: not noticed", lengths[i], size);
            if (lengths[i] % PAGE_BYTES != 0)
                assert_int_equal(f.opened, WB_ERR_FORMAT);
            assert_memory_equal(before, after, sizeof before);
            reached++;
        }
    }
    free(bytes);
    print_message("%u truncations refused\n", reached);
    assert_true(reached >= 200);
}

/* The control for the refusal: SQLite itself does delete the file. */
static void
stock_sqlite_deletes_what_the_refused_journal_names(void **state)
{
    char path[ROOM_PATH_BYTES];

    (void)state;
    a_super_journal();
    room_path(path, &room, "report.odt");
    assert_true(room_exists(path));
    run_sql(room.vault, "SELECT count(*) FROM log");
    assert_false(room_exists(path));
}

static void
a_finished_or_empty_journal_is_no_hindrance(void **state)
{
    static const uint8_t zeros[20000];
    static const size_t sizes[] = {0, 8, 511, 512, sizeof zeros};
    char path[ROOM_PATH_BYTES];

    (void)state;
    beside(path, "-journal");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        put_beside("-journal", zeros, sizes[i]);
        room_assert_sound(room.vault);
    }
    make_journal(512, PAGE_BYTES, NULL); /* and a sound one is played back */
    room_assert_sound(room.vault);
    assert_false(room_exists(path));
}

/* Puts `old` pages back into `now` by a journal: number 0 is all of them. */
static void
forge(const uint8_t *old, size_t old_size, const uint8_t *now, size_t now_size,
    size_t page)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;

    beside(path, "-journal");
    room_write(room.vault, now, now_size);
    journal_begin(
        &j, (uint32_t)((page == 0 ? old_size : now_size) / PAGE_BYTES), 512, PAGE_BYTES);
    for (size_t i = 1; i <= old_size / PAGE_BYTES; i++)
        if (page == 0 || page == i)
            journal_put(&j, (uint32_t)i, old + (i - 1) * PAGE_BYTES);
    journal_end(&j, path);
}

static void
a_forged_journal_is_named_whatever_page_it_puts_back(void **state)
{
    const char *const fields[] = {"title", "Later", NULL};
    uint8_t content[ROOM_PRINT_BYTES], seen[ROOM_PRINT_BYTES];
    struct room_finding f;
    size_t old_size, now_size;
    uint8_t *old = room_read(room.vault, &old_size), *now;
    struct wb_vault *v = room_open(room.vault);
    unsigned named = 0, harmless = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(room_add(v, NULL, NULL, "incident", fields), WB_OK);
    assert_int_equal(room_content(v, content, NULL), WB_OK);
    wb_vault_close(&v);
    now = room_read(room.vault, &now_size);
    for (size_t page = 1; page <= old_size / PAGE_BYTES; page++) {
        size_t at = (page - 1) * PAGE_BYTES;

        if (memcmp(old + at, now + at, PAGE_BYTES) == 0)
            continue;
        forge(old, old_size, now, now_size, page);
        room_examine(&f, room.vault);
        if (room_is_named(&f)) {
            named++;
            continue;
        }
        v = room_open(room.vault); /* page 1 holds counters only */
        assert_int_equal(room_content(v, seen, NULL), WB_OK);
        wb_vault_close(&v);
        assert_memory_equal(seen, content, sizeof seen);
        harmless++;
    }
    print_message("%u pages put back are named, %u are harmless\n", named, harmless);
    assert_true(named >= 7);
    assert_true(harmless <= 1);
    forge(old, old_size, now, now_size, 0); /* the whole: a rollback, sound in itself */
    room_assert_sound(room.vault);
    free(old);
    free(now);
}

/* Plays page 1 with other bytes in it into the vault. */
static void
forge_first_page(size_t at, const char *bytes, size_t count)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;
    size_t size;
    uint8_t *now = room_read(room.vault, &size);

    memcpy(now + at, bytes, count);
    beside(path, "-journal");
    journal_begin(&j, (uint32_t)(size / PAGE_BYTES), 512, PAGE_BYTES);
    journal_put(&j, 1, now);
    journal_end(&j, path);
    free(now);
}

static void
a_forged_journal_cannot_bring_a_trigger_or_a_write_ahead_log(void **state)
{
    struct room_finding f;
    size_t sound_size, size;
    uint8_t *sound = room_read(room.vault, &sound_size), *changed;
    char path[ROOM_PATH_BYTES];

    (void)state;
    run_sql(room.vault, "CREATE TRIGGER t AFTER UPDATE ON state BEGIN "
                        "DELETE FROM bodies; END");
    changed = room_read(room.vault, &size);
    forge(changed, size, sound, sound_size, 1);
    room_examine(&f, room.vault);
    assert_int_equal(f.opened, WB_ERR_INTEGRITY);
    assert_non_null(strstr(f.said, "schema"));
    room_write(room.vault, sound, sound_size);
    forge_first_page(18, "\2\2", 2);
    room_examine(&f, room.vault);
    beside(path, "-wal");
    assert_false(room_exists(path));
    beside(path, "-shm");
    assert_false(room_exists(path));
    assert_int_equal(f.opened, WB_ERR_IO); /* ours has no shared memory for it */
    room_write(room.vault, sound, sound_size);
    forge_first_page(60, "\0\0\0\2", 4);
    room_examine(&f, room.vault);
    assert_int_equal(f.opened, WB_ERR_TOO_NEW);
    free(sound);
    free(changed);
}

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A process that holds the vault until the pipe says otherwise. */
static pid_t
hold(int *until)
{
    int ready[2], done[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct wb_vault *v = NULL;

        close(done[1]);
        if (wb_vault_open(&v, room.vault, 0, NULL) != WB_OK ||
            write(ready[1], "r", 1) != 1)
            _exit(1);
        (void)!read(done[0], &byte, 1);
        wb_vault_close(&v);
        _exit(0);
    }
    close(done[0]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *until = done[1];
    return pid;
}

static void
a_vault_in_use_is_busy_and_names_the_process(void **state)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    char words[64];
    double began;
    int until, status;
    pid_t pid = hold(&until);

    (void)state;
    room_print(room.folder, before);
    began = seconds();
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_ERR_BUSY);
    assert_true(seconds() - began > 4 && seconds() - began < 8);
    assert_null(v);
    (void)snprintf(words, sizeof words, "(process %d)", (int)pid);
    assert_non_null(strstr(e.message, words));
    room_assert_line(&e);
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(kill(pid, 0), 0);
    close(until);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    room_assert_sound(room.vault);
}

static void
a_vault_that_is_closed_in_time_opens(void **state)
{
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    int until;
    pid_t pid = hold(&until), closer;

    (void)state;
    closer = fork();
    if (closer == 0) {
        (void)usleep(300000);
        close(until); /* the last but ours */
        _exit(0);
    }
    close(until);
    assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_OK);
    wb_vault_close(&v);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(waitpid(closer, NULL, 0), closer);
}

static struct CMUnitTest
row(const struct hostile *h, CMUnitTestFunction run)
{
    const struct CMUnitTest test = {
        .name = h->name,
        .test_func = run,
        .setup_func = setup,
        .teardown_func = teardown,
        .initial_state = (void *)(uintptr_t)h,
    };

    return test;
}

int
main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test_setup_teardown(
            every_truncation_is_refused_and_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            stock_sqlite_deletes_what_the_refused_journal_names, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_finished_or_empty_journal_is_no_hindrance, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_forged_journal_is_named_whatever_page_it_puts_back, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_forged_journal_cannot_bring_a_trigger_or_a_write_ahead_log, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            a_vault_in_use_is_busy_and_names_the_process, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_vault_that_is_closed_in_time_opens, setup, teardown),
    };
    static struct CMUnitTest tests[WHEN_OPENED + WHEN_UNLOCKED + 7];
    size_t n = 0;

    for (size_t i = 0; i < WHEN_OPENED; i++)
        tests[n++] = row(&when_opened[i], is_refused_when_opened);
    for (size_t i = 0; i < WHEN_UNLOCKED; i++)
        tests[n++] = row(&when_unlocked[i], is_refused_when_unlocked);
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        tests[n++] = single[i];
    assert_int_equal(n, sizeof tests / sizeof tests[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
