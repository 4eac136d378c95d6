/* vault/store/inner.c - the inner database: SQLite over the sealed pages of a vault. */
#include "inner.h"

#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "schema.h"
#include "session.h"

enum { NAME_BYTES = 48, PATH_BYTES = 64, SECTOR_BYTES = 512 };
#define OVERLAY_BYTES_MAX ((size_t)1 << 30) /* of page pointers */

struct wb_inner {
    struct wb_vault *v;
    sqlite3 *db;
    sqlite3_vfs vfs; /* of this one alone: how its file finds it */
    char name[NAME_BYTES];
    bool in_memory, empty;
    uint64_t last;               /* highest page number */
    struct wb_buf overlay;       /* uint8_t *: pages that changed, by number from 1 */
    struct wb_error reason;      /* why the vault refused a page */
    uint8_t page[WB_PAGE_BYTES]; /* where only a part is wanted */
};

struct inner_file {
    sqlite3_file base;
    struct wb_inner *inner;
};

static struct wb_inner *
inner_of(sqlite3_file *f)
{
    return ((struct inner_file *)(void *)f)->inner;
}

/* ---- pages that stay in memory ---- */

/* The pages that changed, by number from 0, NULL where one has not. */
static uint8_t **
changed(struct wb_inner *i, size_t *count)
{
    *count = i->overlay.size / sizeof(uint8_t *);
    return (uint8_t **)(void *)i->overlay.data;
}

static int
keep_changed(struct wb_inner *i, uint64_t page, const uint8_t *bytes)
{
    uint8_t *copy = wb_mem_copy(bytes, WB_PAGE_BYTES), **pages;
    size_t count;

    (void)changed(i, &count);
    if (page > count)
        wb_buf_add_zeros(&i->overlay, (size_t)(page - count) * sizeof copy);
    pages = changed(i, &count);
    if (copy == NULL || wb_buf_check(&i->overlay, NULL) != WB_OK) {
        wb_mem_free(copy);
        return SQLITE_NOMEM;
    }
    wb_mem_free(pages[page - 1]);
    pages[page - 1] = copy;
    return SQLITE_OK;
}

static void
drop_changed(struct wb_inner *i, uint64_t last)
{
    size_t count;
    uint8_t **pages = changed(i, &count);

    for (uint64_t page = last; page < count; page++) {
        wb_mem_free(pages[page]);
        pages[page] = NULL;
    }
}

/* ---- one page ---- */

/* SQLite never writes what is on its free list: such a page reads as zeros. */
static int
load_page(struct wb_inner *i, uint64_t page, uint8_t out[static WB_PAGE_BYTES])
{
    size_t count;
    uint8_t **pages = changed(i, &count);
    enum wb_status st;

    if (page <= count && pages[page - 1] != NULL) {
        memcpy(out, pages[page - 1], WB_PAGE_BYTES);
        return SQLITE_OK;
    }
    memset(out + WB_PAGE_KEPT, 0, WB_PAGE_RESERVED);
    st = i->empty
        ? WB_ERR_NOT_FOUND
        : wb_sealed_read(i->v, WB_TABLE_PAGES, page, out, WB_PAGE_KEPT, &i->reason);
    if (st == WB_ERR_NOT_FOUND) {
        memset(out, 0, WB_PAGE_KEPT);
        i->reason = (struct wb_error){0};
        return SQLITE_OK;
    }
    return st == WB_OK ? SQLITE_OK : SQLITE_IOERR_READ;
}

static int
save_page(struct wb_inner *i, uint64_t page, const uint8_t *bytes)
{
    enum wb_status st;

    if (i->in_memory)
        return keep_changed(i, page, bytes);
    st = i->v->in_transaction
        ? wb_unlogged_replace(
              i->v, WB_TABLE_PAGES, page, bytes, WB_PAGE_KEPT, &i->reason)
        : wb_fail(&i->reason, WB_ERR_INTERNAL, "index: written outside of a change");
    return st == WB_OK ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

/* ---- what SQLite calls ---- */

static int
inner_close(sqlite3_file *f)
{
    (void)f;
    return SQLITE_OK;
}

static int
inner_read(sqlite3_file *f, void *bytes, int size, sqlite3_int64 at)
{
    struct wb_inner *i = inner_of(f);
    uint64_t page = (uint64_t)at / WB_PAGE_BYTES + 1;
    size_t from = (size_t)at % WB_PAGE_BYTES;
    int rc;

    if (page > i->last || from + (size_t)size > WB_PAGE_BYTES) {
        memset(bytes, 0, (size_t)size);
        return SQLITE_IOERR_SHORT_READ;
    }
    if (size == WB_PAGE_BYTES)
        return load_page(i, page, bytes);
    rc = load_page(i, page, i->page);
    memcpy(bytes, i->page + from, (size_t)size);
    return rc;
}

static int
inner_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    struct wb_inner *i = inner_of(f);
    uint64_t page = (uint64_t)at / WB_PAGE_BYTES + 1;
    int rc;

    if (size != WB_PAGE_BYTES || at % WB_PAGE_BYTES != 0)
        return SQLITE_IOERR_WRITE;
    rc = save_page(i, page, bytes);
    if (rc == SQLITE_OK && page > i->last)
        i->last = page;
    return rc;
}

static int
inner_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct wb_inner *i = inner_of(f);
    uint64_t last = (uint64_t)size / WB_PAGE_BYTES;

    if (i->in_memory)
        drop_changed(i, last);
    else if (!i->v->in_transaction || last == 0 ||
        wb_pages_cut(i->v, last, &i->reason) != WB_OK)
        return SQLITE_IOERR_TRUNCATE;
    i->last = last;
    return SQLITE_OK;
}

static int
inner_size(sqlite3_file *f, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)(inner_of(f)->last * WB_PAGE_BYTES);
    return SQLITE_OK;
}

/* The vault's own transaction and lock are what makes it durable and alone. */
static int
inner_nothing(sqlite3_file *f, int flags)
{
    (void)f;
    (void)flags;
    return SQLITE_OK;
}

static int
inner_reserved(sqlite3_file *f, int *out)
{
    (void)f;
    *out = 0;
    return SQLITE_OK;
}

static int
inner_control(sqlite3_file *f, int op, void *arg)
{
    (void)f;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int
inner_sector(sqlite3_file *f)
{
    (void)f;
    return SECTOR_BYTES;
}

static int
inner_characteristics(sqlite3_file *f)
{
    (void)f;
    return 0;
}

static const sqlite3_io_methods inner_methods = {
    .iVersion = 1,
    .xClose = inner_close,
    .xRead = inner_read,
    .xWrite = inner_write,
    .xTruncate = inner_truncate,
    .xSync = inner_nothing,
    .xFileSize = inner_size,
    .xLock = inner_nothing,
    .xUnlock = inner_nothing,
    .xCheckReservedLock = inner_reserved,
    .xFileControl = inner_control,
    .xSectorSize = inner_sector,
    .xDeviceCharacteristics = inner_characteristics,
};

/* Only the database itself: a journal or a temporary file would be a file of its own.
 */
static int
inner_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct inner_file *file = (struct inner_file *)(void *)f;

    (void)name;
    f->pMethods = NULL;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
        return SQLITE_CANTOPEN;
    file->inner = vfs->pAppData;
    f->pMethods = &inner_methods;
    if (out != NULL)
        *out = flags;
    return SQLITE_OK;
}

static int
inner_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    (void)vfs;
    (void)name;
    (void)sync_directory;
    return SQLITE_IOERR_DELETE;
}

static int
inner_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    (void)name;
    (void)flags;
    *out = 0;
    return SQLITE_OK;
}

static int
inner_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    (void)snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

/* ---- opening ---- */

static enum wb_status
connect(struct wb_inner *i, struct wb_error *e)
{
    /* an error inside is a rollback outside, so its own journal is only in memory */
    static const char settings[] =
        "PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE;"
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
        "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
        "PRAGMA cache_size = -16000;";
    int reserved = WB_PAGE_RESERVED;

    if (sqlite3_open_v2("index", &i->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
            i->name) != SQLITE_OK)
        return i->db == NULL ? wb_fail_memory(e) : wb_inner_fail(i, e);
    (void)sqlite3_extended_result_codes(i->db, 1);
    (void)sqlite3_db_config(i->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_db_config(i->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    (void)sqlite3_limit(i->db, SQLITE_LIMIT_ATTACHED, 0);
    if (i->last == 0)
        (void)sqlite3_file_control(
            i->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    return sqlite3_exec(i->db, settings, NULL, NULL, NULL) == SQLITE_OK
        ? WB_OK
        : wb_inner_fail(i, e);
}

enum wb_status
wb_inner_open(struct wb_inner **i, struct wb_vault *v, int flags, struct wb_error *e)
{
    const sqlite3_vfs *real = sqlite3_vfs_find("unix");
    struct wb_inner *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    made->v = v;
    made->in_memory = (flags & WB_INNER_MEMORY) != 0;
    made->empty = (flags & WB_INNER_EMPTY) != 0;
    wb_buf_init(&made->overlay, OVERLAY_BYTES_MAX);
    (void)snprintf(made->name, sizeof made->name, "index %p", (void *)made);
    made->vfs = (sqlite3_vfs){.iVersion = 1,
        .szOsFile = sizeof(struct inner_file),
        .mxPathname = PATH_BYTES,
        .zName = made->name,
        .pAppData = made,
        .xOpen = inner_open,
        .xDelete = inner_delete,
        .xAccess = inner_access,
        .xFullPathname = inner_path,
        .xRandomness = real->xRandomness,
        .xSleep = real->xSleep,
        .xCurrentTime = real->xCurrentTime,
        .xGetLastError = real->xGetLastError};
    if (sqlite3_vfs_register(&made->vfs, 0) != SQLITE_OK) {
        wb_mem_free(made);
        return wb_fail_memory(e);
    }
    st = made->empty ? WB_OK : wb_pages_last(v, &made->last, e);
    if (st == WB_OK && (st = connect(made, e)) == WB_OK) {
        *i = made;
        return WB_OK;
    }
    wb_inner_close(&made);
    return st;
}

void
wb_inner_close(struct wb_inner **i)
{
    struct wb_inner *gone = *i;

    if (gone == NULL)
        return;
    (void)sqlite3_close(gone->db);
    (void)sqlite3_vfs_unregister(&gone->vfs);
    drop_changed(gone, 0);
    wb_buf_wipe(&gone->overlay);
    wb_mem_free(gone);
    *i = NULL;
}

sqlite3 *
wb_inner_db(struct wb_inner *i)
{
    return i->db;
}

enum wb_status
wb_inner_fail(struct wb_inner *i, struct wb_error *e)
{
    if (i->reason.status != WB_OK)
        return wb_fail(e, i->reason.status, "%s", i->reason.message);
    return wb_schema_fail(i->db, "index", e);
}
