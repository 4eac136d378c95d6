/* vault/store/schema.h - the tables of a vault and every statement that is ever run on
 * them. */
#ifndef WB_STORE_SCHEMA_H
#define WB_STORE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>
#include <witnessbox/error.h>

#define WB_APPLICATION_ID 0x57424f58u /* "WBOX" */
#define WB_USER_VERSION 1u

/* The closed set: rows of a table in schema.c. */
enum wb_sql {
    WB_SQL_HEADER_GET,
    WB_SQL_HEADER_PUT,
    WB_SQL_STATE_GET,
    WB_SQL_STATE_PUT,
    WB_SQL_WRAP_PUT,
    WB_SQL_WRAP_REPLACE,
    WB_SQL_WRAP_GET,
    WB_SQL_WRAP_REMOVE,
    WB_SQL_WRAP_NEXT,
    WB_SQL_BODY_PUT,
    WB_SQL_BODY_GET,
    WB_SQL_BODY_REMOVE,
    WB_SQL_LOOKUP_PUT,
    WB_SQL_LOOKUP_GET,
    WB_SQL_LOOKUP_REMOVE,
    WB_SQL_LOOKUP_CLEAR,
    WB_SQL_CHUNK_PUT,
    WB_SQL_CHUNK_GET,
    WB_SQL_CHUNK_REMOVE,
    WB_SQL_CHUNK_COUNT,
    WB_SQL_LOG_PUT,
    WB_SQL_LOG_GET,
    WB_SQL_NODE_PUT,
    WB_SQL_NODE_GET,
    WB_SQL_HEAD_PUT,
    WB_SQL_HEAD_GET,
    WB_SQL_HEAD_NEXT,
    WB_SQL_DRAFT_PUT,
    WB_SQL_DRAFT_GET,
    WB_SQL_DRAFT_NEXT,
    WB_SQL_DRAFT_REMOVE,
    WB_SQL_PAGE_PUT,
    WB_SQL_PAGE_GET,
    WB_SQL_PAGE_NEXT,
    WB_SQL_PAGE_LAST,
    WB_SQL_PAGE_REMOVE,
    WB_SQL_PAGES_CLEAR,
    WB_SQL_STAGING_PUT,
    WB_SQL_STAGING_REPLACE,
    WB_SQL_STAGING_GET,
    WB_SQL_STAGING_CLEAR,
    WB_SQL_COUNTS,
    WB_SQL_PAGES,
    WB_SQL_ROLLBACK,
    WB_SQL_END
};
const char *wb_schema_sql(enum wb_sql which);

/* Creates all tables in an empty database, with application id and version. */
WB_CHECKED enum wb_status wb_schema_create(sqlite3 *db, struct wb_error *e);

/* WB_ERR_INTEGRITY unless sqlite_schema is exactly ours. */
WB_CHECKED enum wb_status wb_schema_check(sqlite3 *db, struct wb_error *e);

/* Runs SQL text without results, as a PRAGMA or BEGIN. */
WB_CHECKED enum wb_status wb_schema_run(
    sqlite3 *db, const char *sql, struct wb_error *e);

/* The status and words for what SQLite last answered on this connection. */
enum wb_status wb_schema_fail(sqlite3 *db, const char *what, struct wb_error *e);

#endif
