/* tests/lib/hostile.c - what somebody may do to a vault behind its back. */
#include "hostile.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/shim.h"

void
hostile_poke(const struct room *r, size_t at, const void *bytes, size_t size)
{
    int fd = open(r->vault, O_WRONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, (off_t)at), size);
    close(fd);
}

void
hostile_beside(
    char out[static ROOM_PATH_BYTES], const struct room *r, const char *ending)
{
    room_text(out, ROOM_PATH_BYTES, "%s%s", r->vault, ending);
}

void
hostile_put_beside(
    const struct room *r, const char *ending, const void *bytes, size_t size)
{
    char path[ROOM_PATH_BYTES];

    hostile_beside(path, r, ending);
    room_write(path, bytes, size);
}

void
hostile_sql(const char *path, const char *sql)
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

void
hostile_sacrifice(char path[static ROOM_PATH_BYTES], const struct room *r)
{
    room_path(path, r, "report.odt");
    room_write(path, "a file of the user's", 20);
}

void
hostile_journal(const struct room *r, uint32_t sector, uint32_t page, const char *super)
{
    char path[ROOM_PATH_BYTES];
    struct journal j;
    size_t size;
    uint8_t *bytes = room_read(r->vault, &size);

    hostile_beside(path, r, "-journal");
    journal_begin(&j, (uint32_t)(size / HOSTILE_PAGE_BYTES), sector, page);
    journal_put(&j, 14, bytes + 13 * HOSTILE_PAGE_BYTES);
    if (super != NULL)
        journal_name(&j, super);
    journal_end(&j, path);
    free(bytes);
}
