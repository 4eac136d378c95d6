/* tests/flow/test_destroy.c - burn and shred: what they destroy is nowhere, what they
 * leave is sound, and death at any step leaves before or after. */
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
#include <witnessbox/bundle.h>
#include <witnessbox/destroy.h>

#include "base/file.h"
#include "faults.h"
#include "stage.h"

enum { PAGE_BYTES = 16384, PIECE_BYTES = 16, PIECES_MAX = 8192 };

static long countdown;

static int
setup(void **state)
{
    (void)state;
    stage_make(&stage);
    stage_reset(&stage);
    return 0;
}

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static int
die_here(enum wb_file_op op)
{
    (void)op;
    if (--countdown == 0)
        raise(SIGKILL);
    return 0;
}

/* Runs in a child that dies before call number `at`; true when it was done before. */
static bool
run_and_kill(void (*run)(void), long at)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        countdown = at;
        wb_file_fault = die_here;
        run();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) {
        assert_int_equal(WEXITSTATUS(status), 0);
        return true;
    }
    assert_int_equal(WTERMSIG(status), SIGKILL);
    return false;
}

/* ---- burn ---- */

static void
journal_of(char out[static ROOM_PATH_BYTES])
{
    room_text(out, ROOM_PATH_BYTES, "%s-journal", stage.a);
}

static bool
header_is_gone(const char *path)
{
    static uint8_t page[PAGE_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool gone = true;

    assert_true(fd >= 0);
    assert_int_equal(pread(fd, page, sizeof page, PAGE_BYTES), sizeof page);
    assert_int_equal(close(fd), 0);
    for (size_t i = 0; i < sizeof page; i++)
        gone &= page[i] == 0;
    return gone;
}

static void
burn_a(void)
{
    struct wb_error e = {0};

    ok(wb_burn(stage.a, &e), &e);
}

static void
a_burnt_vault_opens_for_nobody_and_says_why(void **state)
{
    struct wb_vault *v = NULL;
    struct wb_burn b = {0};
    struct wb_error e = {0};

    (void)state;
    ok(wb_burn_look(&b, stage.a, &e), &e);
    assert_int_equal(b.bytes, stage.kept[0].size);
    assert_false(b.burnt);
    assert_false(header_is_gone(stage.a));
    burn_a();
    assert_true(header_is_gone(stage.a));
    assert_int_equal(wb_vault_open(&v, stage.a, 0, &e), WB_ERR_FORMAT);
    assert_non_null(strstr(e.message, "burnt"));
    assert_null(v);
    ok(wb_burn_look(&b, stage.a, &e), &e);
    assert_true(b.burnt);
    burn_a(); /* twice is fine */
}

static void
only_the_header_page_is_written(void **state)
{
    uint8_t *bytes;
    size_t size;

    (void)state;
    burn_a();
    bytes = room_read(stage.a, &size);
    assert_int_equal(size, stage.kept[0].size);
    assert_memory_equal(bytes, stage.kept[0].bytes, PAGE_BYTES);
    assert_memory_equal(bytes + (size_t)2 * PAGE_BYTES,
        stage.kept[0].bytes + (size_t)2 * PAGE_BYTES, size - (size_t)2 * PAGE_BYTES);
    free(bytes);
}

static void
burning_two_gigabytes_takes_less_than_a_second(void **state)
{
    struct timespec begin, end;

    (void)state;
    assert_int_equal(truncate(stage.a, (off_t)2 << 30), 0);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    burn_a();
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(header_is_gone(stage.a));
    assert_true((double)(end.tv_sec - begin.tv_sec) +
            (double)(end.tv_nsec - begin.tv_nsec) / 1e9 <
        1.0);
}

static void
a_journal_is_overwritten_before_it_goes(void **state)
{
    char journal[ROOM_PATH_BYTES], kept[ROOM_PATH_BYTES];
    static uint8_t noise[200000];
    uint8_t *left;
    struct wb_burn b = {0};
    struct wb_error e = {0};
    size_t size;

    (void)state;
    journal_of(journal);
    room_text(kept, sizeof kept, "%s/kept", stage.room.folder);
    room_noise(noise, sizeof noise, 5);
    room_write(journal, noise, sizeof noise);
    assert_int_equal(link(journal, kept), 0); /* the same bytes, after it is gone */
    ok(wb_burn_look(&b, stage.a, &e), &e);
    assert_int_equal(b.journal_bytes, sizeof noise);
    burn_a();
    assert_false(room_exists(journal));
    left = room_read(kept, &size);
    assert_int_equal(size, sizeof noise);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(left[i], 0);
    free(left);
    assert_int_equal(remove(kept), 0);
}

static void
a_link_for_a_journal_does_not_save_the_header(void **state)
{
    char journal[ROOM_PATH_BYTES];

    (void)state;
    journal_of(journal);
    assert_int_equal(symlink(stage.b, journal), 0);
    burn_a();
    assert_true(header_is_gone(stage.a));
    room_assert_sound(stage.b);
    assert_int_equal(remove(journal), 0);
}

static int
refuse_first_write(enum wb_file_op op)
{
    return op == WB_FILE_WRITE && --countdown == 0 ? EIO : 0;
}

static void
a_journal_that_cannot_be_written_does_not_save_the_header(void **state)
{
    static uint8_t noise[4000];
    char journal[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    journal_of(journal);
    room_noise(noise, sizeof noise, 5);
    room_write(journal, noise, sizeof noise);
    countdown = 1;
    wb_file_fault = refuse_first_write;
    assert_int_equal(wb_burn(stage.a, &e), WB_ERR_IO);
    wb_file_fault = NULL;
    room_assert_line(&e);
    assert_true(header_is_gone(stage.a));
    assert_true(room_exists(journal)); /* it is told, and can be done again */
    burn_a();
    assert_false(room_exists(journal));
}

/* Its names cannot be changed, also by root. */
static void
a_journal_in_a_folder_that_is_read_only_is_zeros_and_told(void **state)
{
    enum { SOMEBODY = 65534 };
    static const uint8_t zeros[4000];
    static uint8_t noise[sizeof zeros];
    char journal[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    journal_of(journal);
    room_noise(noise, sizeof noise, 5);
    room_write(journal, noise, sizeof noise);
    assert_int_equal(chmod(stage.room.folder, 0555), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(stage.a, SOMEBODY, SOMEBODY), 0);
        assert_int_equal(chown(journal, SOMEBODY, SOMEBODY), 0);
        assert_int_equal(seteuid(SOMEBODY), 0);
    }
    assert_int_equal(wb_burn(stage.a, &e), WB_ERR_IO);
    assert_int_equal(seteuid(getuid()), 0);
    assert_int_equal(chmod(stage.room.folder, 0700), 0);
    assert_non_null(strstr(e.message, "-journal"));
    room_assert_line(&e);
    assert_true(header_is_gone(stage.a));
    assert_true(room_has(journal, zeros, sizeof zeros));
    burn_a();
    assert_false(room_exists(journal));
}

/* Too short to have a second part. */
static void
a_short_journal_goes_too(void **state)
{
    char journal[ROOM_PATH_BYTES];

    (void)state;
    journal_of(journal);
    room_write(journal, "a few bytes", 11);
    burn_a();
    assert_true(header_is_gone(stage.a));
    assert_false(room_exists(journal));
}

static void
a_vault_named_without_its_folder_burns_with_its_journal(void **state)
{
    static uint8_t noise[4000];
    char journal[ROOM_PATH_BYTES], here[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    journal_of(journal);
    room_noise(noise, sizeof noise, 5);
    room_write(journal, noise, sizeof noise);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(stage.room.folder), 0);
    ok(wb_burn("vault", &e), &e);
    assert_int_equal(chdir(here), 0);
    assert_true(header_is_gone(stage.a));
    assert_false(room_exists(journal));
}

static void
a_folder_for_a_journal_is_none(void **state)
{
    char journal[ROOM_PATH_BYTES];
    struct wb_burn b = {.journal_bytes = 7};
    struct wb_error e = {0};

    (void)state;
    journal_of(journal);
    assert_int_equal(mkdir(journal, 0700), 0);
    ok(wb_burn_look(&b, stage.a, &e), &e);
    assert_int_equal(b.journal_bytes, 0);
    assert_int_equal(rmdir(journal), 0);
}

/* Cut behind its first page: its header is gone with the rest, a journal may have it.
 */
static void
a_vault_of_one_page_burns_with_its_journal(void **state)
{
    static uint8_t noise[4000];
    char journal[ROOM_PATH_BYTES];
    struct wb_burn b = {0};
    struct wb_error e = {0};

    (void)state;
    journal_of(journal);
    room_noise(noise, sizeof noise, 5);
    room_write(journal, noise, sizeof noise);
    assert_int_equal(truncate(stage.a, PAGE_BYTES), 0);
    ok(wb_burn_look(&b, stage.a, &e), &e);
    assert_true(b.burnt);
    burn_a();
    assert_false(room_exists(journal));
    assert_true(room_has(stage.a, stage.kept[0].bytes, PAGE_BYTES));
}

static void
a_damaged_vault_burns(void **state)
{
    static const uint8_t zeros[PAGE_BYTES];
    int fd = open(stage.a, O_WRONLY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, zeros, sizeof zeros, 0), sizeof zeros);
    burn_a();
    assert_true(header_is_gone(stage.a));
    room_write(stage.a, stage.kept[0].bytes, stage.kept[0].size);
    assert_int_equal(pwrite(fd, "torn", 4, PAGE_BYTES), 4);
    assert_int_equal(ftruncate(fd, 5 * PAGE_BYTES + 77), 0);
    burn_a();
    assert_true(header_is_gone(stage.a));
    assert_int_equal(close(fd), 0);
}

static void
a_vault_that_somebody_has_open_burns(void **state)
{
    struct wb_vault *v = room_open(stage.a);

    (void)state;
    assert_true(run_and_kill(burn_a, 0));
    assert_true(header_is_gone(stage.a));
    wb_vault_close(&v);
    assert_true(header_is_gone(stage.a));
}

/* Who has it open holds the header page in memory, and every key. */
static void
a_burnt_vault_is_not_brought_back_by_who_has_it_open(void **state)
{
    const struct wb_new_passphrase words = holder_words(STAGE_THIRD);
    const char *const fields[] = {"title", "After the fire", NULL};
    struct wb_vault *v = room_open(stage.a);
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_error e = {0};

    (void)state;
    assert_true(run_and_kill(burn_a, 0));
    room_print(stage.room.folder, before);
    assert_int_equal(wb_passphrase_change(v, &words, NULL, &e), WB_ERR_FORMAT);
    assert_non_null(strstr(e.message, "burnt while it was open"));
    assert_int_equal(wb_rekey(v, NULL, &e), WB_ERR_FORMAT);
    assert_int_equal(room_add(v, NULL, &e, "incident", fields), WB_ERR_FORMAT);
    assert_true(header_is_gone(stage.a));
    wb_vault_close(&v);
    assert_true(header_is_gone(stage.a));
    room_print(stage.room.folder, after);
    assert_memory_equal(before, after, sizeof before);
}

static void
what_is_no_vault_is_left_alone(void **state)
{
    char other[ROOM_PATH_BYTES], link_to[ROOM_PATH_BYTES];
    static uint8_t noise[3 * PAGE_BYTES];
    uint8_t *after;
    struct wb_burn b = {.bytes = 7};
    struct wb_error e = {0};
    size_t size;

    (void)state;
    room_text(other, sizeof other, "%s/other-file", stage.room.folder);
    room_text(link_to, sizeof link_to, "%s/link", stage.room.folder);
    room_noise(noise, sizeof noise, 6);
    room_write(other, noise, sizeof noise);
    assert_int_equal(wb_burn(other, &e), WB_ERR_FORMAT);
    assert_non_null(strstr(e.message, "left alone"));
    assert_int_equal(wb_burn_look(&b, other, &e), WB_ERR_FORMAT);
    assert_int_equal(b.bytes, 7);
    after = room_read(other, &size);
    assert_memory_equal(after, noise, sizeof noise);
    free(after);
    assert_int_equal(symlink(stage.a, link_to), 0);
    assert_int_equal(wb_burn(link_to, &e), WB_ERR_USAGE);
    assert_int_equal(wb_burn(stage.room.folder, &e), WB_ERR_IO);
    assert_int_equal(remove(other), 0);
    assert_int_equal(wb_burn(other, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(remove(link_to), 0);
    room_assert_sound(stage.a);
}

/* What is no vault, by a part of it that a vault has. */
static void
what_is_only_like_a_vault_is_left_alone(void **state)
{
    static uint8_t like[PAGE_BYTES + 100];
    static const struct {
        size_t size; /* of the file */
        size_t head; /* as a vault begins */
    } files[] = {{10, 10}, {71, 71}, {PAGE_BYTES, 68}, {sizeof like, 68}};
    struct wb_burn b = {.bytes = 7};
    char other[ROOM_PATH_BYTES];
    struct wb_error e = {0};

    (void)state;
    room_text(other, sizeof other, "%s/other-file", stage.room.folder);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        memset(like, 'x', sizeof like);
        memcpy(like, stage.kept[0].bytes, files[i].head);
        room_write(other, like, files[i].size);
        assert_int_equal(wb_burn_look(&b, other, &e), WB_ERR_FORMAT);
        assert_int_equal(wb_burn(other, &e), WB_ERR_FORMAT);
        assert_non_null(strstr(e.message, "not a witnessbox vault"));
        assert_int_equal(b.bytes, 7);
        assert_true(room_has(other, like, files[i].size));
    }
    assert_int_equal(remove(other), 0);
    assert_int_equal(wb_burn_look(&b, other, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(mkfifo(other, 0600), 0); /* nobody waits for its other end */
    assert_int_equal(wb_burn(other, &e), WB_ERR_USAGE);
    assert_non_null(strstr(e.message, "not a regular file"));
    assert_int_equal(remove(other), 0);
}

static void
a_killed_burn_can_be_done_again(void **state)
{
    char journal[ROOM_PATH_BYTES];
    static uint8_t noise[600000];
    unsigned reached = 0;

    (void)state;
    journal_of(journal);
    room_noise(noise, sizeof noise, 7);
    for (long at = 1;; at++) {
        room_write(stage.a, stage.kept[0].bytes, stage.kept[0].size);
        room_write(journal, noise, sizeof noise);
        if (run_and_kill(burn_a, at))
            break;
        burn_a();
        assert_true(header_is_gone(stage.a));
        assert_false(room_exists(journal));
        reached++;
    }
    counted(reached, "kills at a file call");
    assert_true(reached >= 8);
}

/* ---- shred: the sealed bytes that must be gone ---- */

static uint8_t pieces[PIECES_MAX][PIECE_BYTES];
static size_t piece_count;

/* All sealed bytes of a vault as they lie in its tables, in pieces: a row of many pages
 * is not in one run. */
static void
each_sealed(const char *path, void (*take)(const uint8_t *bytes, size_t size))
{
    static const char sql[] =
        "SELECT wrap FROM wraps UNION ALL SELECT body FROM bodies "
        "UNION ALL SELECT tag FROM lookups UNION ALL "
        "SELECT box FROM chunks";
    sqlite3_stmt *s = NULL;
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, "unix"), 0);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW)
        take(sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
    sqlite3_finalize(s);
    sqlite3_close(db);
}

static void
take_pieces(const uint8_t *bytes, size_t size)
{
    const size_t step = size > 4096 ? 1024 : PIECE_BYTES;

    for (size_t at = 0; at + PIECE_BYTES <= size; at += step) {
        assert_true(piece_count < PIECES_MAX);
        memcpy(pieces[piece_count++], bytes + at, PIECE_BYTES);
    }
}

static int
compare_pieces(const void *a, const void *b)
{
    return memcmp(a, b, PIECE_BYTES);
}

static uint8_t there[PIECES_MAX];

static void
mark_there(const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at + PIECE_BYTES <= size; at++) {
        uint8_t(*found)[PIECE_BYTES] =
            bsearch(bytes + at, pieces, piece_count, PIECE_BYTES, compare_pieces);

        if (found != NULL)
            there[found - pieces] = 1;
    }
}

static void
mark_file(void *cookie, const char *name, const char *path)
{
    uint8_t *bytes;
    size_t size;

    if (strncmp(name, cookie, strlen(cookie)) != 0) /* not of vault a */
        return;
    bytes = room_read(path, &size);
    mark_there(bytes, size);
    free(bytes);
}

static size_t
count_in_folder(void)
{
    char of_a[] = "vault";
    size_t count = 0;

    memset(there, 0, sizeof there);
    room_each_file(stage.room.folder, mark_file, of_a);
    for (size_t i = 0; i < piece_count; i++)
        count += there[i];
    return count;
}

static void
sql(const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open_v2(stage.a, &db, SQLITE_OPEN_READWRITE, "unix"), 0);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void
shred_one(const struct wb_id *id)
{
    struct wb_vault *v = room_open(stage.a);
    struct wb_shredded done = {0};
    struct wb_error e = {0};

    ok(wb_shred(v, id, "the witness asked for it", &done, &e), &e);
    assert_true(done.revisions > 0);
    wb_vault_close(&v);
}

static void
shred_both(void)
{
    shred_one(&stage.room.other);
    shred_one(&stage.room.evidence);
}

static void
no_sealed_byte_of_what_was_shredded_is_left(void **state)
{
    size_t before, gone = 0;

    (void)state;
    piece_count = 0;
    each_sealed(stage.a, take_pieces);
    qsort(pieces, piece_count, PIECE_BYTES, compare_pieces);
    before = count_in_folder();
    assert_true(before * 20 > piece_count * 19); /* the search finds what is there */
    shred_both();
    /* what is still in a table belongs to other records */
    memset(there, 0, sizeof there);
    each_sealed(stage.a, mark_there);
    for (size_t i = 0; i < piece_count; i++)
        if (!there[i])
            memcpy(pieces[gone++], pieces[i], PIECE_BYTES); /* still in order */
    print_message("%zu pieces, %zu of them shredded\n", piece_count, gone);
    assert_true(gone > 300 && piece_count - gone > 20);
    piece_count = gone;
    assert_int_equal(count_in_folder(), 0);
    room_assert_sound(stage.a);
}

/* ---- shred: what stays ---- */

static void
what_stays_is_sound_and_counted(void **state)
{
    static struct room_finding before, after;
    struct wb_vault *v = NULL;
    struct wb_vault_info info = {0}, was = {0};
    struct wb_error e = {0};

    (void)state;
    room_examine(&before, stage.a);
    v = room_open(stage.a);
    ok(wb_vault_info(v, &was, &e), &e);
    wb_vault_close(&v);
    shred_both();
    room_examine(&after, stage.a);
    if (room_is_named(&after))
        fail_msg("%s", after.said);
    assert_int_equal(before.counts.records - after.counts.records, 3);
    assert_int_equal(after.counts.shredded, 3);
    assert_int_equal(after.counts.size - before.counts.size, 3);
    v = room_open(stage.a);
    ok(wb_vault_info(v, &info, &e), &e);
    assert_int_equal(was.revisions - info.revisions, 3);
    assert_int_equal(was.files - info.files, 1);
    wb_vault_close(&v);
}

/* Its revisions name the same file, which goes once. */
static void
evidence_that_was_amended_goes_with_its_file(void **state)
{
    static const struct wb_amendment why = {.reason = "other"};
    static const char *const seals[] = {"A-17, whole", "A-17, broken"};
    struct wb_vault *v = room_open(stage.a);
    struct wb_shredded done = {0};
    struct wb_vault_info info;
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wb_change *c = NULL;
        struct wb_draft *d = NULL;
        struct wb_saved saved;

        ok(wb_change_begin(&c, v, &e), &e);
        ok(wb_change_draft(c, &d, &stage.room.evidence, &e), &e);
        ok(wb_draft_clear(d, "seal", &e), &e);
        ok(wb_draft_add(d, "seal", WB_STATE_TEXT, seals[i], strlen(seals[i]), &e), &e);
        ok(wb_change_amend(c, &stage.room.evidence, d, &why, &saved, &e), &e);
        ok(wb_change_commit(&c, &e), &e);
        wb_draft_free(&d);
    }
    ok(wb_shred(v, &stage.room.evidence, "given back", &done, &e), &e);
    assert_int_equal(done.revisions, 3);
    assert_int_equal(done.files, 1);
    ok(wb_vault_info(v, &info, &e), &e);
    assert_int_equal(info.files, 0);
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

static void
a_tombstone_says_when_why_and_how_many(void **state)
{
    struct wb_tombstone t = {.revisions = 77};
    struct wb_vault *v = room_open(stage.a);
    char text[WB_ID_TEXT_BYTES], prefix[9];
    struct wb_error e = {0};
    struct wb_record *r = NULL;

    (void)state;
    wb_id_text(text, &stage.room.other);
    assert_int_equal(wb_tombstone_find(v, &t, text, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(t.revisions, 77);
    wb_vault_close(&v);
    shred_both();
    v = room_open(stage.a);
    (void)snprintf(prefix, sizeof prefix, "%.8s", text);
    ok(wb_tombstone_find(v, &t, prefix, &e), &e);
    assert_true(wb_id_equal(&t.id, &stage.room.other));
    assert_string_equal(t.reason, "the witness asked for it");
    assert_int_equal(t.revisions, 2);
    assert_int_equal(strlen(t.time), 20);
    wb_tombstone_free(&t);
    prefix[3] = '\0'; /* too short to be meant */
    assert_int_equal(wb_tombstone_find(v, &t, prefix, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(wb_tombstone_find(v, &t, "0000", &e), WB_ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, "0000: no such record"));
    assert_int_equal(wb_record_load(v, &r, &stage.room.other, &e), WB_ERR_NOT_FOUND);
    wb_vault_close(&v);
}

/* By whom stands before the reason in the entry, and says what it likes. */
static void
the_reason_is_told_whatever_who_shredded_is_called(void **state)
{
    const struct wb_new_passphrase words = holder_words(STAGE_THIRD);
    struct wb_shredded done;
    struct wb_tombstone t;
    struct wb_vault *v = room_open(stage.a);
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};
    unsigned slot;

    (void)state;
    ok(wb_passphrase_add(v, &slot, &words, "the reason is mine", &e), &e);
    wb_vault_close(&v);
    ok(wb_vault_open(&v, stage.a, 0, &e), &e);
    ok(wb_vault_unlock(v, STAGE_THIRD, strlen(STAGE_THIRD), &e), &e);
    ok(wb_shred(v, &stage.room.other, "asked for", &done, &e), &e);
    wb_id_text(text, &stage.room.other);
    ok(wb_tombstone_find(v, &t, text, &e), &e);
    assert_string_equal(t.reason, "asked for");
    wb_tombstone_free(&t);
    wb_vault_close(&v);
}

/* Also where entries of the log are lost: what is left of it is told. */
static void
a_tombstone_stands_in_a_damaged_log(void **state)
{
    struct wb_tombstone t;
    struct wb_vault *v;
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};

    (void)state;
    shred_both();
    sql("UPDATE log SET sealed = zeroblob(length(sealed)) WHERE row = 3;"
        "DELETE FROM log WHERE row = 4");
    v = room_open(stage.a);
    wb_id_text(text, &stage.room.other);
    ok(wb_tombstone_find(v, &t, text, &e), &e);
    assert_int_equal(t.revisions, 2);
    wb_tombstone_free(&t);
    wb_vault_close(&v);
}

static void
who_refers_to_what_was_shredded_can_still_be_amended(void **state)
{
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    shred_one(&stage.room.person);
    v = room_open(stage.a);
    ok(room_amend(v, &stage.room.statement, "One thing more.", &e), &e);
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

static void
what_must_not_be_shredded_is_refused(void **state)
{
    static char long_one[1026];
    const char *const reasons[] = {"", "two\nlines", "bell\a", "\x7f", long_one};
    struct wb_vault *v = room_open(stage.a);
    struct wb_shredded done = {.revisions = 5};
    struct wb_error e = {0};
    struct wb_id none = {{1}};
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];

    (void)state;
    memset(long_one, 'x', sizeof long_one - 1);
    ok(room_content(v, before, &e), &e);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        assert_int_equal(
            wb_shred(v, &stage.room.other, reasons[i], &done, &e), WB_ERR_USAGE);
        assert_non_null(strstr(e.message, "reason"));
    }
    assert_int_equal(wb_shred(v, &none, "why", &done, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(done.revisions, 5);
    ok(room_content(v, after, &e), &e);
    assert_memory_equal(before, after, sizeof before);
    wb_vault_close(&v);
}

static bool
keep_id(void *cookie, const struct wb_record *r)
{
    *(struct wb_id *)cookie = *wb_record_id(r);
    return false;
}

static void
our_identity_is_not_shredded(void **state)
{
    const struct wb_list_filter identities = {.kind = "identity"};
    struct wb_vault *v = room_open(stage.a);
    struct wb_shredded done = {.revisions = 5};
    struct wb_error e = {0};
    struct wb_id id = {{0}};
    uint64_t damaged;

    (void)state;
    ok(wb_list(v, &identities, keep_id, &id, &damaged, &e), &e);
    assert_int_equal(wb_shred(v, &id, "why", &done, &e), WB_ERR_POLICY);
    assert_int_equal(done.revisions, 5);
    wb_vault_close(&v);
    room_assert_sound(stage.a);
}

/* ---- shred: forged and damaged ---- */

static void
a_row_that_is_gone_without_an_entry_is_named(void **state)
{
    struct room_finding f;

    (void)state;
    shred_both();
    room_assert_sound(stage.a);
    sql("DELETE FROM bodies WHERE row = (SELECT max(row) FROM bodies);"
        "DELETE FROM wraps WHERE row = (SELECT max(row) FROM wraps)");
    room_examine(&f, stage.a);
    assert_true(f.counts.problems > 0);
    assert_non_null(strstr(f.said, "row missing"));
}

static void
a_row_that_was_put_back_after_it_was_shredded_is_named(void **state)
{
    char old[ROOM_PATH_BYTES], text[ROOM_PATH_BYTES * 2];
    struct room_finding f;

    (void)state;
    room_text(old, sizeof old, "%s/old", stage.room.folder);
    room_copy(stage.a, old);
    shred_both();
    room_text(text, sizeof text,
        "ATTACH '%s' AS old; INSERT OR IGNORE INTO wraps SELECT * FROM old.wraps;"
        "INSERT OR IGNORE INTO bodies SELECT * FROM old.bodies;"
        "INSERT OR IGNORE INTO lookups SELECT * FROM old.lookups;",
        old);
    sql(text);
    room_examine(&f, stage.a);
    assert_non_null(strstr(f.said, "it was shredded, and is there again"));
    assert_int_equal(remove(old), 0);
}

static void
damaged_revisions_are_shredded_too(void **state)
{
    struct room_finding f;

    (void)state;
    /* the two revisions of `other`: 1 is our identity, then person, statement, file */
    sql("UPDATE bodies SET body = zeroblob(300) WHERE row = 5;"
        "UPDATE wraps SET wrap = zeroblob(144) WHERE row = 6");
    room_examine(&f, stage.a);
    assert_true(room_is_named(&f));
    shred_one(&stage.room.other);
    room_assert_sound(stage.a);
}

/* ---- shred: bundles ---- */

static enum wb_status
take_in(struct wb_vault *v, const struct wb_reading *how, uint64_t counts[3])
{
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};
    enum wb_status st = wb_import(v, stage.bundle, how, &report, &e);

    ok(st, &e);
    counts[0] = wb_report_added(report);
    counts[1] = wb_report_present(report);
    counts[2] = wb_report_refused(report);
    wb_report_free(&report);
    return st;
}

static void
a_bundle_brings_back_what_was_shredded_only_with_a_reason(void **state)
{
    const struct wb_readmit again = {stage.room.evidence, "the court asked for it"};
    const struct wb_reading readmits = {.readmits = &again, .readmit_count = 1};
    struct wb_vault *v = room_open(stage.b);
    struct wb_shredded done = {0};
    struct wb_tombstone t = {0};
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};
    uint64_t counts[3];

    (void)state;
    take_in(v, NULL, counts);
    assert_true(counts[0] >= 3 && counts[2] == 0);
    ok(wb_shred(v, &stage.room.evidence, "not ours to keep", &done, &e), &e);
    ok(wb_shred(v, &stage.room.other, "not ours to keep", &done, &e), &e);
    take_in(v, NULL, counts);
    assert_int_equal(counts[0], 0);
    assert_true(counts[2] >= 2);
    take_in(v, &readmits, counts);
    assert_int_equal(counts[0], 1);
    assert_true(counts[2] >= 1);
    wb_id_text(text, &stage.room.evidence);
    assert_int_equal(wb_tombstone_find(v, &t, text, &e), WB_ERR_NOT_FOUND);
    wb_vault_close(&v);
    room_assert_sound(stage.b);
}

static bool
count_holder(void *cookie, const struct wb_holder *h)
{
    unsigned *count = cookie;

    ++*count;
    assert_string_equal(h->contact, "partner");
    assert_int_equal(strlen(h->bundle), WB_ID_TEXT_BYTES - 1);
    assert_true(h->time[0] != '\0' && h->recipient[0] != '\0' && h->root[0] != '\0');
    return true;
}

static void
who_has_copies_is_known_also_after_the_record_is_gone(void **state)
{
    struct wb_vault *v = room_open(stage.a);
    struct wb_id none = {{9}};
    struct wb_error e = {0};
    unsigned count = 0;

    (void)state;
    ok(wb_holder_each(v, &stage.room.statement, count_holder, &count, &e), &e);
    assert_true(count > 0);
    count = 0;
    ok(wb_holder_each(v, &none, count_holder, &count, &e), &e);
    assert_int_equal(count, 0);
    wb_vault_close(&v);
}

/* With a journal, as a crash leaves it. */
static void
reset_with_journal(void)
{
    static uint8_t noise[4000];
    char journal[ROOM_PATH_BYTES];

    stage_reset(&stage);
    journal_of(journal);
    room_noise(noise, sizeof noise, 5);
    memset(noise, 0, 12); /* never synced: nothing is played back */
    room_write(journal, noise, sizeof noise);
}

static enum wb_status
look_and_burn(struct wb_error *e)
{
    struct wb_burn b = {.bytes = 7};
    enum wb_status st = wb_burn_look(&b, stage.a, e);

    assert_true((st == WB_OK) == (b.bytes != 7));
    return st == WB_OK ? wb_burn(stage.a, e) : st;
}

/* Burnt or whole, and then it can be done again; true when it was refused. */
static bool
burn_with(const struct fault *f, long at)
{
    struct wb_error e = {0};
    enum wb_status st;

    reset_with_journal();
    fault_arm(f, at);
    st = look_and_burn(&e);
    assert_true(fault_disarm() >= at);
    if (st != WB_OK)
        room_assert_line(&e);
    if (!header_is_gone(stage.a)) {
        assert_int_not_equal(st, WB_OK);
        room_assert_sound(stage.a);
        assert_int_equal(wb_burn(stage.a, &e), WB_OK);
    }
    assert_true(header_is_gone(stage.a));
    return st != WB_OK;
}

static void
a_burn_that_the_system_refuses_says_so(void **state)
{
    static const struct fault faults[] = {
        {"files, once", FAULT_FILES, false, EIO},
        {"files, for good", FAULT_FILES, true, EIO},
        {"allocations, once", FAULT_BIT(FAULT_MEMORY), false, 0},
    };
    unsigned refused = 0;

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        long calls;

        reset_with_journal();
        fault_arm(&faults[i], 0);
        assert_int_equal(look_and_burn(NULL), WB_OK);
        calls = fault_disarm();
        for (long at = 1; at <= calls; at++)
            refused += burn_with(&faults[i], at);
    }
    counted(refused, "faults of burn");
    assert_true(refused >= 10);
}

int
main(void)
{
#define BOTH(test) cmocka_unit_test_setup_teardown(test, setup, stage_tear_down)
    const struct CMUnitTest tests[] = {
        BOTH(a_burnt_vault_opens_for_nobody_and_says_why),
        BOTH(only_the_header_page_is_written),
        BOTH(burning_two_gigabytes_takes_less_than_a_second),
        BOTH(a_journal_is_overwritten_before_it_goes),
        BOTH(a_link_for_a_journal_does_not_save_the_header),
        BOTH(a_journal_that_cannot_be_written_does_not_save_the_header),
        BOTH(a_journal_in_a_folder_that_is_read_only_is_zeros_and_told),
        BOTH(a_short_journal_goes_too),
        BOTH(a_vault_named_without_its_folder_burns_with_its_journal),
        BOTH(a_folder_for_a_journal_is_none),
        BOTH(a_vault_of_one_page_burns_with_its_journal),
        BOTH(a_damaged_vault_burns),
        BOTH(a_vault_that_somebody_has_open_burns),
        BOTH(a_burnt_vault_is_not_brought_back_by_who_has_it_open),
        BOTH(what_is_no_vault_is_left_alone),
        BOTH(what_is_only_like_a_vault_is_left_alone),
        BOTH(a_killed_burn_can_be_done_again),
        BOTH(a_burn_that_the_system_refuses_says_so),
        BOTH(no_sealed_byte_of_what_was_shredded_is_left),
        BOTH(what_stays_is_sound_and_counted),
        BOTH(evidence_that_was_amended_goes_with_its_file),
        BOTH(a_tombstone_says_when_why_and_how_many),
        BOTH(the_reason_is_told_whatever_who_shredded_is_called),
        BOTH(a_tombstone_stands_in_a_damaged_log),
        BOTH(who_refers_to_what_was_shredded_can_still_be_amended),
        BOTH(what_must_not_be_shredded_is_refused),
        BOTH(our_identity_is_not_shredded),
        BOTH(a_row_that_is_gone_without_an_entry_is_named),
        BOTH(a_row_that_was_put_back_after_it_was_shredded_is_named),
        BOTH(damaged_revisions_are_shredded_too),
        BOTH(a_bundle_brings_back_what_was_shredded_only_with_a_reason),
        BOTH(who_has_copies_is_known_also_after_the_record_is_gone),
    };
#undef BOTH

    return cmocka_run_group_tests(tests, NULL, NULL);
}
