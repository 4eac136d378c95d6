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

enum { WB_ROOT_KEYS = 5 }; /* root, and the four that follow from it */

struct wb_vault {
    sqlite3 *db;
    char *path, *journal; /* the file, and what SQLite writes beside it */
    bool read_only;
    bool in_transaction;
    struct wb_header header, saved_header;
    bool header_changed;
    struct wb_vault_state state, saved; /* saved: as at begin, put back by a rollback */
    struct wb_secret *root, *header_key, *state_key, *wrap_key, *lookup_key;
    struct wb_secret *before[WB_ROOT_KEYS]; /* these, while a rekey is not committed */
    struct wb_secret *key_file;             /* its hash, or NULL */
    struct wb_secret *scratch;              /* the key of the row at hand */
    struct wb_secret *wrap_plain;           /* the wrap at hand */
    struct wb_secret *record_key;           /* the key in it */
    struct wb_secret *epoch_key;            /* of the row at hand */
    struct wb_secret *staging_key;          /* of this session, written nowhere */
    struct wb_secret *owner; /* a field vault's owner: the collect secret */
    struct wb_buf row;       /* the box of the row at hand */
    struct wb_row writing;   /* the revision at hand that is written */
    unsigned slot;           /* the one that opened */
    const char *warning;
    struct wb_derived *derived; /* of a room above, or NULL */
    sqlite3_stmt *statements[WB_SQL_END];
};

/* The prepared statement, reset, ready to be bound. WB_ERR_IO in a change that SQLite
 * has undone by itself. */
WB_CHECKED enum wb_status wb_session_statement(
    struct wb_vault *v, sqlite3_stmt **s, enum wb_sql which, struct wb_error *e);

/* Steps a bound statement that answers nothing. */
WB_CHECKED enum wb_status wb_session_run(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e);

/* Steps a bound statement to its one row. WB_ERR_NOT_FOUND without one (`what:
 * missing`); WB_ERR_INTEGRITY when a column is neither integer nor blob. The columns
 * live until the statement is used again. */
WB_CHECKED enum wb_status wb_session_row(
    struct wb_vault *v, sqlite3_stmt *s, const char *what, struct wb_error *e);

/* The next row number after *row that a statement of that kind finds. WB_ERR_NOT_FOUND
 * at the end; WB_ERR_INTEGRITY when it does not lead onward: in a damaged file the
 * order of the rows may go in a circle. */
WB_CHECKED enum wb_status wb_session_step(
    struct wb_vault *v, uint64_t *row, enum wb_sql which, struct wb_error *e);

/* field.c: wraps, log entries and drafts are boxes under `key`; in a field vault they
 * are sealed to the owner's point, and the key has no use. `out` has size and what
 * wb_session_extra says. Opening: WB_ERR_POLICY for who may only add; WB_ERR_INTEGRITY,
 * `plain` untouched. `size` counts the sealed bytes. */
enum { WB_SESSION_EXTRA_MAX = WB_SEALED_EXTRA_BYTES };
size_t wb_session_extra(const struct wb_vault *v);
void wb_session_seal(const struct wb_vault *v, uint8_t *out, const void *plain,
    size_t size, const struct wb_secret *key);
WB_CHECKED enum wb_status wb_session_unseal(const struct wb_vault *v, uint8_t *plain,
    const uint8_t *sealed, size_t size, const struct wb_secret *key,
    struct wb_error *e);

/* What follows from v->root, and the checks that it makes possible; a refusal forgets
 * all of it. */
WB_CHECKED enum wb_status wb_session_check(struct wb_vault *v, struct wb_error *e);

/* Draws the keys that follow from v->root, and the session's own. */
WB_CHECKED enum wb_status wb_session_derive(struct wb_vault *v, struct wb_error *e);

/* The end of a rekey: the keys before are forgotten, or come back. Both are fine where
 * there was none. */
void wb_rekey_settle(struct wb_vault *v);
void wb_rekey_undo(struct wb_vault *v);

/* rows.c, for row.c: the key of a body, bound to the vault, its row, its id and the
 * root of what is in it; (row, blob) by an insert or update of that shape; the wrap of
 * a record key. */
enum { WB_BODY_FLOOR_BYTES = 256, WB_BODY_LENGTH_BYTES = 4 };
void wb_rows_body_key(struct wb_secret *out, const struct wb_secret *record_key,
    const uint8_t vault[static WB_VAULT_ID_BYTES], const struct wb_wrap *w);
WB_CHECKED enum wb_status wb_rows_put_blob(struct wb_vault *v, enum wb_sql which,
    uint64_t row, const void *bytes, size_t size, struct wb_error *e);
WB_CHECKED enum wb_status wb_rows_put_wrap(struct wb_vault *v, enum wb_sql which,
    const struct wb_wrap *w, const struct wb_secret *record_key, struct wb_error *e);

/* rows.c, for rekey: a wrap opened under another key than the vault's; written anew
 * under the vault's; the tag of a revision's lookup; a lookup by tag. */
enum { WB_LOOKUP_TAG_BYTES = 16 };
WB_CHECKED enum wb_status wb_rows_wrap_under(struct wb_vault *v, struct wb_wrap *w,
    uint64_t row, const struct wb_secret *key, struct wb_error *e);
WB_CHECKED enum wb_status wb_rows_rewrap(
    struct wb_vault *v, const struct wb_wrap *w, struct wb_error *e);
void wb_rows_tag(struct wb_vault *v, uint8_t tag[static WB_LOOKUP_TAG_BYTES],
    const struct wb_id *id, uint32_t ordinal);
WB_CHECKED enum wb_status wb_rows_put_tag(struct wb_vault *v,
    const uint8_t tag[static WB_LOOKUP_TAG_BYTES], uint64_t row, struct wb_error *e);

/* Header and state as the file has them now; a vault that cannot be read again is
 * locked. */
void wb_session_reload(struct wb_vault *v);

/* Opens the database and takes its lock; the schema is not yet looked at. */
WB_CHECKED enum wb_status wb_session_connect(
    struct wb_vault *v, bool may_read_only, struct wb_error *e);
WB_CHECKED enum wb_status wb_session_new(
    struct wb_vault **v, const char *path, struct wb_error *e);

#endif
