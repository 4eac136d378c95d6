/* vault/store/connect.c - the SQLite connection: restricted, locked, journal played
 * back. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../base/fail.h"
#include "session.h"
#include "shim.h"

enum {
    LOCK_WAIT_MS = 5000,
    PENDING_BYTE = 0x40000000, /* SQLite's lock bytes */
    LOCK_BYTES = 512,
    SQL_LENGTH_MAX = 4096,
};

/* Who holds the lock, as "program (process 4711)". We hold none here, so closing our
 * own descriptor gives nothing away. */
static enum wb_status
fail_busy(const char *path, struct wb_error *e)
{
    struct flock lock = {.l_type = F_WRLCK,
        .l_whence = SEEK_SET,
        .l_start = PENDING_BYTE,
        .l_len = LOCK_BYTES};
    char name[64] = "another program", file[64];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    FILE *f;

    if (fd >= 0) { /* l_pid stays 0 where nobody is named */
        (void)fcntl(fd, F_GETLK, &lock);
        close(fd);
    }
    if (lock.l_pid <= 0)
        return wb_fail(
            e, WB_ERR_BUSY, "%s: in use by another process, try again", path);
    (void)snprintf(file, sizeof file, "/proc/%d/comm", (int)lock.l_pid);
    f = fopen(file, "re");
    if (f != NULL) {
        if (fgets(name, sizeof name, f) != NULL)
            name[strcspn(name, "\n")] = '\0';
        fclose(f);
    }
    return wb_fail(e, WB_ERR_BUSY, "%s: in use by %s (process %d), close it first",
        path, name, (int)lock.l_pid);
}

/* What no vault needs is switched off before the first statement. */
static enum wb_status
restrict_connection(struct wb_vault *v, struct wb_error *e)
{
    static const struct {
        int option;
        int value;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
    };
    static const struct {
        int limit;
        int value;
    } limits[] = {
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LENGTH, WB_VALUE_BYTES_MAX},
        {SQLITE_LIMIT_SQL_LENGTH, SQL_LENGTH_MAX},
        {SQLITE_LIMIT_COLUMN, 16},
        {SQLITE_LIMIT_EXPR_DEPTH, 20},
        {SQLITE_LIMIT_FUNCTION_ARG, 8},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (sqlite3_db_config(v->db, options[i].option, options[i].value, NULL) !=
            SQLITE_OK)
            return wb_fail(e, WB_ERR_INTERNAL, "SQLite lacks a protection this needs");
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        (void)sqlite3_limit(v->db, limits[i].limit, limits[i].value);
    (void)sqlite3_busy_timeout(v->db, LOCK_WAIT_MS);
    return WB_OK;
}

/* Takes the lock, and plays back a journal that a crash left. Only then is the lock
 * kept for good: in exclusive mode SQLite would leave the journal's body behind. */
static enum wb_status
take_lock(struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st = wb_schema_run(v->db,
        v->read_only ? "BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT"
                     : "BEGIN EXCLUSIVE; PRAGMA locking_mode = EXCLUSIVE; COMMIT;"
                       "PRAGMA journal_mode = TRUNCATE",
        e);

    if (st != WB_ERR_BUSY)
        return st;
    (void)sqlite3_close(v->db);
    v->db = NULL;
    return fail_busy(v->path, e);
}

enum wb_status
wb_session_connect(struct wb_vault *v, bool may_read_only, struct wb_error *e)
{
    /* none of the first looks at the file: the lock comes before that */
    static const char first[] = "PRAGMA page_size = 16384; PRAGMA mmap_size = 0;"
                                "PRAGMA temp_store = MEMORY;"
                                "PRAGMA secure_delete = ON;";
    static const char then[] = "PRAGMA cache_size = -8000; PRAGMA synchronous = EXTRA;";
    enum wb_status st;

    if (sqlite3_open_v2(v->path, &v->db,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE,
            WB_SHIM_NAME) != SQLITE_OK)
        return v->db == NULL ? wb_fail_memory(e) : wb_schema_fail(v->db, v->path, e);
    (void)sqlite3_extended_result_codes(v->db, 1);
    v->read_only = sqlite3_db_readonly(v->db, "main") == 1;
    if (v->read_only && !may_read_only)
        return wb_fail(e, WB_ERR_IO,
            "%s: the file or its medium is read-only, this needs to write", v->path);
    if ((st = restrict_connection(v, e)) != WB_OK ||
        (st = wb_schema_run(v->db, first, e)) != WB_OK ||
        (st = take_lock(v, e)) != WB_OK)
        return st == WB_ERR_BUSY ? st : wb_within(e, st, "%s", v->path);
    if (!v->read_only)
        wb_shim_wipe_journal(v->journal);
    return wb_within(e, wb_schema_run(v->db, then, e), "%s", v->path);
}
