/* vault/store/rows.c - revisions at rest: wrap, body, lookup (FORMAT.md section 6). */
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "session.h"

void
wb_rows_body_key(struct wb_secret *out, const struct wb_secret *record_key,
    const uint8_t vault[static WB_VAULT_ID_BYTES], const struct wb_wrap *w)
{
    uint8_t context[WB_VAULT_ID_BYTES + 8 + 16 + WB_ROOT_BYTES], *at = context;

    memcpy(at, vault, WB_VAULT_ID_BYTES);
    wb_set_u64(at += WB_VAULT_ID_BYTES, w->row);
    memcpy(at += 8, w->id.bytes, sizeof w->id.bytes);
    memcpy(at += sizeof w->id.bytes, w->root, WB_ROOT_BYTES);
    wb_kdf_derive(out, record_key, "body", context, sizeof context);
}

void
wb_rows_tag(struct wb_vault *v, uint8_t tag[static WB_LOOKUP_TAG_BYTES],
    const struct wb_id *id, uint32_t ordinal)
{
    uint8_t context[16 + 4];

    memcpy(context, id->bytes, sizeof id->bytes);
    wb_set_u32(context + sizeof id->bytes, ordinal);
    wb_kdf_tag(
        tag, WB_LOOKUP_TAG_BYTES, v->lookup_key, "lookup", context, sizeof context);
}

enum wb_status
wb_rows_put_blob(struct wb_vault *v, enum wb_sql which, uint64_t row, const void *bytes,
    size_t size, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, which, e)) != WB_OK)
        return st;
    if (sqlite3_bind_int64(s, 1, (sqlite3_int64)row) != SQLITE_OK ||
        sqlite3_bind_blob64(s, 2, bytes, size, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(v, s, "record", e);
}

enum wb_status
wb_rows_put_wrap(struct wb_vault *v, enum wb_sql which, const struct wb_wrap *w,
    const struct wb_secret *record_key, struct wb_error *e)
{
    uint8_t box[WB_WRAP_PLAIN_BYTES + WB_SESSION_EXTRA_MAX];
    uint8_t *at = wb_secret_room(v->wrap_plain);

    wb_set_u64(at, w->row);
    memcpy(at += 8, wb_secret_bytes(record_key), WB_KEY_BYTES);
    memcpy(at += WB_KEY_BYTES, w->root, WB_ROOT_BYTES);
    memcpy(at += WB_ROOT_BYTES, w->id.bytes, sizeof w->id.bytes);
    wb_set_u32(at += sizeof w->id.bytes, w->ordinal);
    wb_set_u32(at += 4, w->tree);
    wb_set_u64(at += 4, w->leaf);
    wb_session_seal(
        v, box, wb_secret_bytes(v->wrap_plain), WB_WRAP_PLAIN_BYTES, v->wrap_key);
    wb_secret_clear(v->wrap_plain);
    return wb_rows_put_blob(
        v, which, w->row, box, WB_WRAP_PLAIN_BYTES + wb_session_extra(v), e);
}

enum wb_status
wb_rows_rewrap(struct wb_vault *v, const struct wb_wrap *w, struct wb_error *e)
{
    return wb_rows_put_wrap(v, WB_SQL_WRAP_REPLACE, w, v->record_key, e);
}

enum wb_status
wb_rows_put_tag(struct wb_vault *v, const uint8_t tag[static WB_LOOKUP_TAG_BYTES],
    uint64_t row, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_LOOKUP_PUT, e)) != WB_OK)
        return st;
    if (sqlite3_bind_blob(s, 1, tag, WB_LOOKUP_TAG_BYTES, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_bind_int64(s, 2, (sqlite3_int64)row) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(v, s, "lookup", e);
}

/* Splits the wrap at hand, its key into v->record_key; answers the row that it names.
 */
static uint64_t
get_wrap(struct wb_vault *v, struct wb_wrap *w)
{
    struct wb_cursor c;
    uint64_t row;

    wb_cursor_init(&c, wb_secret_bytes(v->wrap_plain), WB_WRAP_PLAIN_BYTES);
    row = wb_get_u64(&c);
    wb_get_copy(&c, wb_secret_room(v->record_key), WB_KEY_BYTES);
    wb_get_copy(&c, w->root, WB_ROOT_BYTES);
    wb_get_copy(&c, w->id.bytes, sizeof w->id.bytes);
    w->ordinal = wb_get_u32(&c);
    w->tree = wb_get_u32(&c);
    w->leaf = wb_get_u64(&c);
    return row;
}

enum wb_status
wb_rows_wrap(struct wb_vault *v, struct wb_wrap *w, uint64_t row, struct wb_error *e)
{
    return wb_rows_wrap_under(v, w, row, v->wrap_key, e);
}

enum wb_status
wb_rows_wrap_under(struct wb_vault *v, struct wb_wrap *w, uint64_t row,
    const struct wb_secret *key, struct wb_error *e)
{
    const size_t wrap_bytes = WB_WRAP_PLAIN_BYTES + wb_session_extra(v);
    sqlite3_stmt *s;
    uint64_t said;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_WRAP_GET, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)row);
    if ((st = wb_session_row(v, s, "row", e)) != WB_OK)
        return wb_within(e, st, "row %llu", (unsigned long long)row);
    if ((size_t)sqlite3_column_bytes(s, 0) != wrap_bytes)
        st = WB_ERR_INTEGRITY;
    else
        st = wb_session_unseal(v, wb_secret_room(v->wrap_plain),
            sqlite3_column_blob(s, 0), wrap_bytes, key, e);
    if (st == WB_ERR_INTEGRITY)
        st = wb_fail(
            e, st, "row %llu: its key is altered or foreign", (unsigned long long)row);
    else if (st == WB_OK && (said = get_wrap(v, w)) != row)
        st = wb_fail(e, WB_ERR_INTEGRITY, "row %llu: its key belongs to row %llu",
            (unsigned long long)row, (unsigned long long)said);
    wb_secret_clear(v->wrap_plain);
    (void)sqlite3_reset(s);
    w->row = row;
    return st;
}

/* Takes the length and the padding off: what is left is the encoded revision. */
static enum wb_status
unpad(struct wb_buf *body, struct wb_error *e)
{
    struct wb_cursor c;
    size_t size;
    bool zero = true;

    wb_cursor_init(&c, body->data, body->size);
    (void)wb_get_long(&c, &size);
    for (size_t i = 0; i < c.left; i++)
        zero &= c.at[i] == 0;
    if (c.failed || !zero ||
        wb_pad_length(size + WB_BODY_LENGTH_BYTES, WB_BODY_FLOOR_BYTES) != body->size)
        return wb_fail(e, WB_ERR_INTEGRITY, "its padding is not as written");
    memmove(body->data, body->data + WB_BODY_LENGTH_BYTES, size);
    wb_wipe(body->data + size, body->size - size);
    body->size = size;
    return WB_OK;
}

enum wb_status
wb_rows_body(struct wb_vault *v, const struct wb_wrap *w, struct wb_buf *body,
    struct wb_error *e)
{
    sqlite3_stmt *s;
    uint8_t *plain;
    size_t size;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_BODY_GET, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)w->row);
    st = wb_session_row(v, s, "its body", e);
    if (st != WB_OK)
        goto out;
    wb_buf_clear(body);
    size = (size_t)sqlite3_column_bytes(s, 0);
    plain = size > WB_BOX_EXTRA_BYTES ? wb_buf_extend(body, size - WB_BOX_EXTRA_BYTES)
                                      : NULL;
    wb_rows_body_key(v->scratch, v->record_key, wb_store_vault_id(v), w);
    if ((st = wb_buf_check(body, e)) == WB_OK) {
        if (plain == NULL ||
            !wb_box_open(plain, sqlite3_column_blob(s, 0), size, v->scratch))
            st = wb_fail(e, WB_ERR_INTEGRITY, "its body is altered or foreign");
        else
            st = unpad(body, e);
    }
out:
    (void)sqlite3_reset(s);
    return wb_within(e, st, "row %llu", (unsigned long long)w->row);
}

enum wb_status
wb_rows_lookup(struct wb_vault *v, uint64_t *row, const struct wb_id *id,
    uint32_t ordinal, struct wb_error *e)
{
    uint8_t tag[WB_LOOKUP_TAG_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    wb_rows_tag(v, tag, id, ordinal);
    if ((st = wb_session_statement(v, &s, WB_SQL_LOOKUP_GET, e)) != WB_OK)
        return st;
    if (sqlite3_bind_blob(s, 1, tag, sizeof tag, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    if ((st = wb_session_row(v, s, "record", e)) == WB_OK) {
        if (sqlite3_column_type(s, 0) == SQLITE_INTEGER)
            *row = (uint64_t)sqlite3_column_int64(s, 0);
        else
            st = wb_fail(e, WB_ERR_INTEGRITY, "lookup: damaged");
    }
    (void)sqlite3_reset(s);
    return st;
}

static enum wb_status
remove_row(struct wb_vault *v, enum wb_sql which, uint64_t row, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, which, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)row);
    return wb_session_run(v, s, "record", e);
}

enum wb_status
wb_rows_remove(struct wb_vault *v, const struct wb_wrap *w, struct wb_error *e)
{
    uint8_t tag[WB_LOOKUP_TAG_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = remove_row(v, WB_SQL_WRAP_REMOVE, w->row, e)) != WB_OK ||
        (st = remove_row(v, WB_SQL_BODY_REMOVE, w->row, e)) != WB_OK ||
        (st = wb_session_statement(v, &s, WB_SQL_LOOKUP_REMOVE, e)) != WB_OK)
        return st;
    wb_rows_tag(v, tag, &w->id, w->ordinal);
    if (sqlite3_bind_blob(s, 1, tag, sizeof tag, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    if ((st = wb_session_run(v, s, "lookup", e)) == WB_OK)
        v->state.rows--;
    return st;
}

enum wb_status
wb_rows_next(struct wb_vault *v, uint64_t *row, struct wb_error *e)
{
    return wb_session_step(v, row, WB_SQL_WRAP_NEXT, e);
}
