/* vault/store/session.h - the inside of an open vault; for this room only. */
#ifndef WB_STORE_SESSION_H
#define WB_STORE_SESSION_H

#include "header.h"
#include "schema.h"
#include "store.h"

/* A body: the largest record with its padding; a chunk is smaller. */
enum { WB_VALUE_BYTES_MAX = 80 * 1024 * 1024 };

/* row, record key, root, id, ordinal, tree, leaf: FORMAT.md section 6 */
enum { WB_WRAP_PLAIN_BYTES = 8 + WB_KEY_BYTES + WB_ROOT_BYTES + 16 + 4 + 4 + 8 };

struct wb_vault {
    sqlite3 *db;
    char *path;
    bool read_only;
    bool in_transaction;
    struct wb_header header, saved_header;
    bool header_changed;
    struct wb_vault_state state, saved; /* saved: as at begin, put back by a rollback */
    struct wb_secret *root, *header_key, *state_key, *wrap_key, *lookup_key;
    struct wb_secret *scratch;    /* the key of the row at hand */
    struct wb_secret *wrap_plain; /* the wrap at hand */
    struct wb_secret *record_key; /* the key in it */
    struct wb_secret *epoch_key;  /* of the row at hand */
    struct wb_buf row;            /* the box of the row at hand */
    unsigned slot;                /* the one that opened */
    const char *warning;
    sqlite3_stmt *statements[WB_SQL_END];
};

/* The prepared statement, reset, ready to be bound. */
WB_CHECKED enum wb_status wb_session_statement(
    struct wb_vault *v, sqlite3_stmt **s, enum wb_sql which, struct wb_error *e);

/* Steps a bound statement that answers nothing. */
WB_CHECKED enum wb_status wb_session_run(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e);

/* Steps a bound statement to its one row. WB_ERR_NOT_FOUND without one (`what:
 * missing`). The columns live until the statement is used again. */
WB_CHECKED enum wb_status wb_session_row(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e);

/* Draws the keys that follow from v->root. */
WB_CHECKED enum wb_status wb_session_derive(struct wb_vault *v, struct wb_error *e);

/* Header and state as the file has them now; a vault that cannot be read again is
 * locked. */
void wb_session_reload(struct wb_vault *v);

/* Opens the database and takes its lock; the schema is not yet looked at. */
WB_CHECKED enum wb_status wb_session_connect(
    struct wb_vault *v, bool may_read_only, struct wb_error *e);
WB_CHECKED enum wb_status wb_session_new(
    struct wb_vault **v, const char *path, struct wb_error *e);

#endif
