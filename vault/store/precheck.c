/* vault/store/precheck.c - a vault file looked at before SQLite may touch it. */
#include "precheck.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "schema.h"

/* SQLite file format, https://www.sqlite.org/fileformat2.html sections 1.3, 1.6 and 3:
 * numbers there are big-endian. */
enum {
    PAGE_BYTES = 16384,
    AT_PAGE_SIZE = 16,
    AT_WRITE_VERSION = 18,
    AT_READ_VERSION = 19,
    AT_RESERVED = 20,
    AT_SCHEMA_FORMAT = 44,
    AT_USER_VERSION = 60,
    AT_APPLICATION_ID = 68,
    RESERVED_BYTES = 20,
    LEAF_TABLE = 13,
    AT_CELL_COUNT = 3,
    AT_CELL_POINTER = 8,
    JOURNAL_HEAD_BYTES = 512,
    JOURNAL_MAGIC_BYTES = 8,
    JOURNAL_IDLE_BYTES = 12, /* magic and count of pages */
    AT_JOURNAL_SECTOR = 20,
    AT_JOURNAL_PAGE = 24,
};

static const char sqlite_magic[16] = "SQLite format 3";
static const uint8_t journal_magic[JOURNAL_MAGIC_BYTES] = {
    0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

static uint32_t
big_endian(const uint8_t *at, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static bool
all_zero(const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != 0)
            return false;
    return true;
}

static enum wb_status
check_first_page(const uint8_t *page, struct wb_error *e)
{
    /* schema format 4, no cache size, no auto-vacuum, UTF-8; then the user version, no
     * incremental vacuum, the application id, reserved bytes */
    static const uint8_t usual[16] = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    if (memcmp(page, sqlite_magic, sizeof sqlite_magic) != 0 ||
        big_endian(page + AT_APPLICATION_ID, 4) != WB_APPLICATION_ID)
        return wb_fail(e, WB_ERR_FORMAT, "not a witnessbox vault");
    if (big_endian(page + AT_USER_VERSION, 4) > WB_USER_VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW,
            "format %u is newer than this program: update it",
            big_endian(page + AT_USER_VERSION, 4));
    if (big_endian(page + AT_USER_VERSION, 4) != WB_USER_VERSION)
        return wb_fail(e, WB_ERR_FORMAT, "format version: damaged");
    if (big_endian(page + AT_PAGE_SIZE, 2) != PAGE_BYTES || page[AT_RESERVED] != 0)
        return wb_fail(e, WB_ERR_FORMAT, "page size: not a vault's");
    if (memcmp(page + AT_SCHEMA_FORMAT, usual, sizeof usual) != 0 ||
        !all_zero(page + AT_USER_VERSION + 4, 4) ||
        !all_zero(page + AT_APPLICATION_ID + 4, RESERVED_BYTES))
        return wb_fail(e, WB_ERR_FORMAT, "file head: damaged");
    if (page[AT_WRITE_VERSION] != 1 || page[AT_READ_VERSION] != 1)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "asks for a write-ahead log: no vault does, somebody changed it");
    return WB_OK;
}

/* A varint of section 1.6, at most the three bytes that our cell can need. */
static const uint8_t *
get_varint(const uint8_t *at, const uint8_t *end, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 3; i++) {
        if (at >= end)
            return NULL;
        *value = *value << 7 | (*at & 0x7f);
        if ((*at++ & 0x80) == 0)
            return at;
    }
    return NULL;
}

enum wb_status
wb_precheck_page(uint8_t header[static WB_HEADER_BYTES],
    const uint8_t page[static PAGE_BYTES], struct wb_error *e)
{
    const uint8_t *end = page + PAGE_BYTES, *at;
    uint32_t payload, row, head_size, first, second, cell;
    /* record header: its own size, serial type NULL (0), serial type blob */
    const uint32_t blob = 12 + 2 * WB_HEADER_BYTES;

    if (all_zero(page, PAGE_BYTES))
        return wb_fail(
            e, WB_ERR_FORMAT, "burnt: its keys are gone, nothing opens it any more");
    cell = big_endian(page + AT_CELL_POINTER, 2);
    if (page[0] != LEAF_TABLE || big_endian(page + AT_CELL_COUNT, 2) != 1 ||
        cell >= PAGE_BYTES)
        return wb_fail(e, WB_ERR_FORMAT, "header page: damaged");
    if ((at = get_varint(page + cell, end, &payload)) == NULL ||
        (at = get_varint(at, end, &row)) == NULL ||
        (at = get_varint(at, end, &head_size)) == NULL ||
        (at = get_varint(at, end, &first)) == NULL ||
        (at = get_varint(at, end, &second)) == NULL || row != 1 || first != 0 ||
        second != blob || head_size != 4 || payload != head_size + WB_HEADER_BYTES ||
        end - at < WB_HEADER_BYTES)
        return wb_fail(e, WB_ERR_FORMAT, "header page: damaged");
    memcpy(header, at, WB_HEADER_BYTES);
    return WB_OK;
}

enum wb_status
wb_precheck_journal(const uint8_t *head, size_t size,
    const uint8_t tail[static JOURNAL_MAGIC_BYTES], struct wb_error *e)
{
    /* Absent, empty, finished; or not yet synced: SQLite writes magic and count as
     * zeros first, and a journal whose first byte is zero is never played back. */
    if (all_zero(head, size < JOURNAL_IDLE_BYTES ? size : JOURNAL_IDLE_BYTES))
        return WB_OK;
    if (size < JOURNAL_HEAD_BYTES ||
        memcmp(head, journal_magic, sizeof journal_magic) != 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "its head is torn or foreign; torn by a power failure, it was not yet "
            "needed");
    if (big_endian(head + AT_JOURNAL_SECTOR, 4) != JOURNAL_HEAD_BYTES ||
        big_endian(head + AT_JOURNAL_PAGE, 4) != PAGE_BYTES)
        return wb_fail(e, WB_ERR_INTEGRITY, "its sector or page size is not a vault's");
    if (memcmp(tail, journal_magic, sizeof journal_magic) == 0)
        return wb_fail(e, WB_ERR_INTEGRITY, "it names another file to be deleted");
    return WB_OK;
}

/* *hot: it will be played back. */
static enum wb_status
check_journal_file(const char *path, bool *hot, struct wb_error *e)
{
    uint8_t head[JOURNAL_HEAD_BYTES], tail[JOURNAL_MAGIC_BYTES] = {0};
    uint64_t size;
    size_t got, tail_got;
    int fd = -1;
    enum wb_status st = wb_file_open(&fd, path, e);

    if (st == WB_ERR_NOT_FOUND)
        return WB_OK;
    if (st != WB_OK)
        return st;
    if ((st = wb_file_size(fd, &size, e)) == WB_OK &&
        (st = wb_file_read_at(fd, 0, head, sizeof head, &got, e)) == WB_OK &&
        (size < sizeof tail ||
            (st = wb_file_read_at(
                 fd, size - sizeof tail, tail, sizeof tail, &tail_got, e)) == WB_OK)) {
        st = wb_precheck_journal(head, got, tail, e);
        *hot = got > 0 && head[0] != 0;
        if (st != WB_OK)
            st =
                wb_within(e, st, "%s: refused, move it away only if you know it", path);
    }
    wb_file_close(&fd);
    return st;
}

/* What may lie beside a vault under its name: a sound journal, nothing else. */
static enum wb_status
check_beside(const char *path, bool *hot, struct wb_error *e)
{
    static const char *const foreign[] = {"-wal", "-shm"};
    size_t room = strlen(path) + 16;
    char *beside = wb_mem_new(room);
    enum wb_status st = WB_OK;

    if (beside == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < 2 && st == WB_OK; i++) {
        memcpy(beside, path, room - 16);
        memcpy(beside + room - 16, foreign[i], 5);
        if (faccessat(AT_FDCWD, beside, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            st = wb_fail(e, WB_ERR_INTEGRITY,
                "%s: no vault has such a file, somebody put it there", beside);
    }
    if (st == WB_OK) {
        memcpy(beside + room - 16, "-journal", 9);
        st = check_journal_file(beside, hot, e);
    }
    wb_mem_free(beside);
    return st;
}

static enum wb_status
check_file(struct wb_header *h, uint64_t *size, int fd, struct wb_error *e)
{
    uint8_t *pages = wb_mem_new(2 * PAGE_BYTES);
    uint8_t header[WB_HEADER_BYTES];
    size_t got;
    enum wb_status st;

    if (pages == NULL)
        return wb_fail_memory(e);
    if ((st = wb_file_size(fd, size, e)) == WB_OK &&
        (st = wb_file_read_at(fd, 0, pages, 2 * PAGE_BYTES, &got, e)) == WB_OK) {
        if (got < 2 * PAGE_BYTES)
            st = wb_fail(e, WB_ERR_FORMAT, "not a witnessbox vault, or truncated");
        else if ((st = check_first_page(pages, e)) == WB_OK &&
            (st = wb_precheck_page(header, pages + PAGE_BYTES, e)) == WB_OK)
            st = wb_header_decode(h, header, e);
    }
    wb_mem_free(pages);
    return st;
}

enum wb_status
wb_precheck(struct wb_header *h, const char *path, struct wb_error *e)
{
    uint64_t size = 0;
    bool hot = false;
    int fd = -1;
    enum wb_status st;

    if ((st = wb_file_open(&fd, path, e)) != WB_OK)
        return st;
    st = wb_within(e, check_file(h, &size, fd, e), "%s", path);
    wb_file_close(&fd);
    if (st == WB_OK)
        st = check_beside(path, &hot, e);
    /* a power failure while it grew: playing back cuts it to its pages again */
    if (st == WB_OK && size % PAGE_BYTES != 0 && !hot)
        st = wb_fail(e, WB_ERR_FORMAT, "%s: truncated: %llu bytes are not whole pages",
            path, (unsigned long long)size);
    return st;
}
