/* vault/store/burn.c - the end of a vault: header page and journal overwritten in
 * place.
 */
#include <witnessbox/destroy.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "schema.h"

enum {
    PAGE_BYTES = 16384,
    AT_APPLICATION_ID = 68, /* in the file's head, big-endian */
    JOURNAL_HEAD_BYTES = 512,
    WIPE_BYTES = 256 * 1024,
};

static const char sqlite_magic[16] = "SQLite format 3";
static const char header_magic[] = "witnessbox vault";

/* A regular file for writing, and how long it is. No link is followed. */
static enum wb_status
open_file(int *fd, uint64_t *size, const char *path, struct wb_error *e)
{
    struct stat info;
    int opened = -1;

    if (!wb_file_refused(WB_FILE_OPEN))
        opened = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    if (opened < 0 && errno == ENOENT)
        return wb_fail(e, WB_ERR_NOT_FOUND, "%s: no such file", path);
    if (opened < 0 && errno == ELOOP)
        return wb_fail(
            e, WB_ERR_USAGE, "%s: is a symbolic link, name the file itself", path);
    if (opened < 0)
        return wb_fail_os(e, errno, "%s", path);
    if (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)close(opened);
        return wb_fail(e, WB_ERR_USAGE, "%s: not a regular file", path);
    }
    *size = (uint64_t)info.st_size;
    *fd = opened;
    return WB_OK;
}

/* Writes zeros over [from, to) of a file, and syncs. */
static enum wb_status
overwrite(int fd, uint64_t from, uint64_t to, struct wb_error *e)
{
    static const uint8_t zeros[WIPE_BYTES];

    if (lseek(fd, (off_t)from, SEEK_SET) < 0)
        return wb_fail_os(e, errno, "overwrite");
    while (from < to) {
        size_t part = to - from < WIPE_BYTES ? (size_t)(to - from) : WIPE_BYTES;
        enum wb_status st = wb_file_write(fd, zeros, part, e);

        if (st != WB_OK)
            return st;
        from += part;
    }
    return wb_file_sync(fd, e);
}

static char *
journal_path(const char *path)
{
    char *journal = wb_mem_new(strlen(path) + sizeof "-journal");

    if (journal != NULL) {
        strcpy(journal, path);
        strcat(journal, "-journal");
    }
    return journal;
}

/* Either of two pages says what it is: one may be damaged. */
static bool
is_vault(const uint8_t *pages, size_t size)
{
    static const uint8_t id[4] = {WB_APPLICATION_ID >> 24,
        (WB_APPLICATION_ID >> 16) & 0xff, (WB_APPLICATION_ID >> 8) & 0xff,
        WB_APPLICATION_ID & 0xff};

    if (size >= AT_APPLICATION_ID + sizeof id &&
        memcmp(pages, sqlite_magic, sizeof sqlite_magic) == 0 &&
        memcmp(pages + AT_APPLICATION_ID, id, sizeof id) == 0)
        return true;
    return size > PAGE_BYTES &&
        memmem(pages + PAGE_BYTES, size - PAGE_BYTES, header_magic,
            sizeof header_magic - 1) != NULL;
}

static bool
is_burnt(const uint8_t *pages, size_t size)
{
    for (size_t i = PAGE_BYTES; i < size; i++)
        if (pages[i] != 0)
            return false;
    return true;
}

static enum wb_status
look(struct wb_burn *b, int fd, const char *path, struct wb_error *e)
{
    uint8_t *pages = wb_mem_new(2 * PAGE_BYTES);
    size_t got = 0;
    enum wb_status st;

    if (pages == NULL)
        return wb_fail_memory(e);
    st = wb_file_read_at(fd, 0, pages, 2 * PAGE_BYTES, &got, e);
    if (st == WB_OK && !is_vault(pages, got))
        st = wb_fail(
            e, WB_ERR_FORMAT, "%s: not a witnessbox vault, it was left alone", path);
    if (st == WB_OK)
        b->burnt = is_burnt(pages, got);
    wb_mem_free(pages);
    return st;
}

enum wb_status
wb_burn_look(struct wb_burn *b, const char *path, struct wb_error *e)
{
    struct wb_burn found = {0};
    char *journal = journal_path(path);
    struct stat info;
    int fd = -1;
    enum wb_status st;

    if (journal == NULL)
        return wb_fail_memory(e);
    if ((st = open_file(&fd, &found.bytes, path, e)) == WB_OK &&
        (st = look(&found, fd, path, e)) == WB_OK) {
        if (lstat(journal, &info) == 0 && S_ISREG(info.st_mode))
            found.journal_bytes = (uint64_t)info.st_size;
        *b = found;
    }
    wb_file_close(&fd);
    wb_mem_free(journal);
    return st;
}

/* The folder remembers that the journal is gone. */
static enum wb_status
sync_folder(const char *path, struct wb_error *e)
{
    int fd = -1;
    enum wb_status st = wb_file_open_folder(&fd, path, e);

    if (st == WB_OK)
        st = wb_file_sync_folder(fd, e);
    wb_file_close(&fd);
    return st;
}

static enum wb_status
remove_journal(const char *journal, struct wb_error *e)
{
    if (wb_file_refused(WB_FILE_UNLINK) || unlink(journal) != 0)
        return wb_fail_os(e, errno, "%s", journal);
    return sync_folder(journal, e);
}

/* The header page is gone with the second sync, however long the journal is. A journal
 * that refuses must not save the header: what can be destroyed is, and the first
 * refusal is told. */
static enum wb_status
destroy(int fd, uint64_t size, const char *journal, struct wb_error *e)
{
    const uint64_t end = size < 2 * PAGE_BYTES ? size : 2 * PAGE_BYTES;
    uint64_t journal_size = 0;
    int journal_fd = -1;
    enum wb_status header = WB_OK,
                   st = open_file(&journal_fd, &journal_size, journal, e);
    bool has_journal = st == WB_OK;

    if (has_journal)
        st = overwrite(journal_fd, 0,
            journal_size < JOURNAL_HEAD_BYTES ? journal_size : JOURNAL_HEAD_BYTES, e);
    else if (st == WB_ERR_NOT_FOUND || st == WB_ERR_USAGE)
        st = WB_OK; /* what is no file is no journal */
    if (size > PAGE_BYTES)
        header = overwrite(fd, PAGE_BYTES, end, st == WB_OK ? e : NULL);
    if (has_journal && st == WB_OK && journal_size > JOURNAL_HEAD_BYTES)
        st = overwrite(
            journal_fd, JOURNAL_HEAD_BYTES, journal_size, header == WB_OK ? e : NULL);
    if (has_journal && st == WB_OK && header == WB_OK)
        st = remove_journal(journal, e);
    wb_file_close(&journal_fd);
    return st != WB_OK ? st : header;
}

enum wb_status
wb_burn(const char *path, struct wb_error *e)
{
    char *journal = journal_path(path);
    struct wb_burn b;
    int fd = -1;
    enum wb_status st;

    if (journal == NULL)
        return wb_fail_memory(e);
    if ((st = open_file(&fd, &b.bytes, path, e)) == WB_OK &&
        (st = look(&b, fd, path, e)) == WB_OK)
        st = wb_within(e, destroy(fd, b.bytes, journal, e), "%s", path);
    wb_file_close(&fd);
    wb_mem_free(journal);
    return st;
}
