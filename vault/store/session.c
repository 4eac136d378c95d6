/* vault/store/session.c - a vault opened, locked, unlocked, changed, closed. */
#include "session.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../crypto/random.h"
#include "precheck.h"
#include "shim.h"

enum wb_status
wb_session_new(struct wb_vault **v, const char *path, struct wb_error *e)
{
    struct wb_vault *made;
    enum wb_status st;

    if ((st = wb_crypto_start(e)) != WB_OK || (st = wb_shim_start(e)) != WB_OK)
        return st;
    made = wb_mem_new(sizeof *made);
    if (made == NULL)
        return wb_fail_memory(e);
    wb_buf_init(&made->row, WB_VALUE_BYTES_MAX);
    made->path = wb_mem_string(path);
    made->journal = wb_mem_new(strlen(path) + sizeof "-journal");
    if (made->path == NULL || made->journal == NULL) {
        wb_vault_close(&made);
        return wb_fail_memory(e);
    }
    strcpy(made->journal, path);
    strcat(made->journal, "-journal");
    *v = made;
    return WB_OK;
}

enum wb_status
wb_session_derive(struct wb_vault *v, struct wb_error *e)
{
    const struct {
        struct wb_secret **key;
        const char *label; /* NULL: filled as it is used */
        size_t size;
    } keys[] = {
        {&v->header_key, "header", WB_KEY_BYTES},
        {&v->state_key, "state", WB_KEY_BYTES},
        {&v->wrap_key, "wrap", WB_KEY_BYTES},
        {&v->lookup_key, "lookup", WB_KEY_BYTES},
        {&v->scratch, NULL, WB_KEY_BYTES},
        {&v->record_key, NULL, WB_KEY_BYTES},
        {&v->epoch_key, NULL, WB_KEY_BYTES},
        {&v->staging_key, NULL, WB_KEY_BYTES},
        {&v->wrap_plain, NULL, WB_WRAP_PLAIN_BYTES},
    };
    enum wb_status st;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (*keys[i].key == NULL && /* in a rekey what is filled as it is used stays */
            (st = wb_secret_new(keys[i].key, keys[i].size, e)) != WB_OK)
            return st;
        if (keys[i].label != NULL)
            wb_kdf_derive(*keys[i].key, v->root, keys[i].label,
                wb_header_vault_id(&v->header), WB_VAULT_ID_BYTES);
    }
    wb_random_secret(v->staging_key);
    return WB_OK;
}

/* The header as the database has it now: playing back a journal may have changed it
 * since the pre-check. */
static enum wb_status
load_header(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_HEADER_GET, e)) != WB_OK ||
        (st = wb_session_row(v, s, "header", e)) != WB_OK)
        return st;
    if (sqlite3_column_type(s, 0) != SQLITE_BLOB ||
        sqlite3_column_bytes(s, 0) != WB_HEADER_BYTES)
        st = wb_fail(e, WB_ERR_INTEGRITY, "header: damaged");
    else
        st = wb_header_decode(&v->header, sqlite3_column_blob(s, 0), e);
    (void)sqlite3_reset(s);
    return st;
}

enum wb_status
wb_vault_open(struct wb_vault **v, const char *path, int flags, struct wb_error *e)
{
    struct wb_vault *made = NULL;
    enum wb_status st;

    if ((st = wb_session_new(&made, path, e)) != WB_OK ||
        (st = wb_precheck(&made->header, path, e)) != WB_OK)
        goto out;
    if ((st = wb_session_connect(made, (flags & WB_OPEN_READ) != 0, e)) != WB_OK)
        goto out;
    if ((st = wb_schema_check(made->db, e)) != WB_OK ||
        (st = load_header(made, e)) != WB_OK)
        st = wb_within(e, st, "%s", path);
    if (st == WB_OK) {
        *v = made;
        made = NULL;
    }
out:
    wb_vault_close(&made);
    return st;
}

/* Opens the state row under the state key, and compares it with the header. */
static enum wb_status
load_state(struct wb_vault *v, struct wb_error *e)
{
    struct wb_secret *plain = NULL;
    uint8_t header_hash[WB_HASH_BYTES];
    sqlite3_stmt *s;
    size_t size;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_STATE_GET, e)) != WB_OK ||
        (st = wb_session_row(v, s, "state", e)) != WB_OK)
        return st == WB_ERR_NOT_FOUND ? wb_fail(e, WB_ERR_INTEGRITY, "state: missing")
                                      : st;
    size = (size_t)sqlite3_column_bytes(s, 0);
    if (size <= WB_BOX_EXTRA_BYTES || size > 65536) {
        st = wb_fail(e, WB_ERR_INTEGRITY, "state: damaged");
        goto out;
    }
    if ((st = wb_secret_new(&plain, size - WB_BOX_EXTRA_BYTES, e)) != WB_OK)
        goto out;
    if (!wb_box_open(
            wb_secret_room(plain), sqlite3_column_blob(s, 0), size, v->state_key))
        st = wb_fail(e, WB_ERR_INTEGRITY, "state: altered, or of another header");
    else
        st = wb_state_decode(&v->state, plain, e);
    wb_blake2b_256(header_hash, v->header.bytes, WB_HEADER_BYTES);
    if (st == WB_OK &&
        (v->state.generation != v->header.generation ||
            (v->state.field_log != NULL) != v->header.field_vault ||
            !wb_equal(v->state.header_hash, header_hash, WB_HASH_BYTES))) {
        wb_state_wipe(&v->state);
        st = wb_fail(e, WB_ERR_INTEGRITY, "header: not the one that the state names");
    }
out:
    (void)sqlite3_reset(s);
    wb_secret_free(&plain);
    return st;
}

static void
forget_keys(struct wb_vault *v)
{
    wb_secret_free(&v->root);
    wb_secret_free(&v->header_key);
    wb_secret_free(&v->state_key);
    wb_secret_free(&v->wrap_key);
    wb_secret_free(&v->lookup_key);
    wb_secret_free(&v->scratch);
    wb_secret_free(&v->wrap_plain);
    wb_secret_free(&v->record_key);
    wb_secret_free(&v->epoch_key);
    wb_secret_free(&v->staging_key);
    wb_row_wipe(&v->writing);
    wb_secret_free(&v->owner);
    wb_state_wipe(&v->state);
}

enum wb_status
wb_session_check(struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st = wb_session_derive(v, e);

    if (st == WB_OK) {
        if (!wb_header_check(&v->header, v->header_key))
            st = wb_fail(e, WB_ERR_INTEGRITY,
                "%s: header: altered (its seal does not match)", v->path);
        else
            st = wb_within(e, load_state(v, e), "%s", v->path);
    }
    if (st != WB_OK)
        forget_keys(v);
    return st;
}

enum wb_status
wb_store_unlock(struct wb_vault *v, const struct wb_secret *p, struct wb_error *e)
{
    enum wb_status st = wb_slots_open(&v->header, &v->root, &v->slot, p, e);

    return st == WB_OK ? wb_session_check(v, e) : st;
}

enum wb_status
wb_store_unlock_as(struct wb_vault *copy, const struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK || (st = wb_secret_new(&copy->root, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    memcpy(wb_secret_room(copy->root), wb_secret_bytes(v->root), WB_KEY_BYTES);
    copy->slot = v->slot;
    return wb_session_check(copy, e);
}

void
wb_session_reload(struct wb_vault *v)
{
    struct wb_vault_state before = v->state;

    v->state.epochs = v->state.field_log = NULL;
    if (load_header(v, NULL) == WB_OK && wb_header_check(&v->header, v->header_key) &&
        load_state(v, NULL) == WB_OK) {
        wb_state_wipe(&before);
        return;
    }
    wb_state_wipe(&before);
    forget_keys(v);
}

enum wb_status
wb_vault_unlock(
    struct wb_vault *v, const char *passphrase, size_t size, struct wb_error *e)
{
    const struct wb_pass pass = {passphrase, size, v->key_file};
    struct wb_secret *p = NULL;
    enum wb_status st;

    if (!wb_vault_is_locked(v))
        return WB_OK;
    if ((st = wb_header_stretch(&p, &v->header, &pass, e)) == WB_OK)
        st = wb_store_unlock(v, p, e);
    wb_secret_free(&p);
    return st;
}

bool
wb_vault_is_locked(const struct wb_vault *v)
{
    return v->root == NULL;
}

enum wb_status
wb_store_need_unlocked(const struct wb_vault *v, struct wb_error *e)
{
    if (wb_vault_is_locked(v))
        return wb_fail(e, WB_ERR_LOCKED, "%s: locked, unlock it first", v->path);
    return WB_OK;
}

struct wb_vault_state *
wb_store_state(struct wb_vault *v)
{
    return &v->state;
}

const char *
wb_store_actor(const struct wb_vault *v)
{
    return v->state.slots[v->slot].label;
}

const uint8_t *
wb_store_vault_id(const struct wb_vault *v)
{
    return wb_header_vault_id(&v->header);
}

const char *
wb_vault_warning(struct wb_vault *v)
{
    const char *said = v->warning;

    v->warning = NULL;
    return said;
}

enum wb_status
wb_vault_info(struct wb_vault *v, struct wb_vault_info *info, struct wb_error *e)
{
    struct wb_vault_info got = {0};
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (sqlite3_prepare_v2(v->db, "PRAGMA page_count", -1, &s, NULL) != SQLITE_OK)
        return wb_schema_fail(v->db, "vault file", e);
    if ((st = wb_session_row(v, s, "page count", e)) == WB_OK)
        got.bytes = (uint64_t)sqlite3_column_int64(s, 0) * 16384;
    sqlite3_finalize(s);
    if (st != WB_OK)
        return st;
    wb_hex_encode(got.vault, wb_store_vault_id(v), WB_VAULT_ID_BYTES);
    got.generation = v->header.generation;
    got.kdf_memory_mib = v->header.kdf.memory_kib / 1024;
    got.kdf_passes = v->header.kdf.passes;
    got.kdf_lanes = v->header.kdf.lanes;
    for (int i = 0; i < WB_SLOTS; i++)
        got.passphrases += v->state.slots[i].kind == WB_SLOT_PASSPHRASE;
    got.revisions = v->state.rows;
    got.files = v->state.files;
    got.entries = v->state.edge.size;
    got.field_vault = v->header.field_vault;
    got.keys_locked = wb_secret_all_locked();
    *info = got;
    return WB_OK;
}

void
wb_vault_close(struct wb_vault **v)
{
    struct wb_vault *gone = *v;

    if (gone == NULL)
        return;
    if (gone->db != NULL) {
        wb_store_rollback(gone);
        if (gone->derived != NULL)
            gone->derived->close(gone->derived);
        for (int i = 0; i < WB_SQL_END; i++)
            (void)sqlite3_finalize(gone->statements[i]);
        if (!gone->read_only)
            wb_shim_drop_journal(gone->journal); /* while the lock is still ours */
        (void)sqlite3_close(gone->db);
    }
    forget_keys(gone);
    wb_secret_free(&gone->key_file);
    wb_buf_wipe(&gone->row);
    wb_mem_free(gone->path);
    wb_mem_free(gone->journal);
    wb_mem_free(gone);
    *v = NULL;
}
