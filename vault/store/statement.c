/* vault/store/statement.c - the statements of a session, prepared once, and the rows
 * they give. */
#include "../base/fail.h"
#include "../base/interrupt.h"
#include "session.h"

enum wb_status
wb_session_statement(
    struct wb_vault *v, sqlite3_stmt **s, enum wb_sql which, struct wb_error *e)
{
    enum wb_status st = wb_interrupt_check(e);

    if (st != WB_OK)
        return st;
    /* SQLite undoes a whole transaction when a disk fails or is full: what were then
     * written would stand by itself, and what were read is not what was changed */
    if (v->in_transaction && sqlite3_get_autocommit(v->db) != 0)
        return wb_fail(
            e, WB_ERR_IO, "vault file: the system refused, the change was undone");
    if (v->statements[which] == NULL &&
        sqlite3_prepare_v3(v->db, wb_schema_sql(which), -1, SQLITE_PREPARE_PERSISTENT,
            &v->statements[which], NULL) != SQLITE_OK)
        return wb_schema_fail(v->db, "vault file", e);
    *s = v->statements[which];
    (void)sqlite3_reset(*s);
    (void)sqlite3_clear_bindings(*s);
    return WB_OK;
}

enum wb_status
wb_session_run(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e)
{
    int rc = sqlite3_step(s);
    enum wb_status st = rc == SQLITE_DONE ? WB_OK : wb_schema_fail(v->db, what, e);

    (void)sqlite3_reset(s);
    return st;
}

enum wb_status
wb_session_row(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e)
{
    int rc = sqlite3_step(s);

    /* SQLite would turn one into another: a text with a number in front into a number
     */
    for (int i = 0; rc == SQLITE_ROW && i < sqlite3_column_count(s); i++)
        if (sqlite3_column_type(s, i) != SQLITE_INTEGER &&
            sqlite3_column_type(s, i) != SQLITE_BLOB)
            return wb_fail(e, WB_ERR_INTEGRITY, "%s: damaged", what);
    if (rc == SQLITE_ROW)
        return WB_OK;
    if (rc == SQLITE_DONE)
        return wb_fail(e, WB_ERR_NOT_FOUND, "%s: missing", what);
    return wb_schema_fail(v->db, what, e);
}

enum wb_status
wb_session_step(
    struct wb_vault *v, uint64_t *row, enum wb_sql which, struct wb_error *e)
{
    sqlite3_stmt *s;
    uint64_t found;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, which, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, *row > INT64_MAX ? INT64_MAX : (sqlite3_int64)*row);
    if ((st = wb_session_row(v, s, "row", e)) == WB_OK) {
        found = (uint64_t)sqlite3_column_int64(s, 0);
        if (found > INT64_MAX || found <= *row)
            st = wb_fail(e, WB_ERR_INTEGRITY, "vault file: its rows are out of order");
        else
            *row = found;
    }
    (void)sqlite3_reset(s);
    return st;
}
