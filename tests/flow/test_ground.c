/* tests/flow/test_ground.c - opening is hostile ground: whatever is found under a
 * vault's name or beside it is refused with one line, and nothing is executed or
 * changed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/kdf.h"
#include "hostile.h"

enum {
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
    hostile_poke(&room, at, &changed, 1);
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
    hostile_poke(&room, header_offset() + at, bytes, 4);
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
    static uint8_t bytes[4 * HOSTILE_PAGE_BYTES];

    room_noise(bytes, sizeof bytes, 7);
    room_write(room.vault, bytes, sizeof bytes);
}

static void
foreign_database(void)
{
    no_file();
    hostile_sql(
        room.vault, "CREATE TABLE a(b); INSERT INTO a VALUES(zeroblob(100000))");
}

static void
foreign_with_our_marks(void)
{
    no_file();
    hostile_sql(room.vault,
        "PRAGMA page_size = 16384; PRAGMA application_id = 0x57424f58;"
        "PRAGMA user_version = 1; CREATE TABLE a(b); CREATE TABLE c(d)");
}

static void
small_pages(void)
{
    no_file();
    hostile_sql(room.vault,
        "PRAGMA page_size = 4096; PRAGMA application_id = 0x57424f58;"
        "PRAGMA user_version = 1; CREATE TABLE a(b); INSERT INTO a "
        "VALUES(zeroblob(100000))");
}

static void
other_application(void)
{
    hostile_poke(&room, 68, "WBOY", 4);
}

static void
newer_user_version(void)
{
    hostile_poke(&room, 60, "\0\0\0\2", 4);
}

static void
no_user_version(void)
{
    hostile_poke(&room, 60, "\0\0\0\0", 4);
}

static void
newer_header(void)
{
    hostile_poke(&room, header_offset() + AT_HEADER_VERSION, "\2\0", 2);
}

static void
write_ahead_bytes(void)
{
    hostile_poke(&room, 18, "\2\2", 2);
}

static void
write_ahead_log(void)
{
    hostile_put_beside(&room, "-wal", "any", 3);
}

static void
shared_memory(void)
{
    hostile_put_beside(&room, "-shm", "", 0);
}

static void
a_trigger(void)
{
    hostile_sql(room.vault,
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN "
        "DELETE FROM bodies; END");
}

static void
a_view(void)
{
    hostile_sql(room.vault, "CREATE VIEW w AS SELECT * FROM wraps");
}

static void
a_view_for_a_table(void)
{
    hostile_sql(room.vault,
        "UPDATE sqlite_schema SET type = 'view', rootpage = 0, "
        "sql = 'CREATE VIEW staging AS SELECT 1 AS tag, 2 AS sealed' "
        "WHERE name = 'staging'");
}

static void
a_table(void)
{
    hostile_sql(room.vault, "CREATE TABLE more(x)");
}

static void
an_index(void)
{
    hostile_sql(room.vault, "CREATE INDEX i ON wraps(hex(wrap))");
}

static void
changed_words(void)
{
    hostile_sql(room.vault,
        "UPDATE sqlite_schema SET sql = replace(sql, 'body BLOB NOT NULL', "
        "'body BLOB NOT NULL DEFAULT (randomblob(9))') WHERE name = 'bodies'");
}

static void
swapped_roots(void)
{
    hostile_sql(room.vault,
        "UPDATE sqlite_schema SET rootpage = 17 - rootpage "
        "WHERE rootpage IN (8, 9)");
}

static void
a_blob_for_words(void)
{
    hostile_sql(room.vault,
        "UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'staging'");
}

static void
other_row_numbers(void)
{
    hostile_sql(
        room.vault, "UPDATE sqlite_schema SET rowid = 99 WHERE name = 'staging'");
}

static void
a_table_less(void)
{
    hostile_sql(room.vault, "DROP TABLE staging");
}

static void
damaged_magic(void)
{
    flip(header_offset());
}

static void
two_headers(void)
{
    hostile_sql(room.vault, "INSERT INTO header SELECT 2, body FROM header");
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
a_super_journal(void)
{
    char path[ROOM_PATH_BYTES];

    hostile_sacrifice(path, &room);
    hostile_journal(&room, 512, HOSTILE_PAGE_BYTES, path);
}

static void
a_super_journal_beside_zeros(void)
{
    char path[ROOM_PATH_BYTES], journal[ROOM_PATH_BYTES];
    struct journal j;

    hostile_sacrifice(path, &room);
    hostile_beside(journal, &room, "-journal");
    journal_begin(&j, 0, 512, HOSTILE_PAGE_BYTES);
    journal_name(&j, path);
    j.bytes[0] = 0; /* no longer the magic: torn */
    journal_end(&j, journal);
}

static void
foreign_journal_page(void)
{
    hostile_journal(&room, 512, 4096, NULL);
}

static void
foreign_journal_sector(void)
{
    hostile_journal(&room, 4096, HOSTILE_PAGE_BYTES, NULL);
}

static void
a_few_bytes(void)
{
    hostile_put_beside(&room, "-journal", "\xd9\xd5\x05\xf9", 4);
}

static void
torn_journal(void)
{
    hostile_put_beside(
        &room, "-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\1", 12);
}

static void
foreign_journal(void)
{
    static uint8_t bytes[1024];

    room_noise(bytes, sizeof bytes, 9);
    hostile_put_beside(&room, "-journal", bytes, sizeof bytes);
}

static void
a_journal_that_is_a_link(void)
{
    char path[ROOM_PATH_BYTES], journal[ROOM_PATH_BYTES];

    hostile_sacrifice(path, &room);
    hostile_beside(journal, &room, "-journal");
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
    {"a_format_before_the_first_is_refused", no_user_version, WB_ERR_FORMAT,
        "format version: damaged"},
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
    {"a_blob_in_place_of_words_is_refused", a_blob_for_words, WB_ERR_INTEGRITY,
        "schema"},
    {"other_row_numbers_of_tables_are_refused", other_row_numbers, WB_ERR_INTEGRITY,
        "schema"},
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
    {"a_journal_of_a_few_bytes_is_refused", a_few_bytes, WB_ERR_INTEGRITY,
        "torn or foreign"},
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
    hostile_sql(room.vault, "DELETE FROM state");
}

static void
short_state(void)
{
    hostile_sql(room.vault, "UPDATE state SET sealed = zeroblob(12)");
}

static void
long_state(void)
{
    hostile_sql(room.vault, "UPDATE state SET sealed = zeroblob(70000)");
}

static void
torn_state(void)
{
    hostile_sql(room.vault, "UPDATE state SET sealed = substr(sealed, 1, 8000)");
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
    {"a_long_state_is_named", long_state, WB_ERR_INTEGRITY, "state: damaged"},
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

/* ---- other numbers for Argon2, which are numbers all the same ---- */

static uint32_t
header_u32(size_t at)
{
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    const uint8_t *number = bytes + header_offset() + at;
    uint32_t value = number[0] | (uint32_t)number[1] << 8 | (uint32_t)number[2] << 16 |
        (uint32_t)number[3] << 24;

    free(bytes);
    return value;
}

/* The true Argon2: what stands in for it does not know the numbers. */
static void
altered_numbers_of_argon2_open_nothing(void **state)
{
    static const struct {
        size_t at;
        uint32_t before, after;
    } numbers[] = {
        {AT_KDF_MEMORY, 64 * 1024, 64 * 1024 + 8},
        {AT_KDF_PASSES, 3, 4},
        {AT_KDF_LANES, 4, 5},
    };
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    (void)state;
    wb_kdf_source = NULL;
    assert_int_equal(unlink(room.vault), 0);
    room_vault(&room);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];

        assert_int_equal(header_u32(numbers[i].at), numbers[i].before);
        poke_header_u32(numbers[i].at, numbers[i].after);
        room_print(room.folder, before);
        assert_int_equal(wb_vault_open(&v, room.vault, 0, &e), WB_OK);
        assert_int_equal(
            wb_vault_unlock(v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
            WB_ERR_PASSPHRASE);
        assert_string_equal(e.message, NO_SLOT);
        assert_int_equal(wb_status_exit(e.status), 3);
        assert_true(wb_vault_is_locked(v));
        wb_vault_close(&v);
        room_print(room.folder, after);
        assert_memory_equal(before, after, sizeof before);
        poke_header_u32(numbers[i].at, numbers[i].before);
    }
    v = room_open(room.vault);
    assert_false(wb_vault_is_locked(v));
    wb_vault_close(&v);
}

/* ---- the rest ---- */

/* Cut to `length`; true when it was refused at once, and nothing about it changed. */
static bool
is_refused_when_cut_to(const uint8_t *bytes, size_t length)
{
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    size_t size;
    uint8_t *after;
    enum wb_status st = wb_vault_open(&v, room.vault, 0, &e);

    wb_vault_close(&v);
    if (st == WB_OK)
        return false;
    if (st != WB_ERR_FORMAT && length % HOSTILE_PAGE_BYTES != 0)
        fail_msg("cut to %zu bytes: status %d: %s", length, (int)st, e.message);
    room_assert_line(&e);
    after = room_read(room.vault, &size);
    assert_int_equal(size, length);
    assert_memory_equal(after, bytes, size);
    free(after);
    return true;
}

/* Whole pages less: it may open, and is named or refused before anything is shown. */
static void
assert_named_when_cut_to(size_t length)
{
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct room_finding f;

    room_print(room.folder, before);
    room_examine(&f, room.vault);
    room_print(room.folder, after);
    if (!room_is_named(&f))
        fail_msg("cut to %zu bytes: not noticed", length);
    assert_memory_equal(before, after, sizeof before);
}

/* WB_SWEEP takes every length; else those around the ends of pages and some others. */
static void
every_truncation_is_refused_and_changes_nothing(void **state)
{
    enum { STEP = 1003, NEAR = 2 };
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    unsigned reached = 0;

    (void)state;
    for (size_t length = size; length-- > 0;) {
        const size_t past = length % HOSTILE_PAGE_BYTES;

        if (getenv("WB_SWEEP") == NULL && length % STEP != 0 && past > NEAR &&
            past < HOSTILE_PAGE_BYTES - NEAR)
            continue;
        assert_int_equal(truncate(room.vault, (off_t)length), 0);
        if (!is_refused_when_cut_to(bytes, length)) {
            assert_int_equal(past, 0);
            assert_named_when_cut_to(length);
        }
        reached++;
    }
    free(bytes);
    counted(reached, "truncations of a vault");
    assert_true(reached >= 200);
}

/* SQLite can be built to take such names for addresses: what it opened then was not the
 * file that was looked at, nor through our own file system. */
static void
a_name_like_an_address_is_a_name(void **state)
{
    static const char name[] = "file:other?vfs=unix", other[] = "not looked at";
    char named[ROOM_PATH_BYTES], beside[ROOM_PATH_BYTES], here[ROOM_PATH_BYTES];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    size_t size;
    uint8_t *after;

    (void)state;
    room_path(named, &room, name);
    room_path(beside, &room, "other");
    room_copy(room.vault, named);
    room_write(beside, other, sizeof other);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(room.folder), 0);
    assert_int_equal(wb_vault_open(&v, name, 0, &e), WB_OK);
    assert_int_equal(
        wb_vault_unlock(v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e), WB_OK);
    wb_vault_close(&v);
    assert_int_equal(chdir(here), 0);
    after = room_read(beside, &size);
    assert_int_equal(size, sizeof other);
    assert_memory_equal(after, other, sizeof other);
    free(after);
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
    static struct CMUnitTest tests[WHEN_OPENED + WHEN_UNLOCKED + 3];
    size_t n = 0;

    for (size_t i = 0; i < WHEN_OPENED; i++)
        tests[n++] = row(&when_opened[i], is_refused_when_opened);
    for (size_t i = 0; i < WHEN_UNLOCKED; i++)
        tests[n++] = row(&when_unlocked[i], is_refused_when_unlocked);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
        altered_numbers_of_argon2_open_nothing, setup, teardown);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
        every_truncation_is_refused_and_changes_nothing, setup, teardown);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
        a_name_like_an_address_is_a_name, setup, teardown);
    assert_int_equal(n, sizeof tests / sizeof tests[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
