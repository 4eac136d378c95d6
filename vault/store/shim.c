/* vault/store/shim.c - the thin VFS between SQLite and the files: wipes journals,
 * injects faults. */
#include "shim.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"

enum { SECTOR_BYTES = 512, WIPE_BYTES = 64 * 1024 };

/* Our part of an open file; the real one's follows in the same block. */
struct shim_file {
    sqlite3_file base;
    bool journal;
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs shim_vfs;
static sqlite3_file *spare; /* deleting a journal must not depend on memory */
static bool warning;

static sqlite3_file *
real_of(sqlite3_file *f)
{
    return ((struct shim_file *)(void *)f)->real;
}

static int
write_file(sqlite3_file *real, const void *bytes, int size, sqlite3_int64 at)
{
    if (wb_file_refused(WB_FILE_WRITE))
        return errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return real->pMethods->xWrite(real, bytes, size, at);
}

static int
sync_file(sqlite3_file *real, int flags)
{
    if (wb_file_refused(WB_FILE_SYNC))
        return SQLITE_IOERR_FSYNC;
    return real->pMethods->xSync(real, flags);
}

/* The head first, and synced: from there on the transaction is committed and nothing
 * can be played back. Then the rest; a failure there leaves old sealed pages readable
 * to who has the disk, which is a warning, not an undone commit. */
static int
wipe_journal(sqlite3_file *real)
{
    static const uint8_t zeros[WIPE_BYTES];
    sqlite3_int64 size = 0, at = SECTOR_BYTES;
    int rc = real->pMethods->xFileSize(real, &size);

    if (rc != SQLITE_OK || size == 0)
        return rc;
    rc = write_file(real, zeros, (int)(size < SECTOR_BYTES ? size : SECTOR_BYTES), 0);
    if (rc == SQLITE_OK)
        rc = sync_file(real, SQLITE_SYNC_NORMAL);
    if (rc != SQLITE_OK)
        return rc;
    while (at < size && rc == SQLITE_OK) {
        sqlite3_int64 part = size - at < WIPE_BYTES ? size - at : WIPE_BYTES;

        rc = write_file(real, zeros, (int)part, at);
        at += part;
    }
    if (rc != SQLITE_OK || sync_file(real, SQLITE_SYNC_NORMAL) != SQLITE_OK)
        warning = true;
    return SQLITE_OK;
}

static int
shim_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int
shim_read(sqlite3_file *f, void *bytes, int size, sqlite3_int64 at)
{
    if (wb_file_refused(WB_FILE_READ))
        return SQLITE_IOERR_READ;
    return real_of(f)->pMethods->xRead(real_of(f), bytes, size, at);
}

static int
shim_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    return write_file(real_of(f), bytes, size, at);
}

static int
truncate_file(sqlite3_file *real, sqlite3_int64 size)
{
    if (wb_file_refused(WB_FILE_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    return real->pMethods->xTruncate(real, size);
}

static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc;

    if (!((struct shim_file *)(void *)f)->journal || size != 0)
        return truncate_file(real_of(f), size);
    rc = wipe_journal(real_of(f));
    if (rc == SQLITE_OK && truncate_file(real_of(f), 0) != SQLITE_OK)
        warning = true; /* it is wiped: its length alone is left */
    return rc;
}

static int
shim_sync(sqlite3_file *f, int flags)
{
    return sync_file(real_of(f), flags);
}

static int
shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int
shim_lock(sqlite3_file *f, int level)
{
    if (wb_file_refused(WB_FILE_LOCK))
        return SQLITE_IOERR_LOCK;
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int
shim_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int
shim_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int
shim_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int
shim_sector(sqlite3_file *f)
{
    (void)f;
    return SECTOR_BYTES;
}

static int
shim_characteristics(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

/* Version 1: no shared memory, no memory mapping. */
static const sqlite3_io_methods shim_methods = {
    .iVersion = 1,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_characteristics,
};

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct shim_file *file = (struct shim_file *)(void *)f;
    int rc;

    (void)vfs;
    file->base.pMethods = NULL;
    file->journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
    file->real = (sqlite3_file *)(void *)(file + 1);
    if (wb_file_refused(WB_FILE_OPEN))
        return SQLITE_CANTOPEN;
    rc = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
    if (file->real->pMethods != NULL)
        file->base.pMethods = &shim_methods;
    return rc;
}

/* Of a vault SQLite deletes nothing but its journal, after it was played back: a commit
 * point too. */
static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    const int flags = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_READWRITE;
    int rc;

    (void)vfs;
    if (wb_file_refused(WB_FILE_UNLINK))
        return SQLITE_IOERR_DELETE;
    memset(spare, 0, (size_t)real_vfs->szOsFile);
    rc = real_vfs->xOpen(real_vfs, name, spare, flags, NULL);
    if (rc != SQLITE_OK)
        return rc;
    rc = wipe_journal(spare);
    spare->pMethods->xClose(spare);
    return rc == SQLITE_OK ? real_vfs->xDelete(real_vfs, name, sync_directory) : rc;
}

static void *
sqlite_new(int size)
{
    return wb_mem_new((size_t)size);
}

static void *
sqlite_grow(void *block, int size)
{
    return wb_mem_grow(block, (size_t)size);
}

static int
sqlite_size(void *block)
{
    return (int)wb_mem_size(block);
}

static int
sqlite_round_up(int size)
{
    return (size + 7) & ~7;
}

static int
sqlite_memory_start(void *unused)
{
    (void)unused;
    return SQLITE_OK;
}

static void
sqlite_memory_stop(void *unused)
{
    (void)unused;
}

enum wb_status
wb_shim_start(struct wb_error *e)
{
    static const sqlite3_mem_methods memory = {
        .xMalloc = sqlite_new,
        .xFree = wb_mem_free,
        .xRealloc = sqlite_grow,
        .xSize = sqlite_size,
        .xRoundup = sqlite_round_up,
        .xInit = sqlite_memory_start,
        .xShutdown = sqlite_memory_stop,
    };

    if (real_vfs != NULL)
        return WB_OK;
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD); /* a vault is for one at a time */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* it would not wipe */
    /* Debian's takes "file:x?vfs=unix" for x, which nobody has looked at */
    (void)sqlite3_config(SQLITE_CONFIG_URI, 0);
    if (sqlite3_initialize() != SQLITE_OK) /* it asks for memory, and nothing else */
        return wb_fail_memory(e);
    real_vfs = sqlite3_vfs_find("unix");
    if (real_vfs == NULL)
        return wb_fail(e, WB_ERR_INTERNAL, "SQLite has no unix file system");
    wb_mem_free(spare); /* of a start that failed */
    spare = wb_mem_new((size_t)real_vfs->szOsFile);
    if (spare == NULL) {
        real_vfs = NULL;
        return wb_fail_memory(e);
    }
    shim_vfs = *real_vfs;
    shim_vfs.pNext = NULL;
    shim_vfs.zName = WB_SHIM_NAME;
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_vfs.xOpen = shim_open;
    shim_vfs.xDelete = shim_delete;
    if (sqlite3_vfs_register(&shim_vfs, 0) != SQLITE_OK) {
        real_vfs = NULL;
        return wb_fail_memory(e);
    }
    return WB_OK;
}

bool
wb_shim_take_warning(void)
{
    bool taken = warning;

    warning = false;
    return taken;
}

static bool
is_there(const char *path, off_t *size)
{
    struct stat info;

    if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    *size = info.st_size;
    return true;
}

void
wb_shim_wipe_journal(const char *journal)
{
    off_t size;

    if (is_there(journal, &size) && shim_delete(&shim_vfs, journal, 1) != SQLITE_OK)
        warning = true;
}

void
wb_shim_drop_journal(const char *journal)
{
    off_t size;

    if (is_there(journal, &size) && size == 0)
        (void)unlink(journal);
}
