/* vault/store/schema.c - the tables of a vault and every statement that is ever run on
 * them. */
#include "schema.h"

#include <stdint.h>
#include <string.h>

#include "../base/fail.h"

/* FORMAT.md section 2, in the order of the root pages from 2. */
static const struct {
    const char *name;
    const char *sql;
} tables[] = {
    {"header", "CREATE TABLE header(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"},
    {"state", "CREATE TABLE state(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"},
    {"wraps",
        "CREATE TABLE wraps(row INTEGER PRIMARY KEY AUTOINCREMENT, "
        "wrap BLOB NOT NULL)"},
    {"sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"},
    {"bodies", "CREATE TABLE bodies(row INTEGER PRIMARY KEY, body BLOB NOT NULL)"},
    {"lookups",
        "CREATE TABLE lookups(tag BLOB PRIMARY KEY, row INTEGER NOT NULL) "
        "WITHOUT ROWID"},
    {"chunks", "CREATE TABLE chunks(row INTEGER PRIMARY KEY, box BLOB NOT NULL)"},
    {"log",
        "CREATE TABLE log(row INTEGER PRIMARY KEY AUTOINCREMENT, "
        "epoch INTEGER NOT NULL, sealed BLOB NOT NULL)"},
    {"nodes",
        "CREATE TABLE nodes(row INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, "
        "sealed BLOB NOT NULL)"},
    {"heads",
        "CREATE TABLE heads(row INTEGER PRIMARY KEY AUTOINCREMENT, "
        "epoch INTEGER NOT NULL, sealed BLOB NOT NULL)"},
    {"drafts",
        "CREATE TABLE drafts(row INTEGER PRIMARY KEY AUTOINCREMENT, "
        "epoch INTEGER NOT NULL, sealed BLOB NOT NULL)"},
    {"pages",
        "CREATE TABLE pages(row INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, "
        "sealed BLOB NOT NULL)"},
    {"staging",
        "CREATE TABLE staging(tag BLOB PRIMARY KEY, sealed BLOB NOT NULL) "
        "WITHOUT ROWID"},
};
enum { TABLE_COUNT = sizeof tables / sizeof tables[0], FIRST_ROOT_PAGE = 2 };

static const char *const statements[WB_SQL_END] = {
    [WB_SQL_HEADER_GET] = "SELECT body FROM header WHERE id = 1",
    [WB_SQL_HEADER_PUT] = "REPLACE INTO header(id, body) VALUES(1, ?1)",
    [WB_SQL_STATE_GET] = "SELECT sealed FROM state WHERE id = 1",
    [WB_SQL_STATE_PUT] = "REPLACE INTO state(id, sealed) VALUES(1, ?1)",
    [WB_SQL_WRAP_PUT] = "INSERT INTO wraps(row, wrap) VALUES(?1, ?2)",
    [WB_SQL_WRAP_REPLACE] = "UPDATE wraps SET wrap = ?2 WHERE row = ?1",
    [WB_SQL_WRAP_GET] = "SELECT wrap FROM wraps WHERE row = ?1",
    [WB_SQL_WRAP_REMOVE] = "DELETE FROM wraps WHERE row = ?1",
    [WB_SQL_WRAP_NEXT] = "SELECT row FROM wraps WHERE row > ?1 ORDER BY row LIMIT 1",
    [WB_SQL_BODY_PUT] = "INSERT INTO bodies(row, body) VALUES(?1, ?2)",
    [WB_SQL_BODY_GET] = "SELECT body FROM bodies WHERE row = ?1",
    [WB_SQL_BODY_REMOVE] = "DELETE FROM bodies WHERE row = ?1",
    [WB_SQL_LOOKUP_PUT] = "INSERT INTO lookups(tag, row) VALUES(?1, ?2)",
    [WB_SQL_LOOKUP_REMOVE] = "DELETE FROM lookups WHERE tag = ?1",
    [WB_SQL_LOOKUP_GET] = "SELECT row FROM lookups WHERE tag = ?1",
    [WB_SQL_LOOKUP_CLEAR] = "DELETE FROM lookups",
    [WB_SQL_CHUNK_PUT] = "INSERT INTO chunks(row, box) VALUES(?1, ?2)",
    [WB_SQL_CHUNK_GET] = "SELECT box FROM chunks WHERE row = ?1",
    [WB_SQL_CHUNK_REMOVE] = "DELETE FROM chunks WHERE row >= ?1 AND row < ?2",
    [WB_SQL_CHUNK_COUNT] = "SELECT count(*) FROM chunks WHERE row >= ?1 AND row < ?2",
    [WB_SQL_LOG_PUT] = "INSERT INTO log(row, epoch, sealed) VALUES(?1, ?2, ?3)",
    [WB_SQL_LOG_GET] = "SELECT epoch, sealed FROM log WHERE row = ?1",
    [WB_SQL_NODE_PUT] = "INSERT INTO nodes(row, epoch, sealed) VALUES(?1, ?2, ?3)",
    [WB_SQL_NODE_GET] = "SELECT epoch, sealed FROM nodes WHERE row = ?1",
    [WB_SQL_HEAD_PUT] = "INSERT INTO heads(row, epoch, sealed) VALUES(?1, ?2, ?3)",
    [WB_SQL_HEAD_GET] = "SELECT epoch, sealed FROM heads WHERE row = ?1",
    [WB_SQL_HEAD_NEXT] = "SELECT row FROM heads WHERE row > ?1 ORDER BY row LIMIT 1",
    [WB_SQL_DRAFT_PUT] = "INSERT INTO drafts(row, epoch, sealed) VALUES(?1, ?2, ?3)",
    [WB_SQL_DRAFT_GET] = "SELECT epoch, sealed FROM drafts WHERE row = ?1",
    [WB_SQL_DRAFT_NEXT] = "SELECT row FROM drafts WHERE row > ?1 ORDER BY row LIMIT 1",
    [WB_SQL_DRAFT_REMOVE] = "DELETE FROM drafts WHERE row = ?1",
    [WB_SQL_PAGE_PUT] =
        "INSERT OR REPLACE INTO pages(row, epoch, sealed) VALUES(?1, ?2, ?3)",
    [WB_SQL_PAGE_GET] = "SELECT epoch, sealed FROM pages WHERE row = ?1",
    [WB_SQL_PAGE_NEXT] = "SELECT row FROM pages WHERE row > ?1 ORDER BY row LIMIT 1",
    [WB_SQL_PAGE_LAST] = "SELECT ifnull(max(row), 0) FROM pages",
    [WB_SQL_PAGE_REMOVE] = "DELETE FROM pages WHERE row = ?1",
    [WB_SQL_PAGES_CLEAR] = "DELETE FROM pages",
    [WB_SQL_STAGING_PUT] = "INSERT INTO staging(tag, sealed) VALUES(?1, ?2)",
    [WB_SQL_STAGING_REPLACE] = "UPDATE staging SET sealed = ?2 WHERE tag = ?1",
    [WB_SQL_STAGING_GET] = "SELECT sealed FROM staging WHERE tag = ?1",
    [WB_SQL_STAGING_CLEAR] = "DELETE FROM staging",
    [WB_SQL_PAGES] = "PRAGMA quick_check(4)",
    [WB_SQL_COUNTS] =
        "SELECT (SELECT count(*) FROM wraps), (SELECT count(*) FROM bodies), "
        "(SELECT count(*) FROM lookups), (SELECT count(*) FROM log), "
        "(SELECT count(*) FROM nodes), (SELECT count(*) FROM heads), "
        "(SELECT count(*) FROM drafts), (SELECT count(*) FROM pages), "
        "(SELECT count(*) FROM staging), "
        "(SELECT count(DISTINCT row >> 24) FROM chunks), "
        "(SELECT count(*) FROM state), "
        "(SELECT ifnull(sum(seq), 0) FROM sqlite_sequence WHERE name = 'wraps'), "
        "(SELECT ifnull(sum(seq), 0) FROM sqlite_sequence WHERE name = 'log'), "
        "(SELECT ifnull(sum(seq), 0) FROM sqlite_sequence WHERE name = 'heads'), "
        "(SELECT ifnull(sum(seq), 0) FROM sqlite_sequence WHERE name = 'drafts')",
    [WB_SQL_ROLLBACK] = "ROLLBACK",
};

const char *
wb_schema_sql(enum wb_sql which)
{
    return statements[which];
}

enum wb_status
wb_schema_fail(sqlite3 *db, const char *what, struct wb_error *e)
{
    int os_errno = sqlite3_system_errno(db);

    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_NOMEM:
        return wb_fail_memory(e);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return wb_fail(e, WB_ERR_BUSY, "%s: in use by another process", what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return wb_fail(
            e, WB_ERR_INTEGRITY, "%s: damaged: %s", what, sqlite3_errmsg(db));
    case SQLITE_FULL:
        return wb_fail(e, WB_ERR_IO, "%s: the disk is full, nothing was changed", what);
    case SQLITE_READONLY:
        return wb_fail(e, WB_ERR_IO, "%s: the medium or file is read-only", what);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        if (os_errno != 0)
            return wb_fail_os(e, os_errno, "%s", what);
        return wb_fail(e, WB_ERR_IO, "%s: %s", what, sqlite3_errmsg(db));
    default:
        return wb_fail(e, WB_ERR_INTERNAL, "%s: %s", what, sqlite3_errmsg(db));
    }
}

enum wb_status
wb_schema_run(sqlite3 *db, const char *sql, struct wb_error *e)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return wb_schema_fail(db, "vault file", e);
    return WB_OK;
}

enum wb_status
wb_schema_create(sqlite3 *db, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_schema_run(db, "BEGIN", e)) != WB_OK ||
        (st = wb_schema_run(db, "PRAGMA application_id = 0x57424f58", e)) != WB_OK ||
        (st = wb_schema_run(db, "PRAGMA user_version = 1", e)) != WB_OK)
        return st;
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (strcmp(tables[i].name, "sqlite_sequence") == 0)
            continue; /* SQLite's own, comes with the table before */
        if ((st = wb_schema_run(db, tables[i].sql, e)) != WB_OK)
            return st;
    }
    return wb_schema_run(db, "COMMIT", e);
}

static bool
is_text(sqlite3_stmt *s, int column, const char *expected)
{
    const char *text = (const char *)sqlite3_column_text(s, column);

    return text != NULL && strcmp(text, expected) == 0;
}

/* Asked before the texts are read: reading turns a blob into a text. */
static bool
has_types(sqlite3_stmt *s)
{
    for (int column = 0; column < 6; column++)
        if (sqlite3_column_type(s, column) !=
            (column == 3 || column == 5 ? SQLITE_INTEGER : SQLITE_TEXT))
            return false;
    return true;
}

static bool
is_row(sqlite3_stmt *s, int i)
{
    return is_text(s, 0, "table") && is_text(s, 1, tables[i].name) &&
        is_text(s, 2, tables[i].name) && is_text(s, 4, tables[i].sql) &&
        sqlite3_column_int64(s, 3) == FIRST_ROOT_PAGE + i &&
        sqlite3_column_int64(s, 5) == 1 + i;
}

/* The two numbers in the file's head, once more: playing back a journal may have
 * changed them since the pre-check. */
static enum wb_status
check_numbers(sqlite3 *db, struct wb_error *e)
{
    static const char *const sql[] = {"PRAGMA application_id", "PRAGMA user_version"};
    uint32_t found[2] = {0};

    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *s = NULL;

        if (sqlite3_prepare_v2(db, sql[i], -1, &s, NULL) != SQLITE_OK)
            return wb_schema_fail(db, "schema", e);
        if (sqlite3_step(s) == SQLITE_ROW)
            found[i] = (uint32_t)sqlite3_column_int64(s, 0);
        if (sqlite3_finalize(s) != SQLITE_OK)
            return wb_schema_fail(db, "schema", e);
    }
    if (found[0] != WB_APPLICATION_ID || found[1] < WB_USER_VERSION)
        return wb_fail(e, WB_ERR_FORMAT, "not a witnessbox vault");
    if (found[1] > WB_USER_VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW,
            "format %u is newer than this program: update it", found[1]);
    return WB_OK;
}

enum wb_status
wb_schema_check(sqlite3 *db, struct wb_error *e)
{
    static const char sql[] = "SELECT type, name, tbl_name, rootpage, sql, rowid "
                              "FROM sqlite_schema ORDER BY rowid";
    sqlite3_stmt *s = NULL;
    int rc, i = 0;
    enum wb_status st = check_numbers(db, e);

    if (st != WB_OK)
        return st;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return wb_schema_fail(db, "schema", e);
    for (st = WB_OK; (rc = sqlite3_step(s)) == SQLITE_ROW && st == WB_OK; i++)
        if (i >= TABLE_COUNT || !has_types(s) || !is_row(s, i))
            st = WB_ERR_INTEGRITY;
    if (st == WB_OK && rc != SQLITE_DONE)
        st = wb_schema_fail(db, "schema", e);
    else if (st != WB_OK || i != TABLE_COUNT)
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "schema: its tables are not a vault's, somebody changed it");
    sqlite3_finalize(s);
    return st;
}
