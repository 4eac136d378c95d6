/* vault/store/sealed.c - rows under an epoch's key: log, tree nodes, staging. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "session.h"

enum { STAGING_TAG_BYTES = 16 };

/* Who a row is for: whoever has the keys of its epoch, or in a field vault the owner.
 */
enum reader { ANYBODY, OWNER };

/* What each table is called in words, in a key's label, and in statements. */
static const struct {
    const char *what;
    const char *label;
    enum wb_sql put, get;
    enum reader reader;
} tables[] = {
    [WB_TABLE_LOG] = {"log entry row", "log row", WB_SQL_LOG_PUT, WB_SQL_LOG_GET,
        OWNER},
    [WB_TABLE_NODES] = {"tree node row", "node row", WB_SQL_NODE_PUT, WB_SQL_NODE_GET,
        ANYBODY},
    [WB_TABLE_HEADS] = {"head row", "head row", WB_SQL_HEAD_PUT, WB_SQL_HEAD_GET,
        ANYBODY},
    [WB_TABLE_DRAFTS] = {"draft row", "draft row", WB_SQL_DRAFT_PUT, WB_SQL_DRAFT_GET,
        OWNER},
    [WB_TABLE_PAGES] = {"index page", "index page", WB_SQL_PAGE_PUT, WB_SQL_PAGE_GET,
        OWNER},
};

/* v->scratch = the key of a row of this epoch. */
static void
derive_row_key(struct wb_vault *v, uint16_t epoch, const char *label, uint64_t row)
{
    uint8_t context[8];

    wb_set_u64(context, row);
    memcpy(wb_secret_room(v->epoch_key),
        wb_secret_bytes(v->state.epochs) + (size_t)epoch * WB_KEY_BYTES, WB_KEY_BYTES);
    wb_kdf_derive(v->scratch, v->epoch_key, label, context, sizeof context);
}

static size_t
extra_of(const struct wb_vault *v, enum reader reader)
{
    return reader == OWNER ? wb_session_extra(v) : WB_BOX_EXTRA_BYTES;
}

/* v->row = the box of `plain` under v->scratch. */
static enum wb_status
seal_row(struct wb_vault *v, enum reader reader, const void *plain, size_t size,
    struct wb_error *e)
{
    uint8_t *box;

    wb_buf_clear(&v->row);
    box = wb_buf_extend(&v->row, size + extra_of(v, reader));
    if (box != NULL && reader == OWNER)
        wb_session_seal(v, box, plain, size, v->scratch);
    else if (box != NULL)
        wb_box_seal(box, plain, size, v->scratch);
    return wb_buf_check(&v->row, e);
}

/* What a box of `size` bytes holds, opened under v->scratch. */
static enum wb_status
open_box(struct wb_vault *v, enum reader reader, uint8_t *plain, const void *box,
    size_t size, struct wb_error *e)
{
    if (reader == OWNER)
        return wb_session_unseal(v, plain, box, size, v->scratch, e);
    return wb_box_open(plain, box, size, v->scratch)
        ? WB_OK
        : wb_fail(e, WB_ERR_INTEGRITY, "altered or foreign");
}

/* The same onto the end of `out`. */
static enum wb_status
open_row(struct wb_vault *v, enum reader reader, struct wb_buf *out, const void *box,
    size_t size, struct wb_error *e)
{
    const size_t extra = extra_of(v, reader);
    enum wb_status st;
    uint8_t *plain;

    if (size < extra)
        return wb_fail(e, WB_ERR_INTEGRITY, "altered or foreign");
    plain = wb_buf_extend(out, size - extra);
    if (plain == NULL)
        return wb_buf_check(out, e);
    if ((st = open_box(v, reader, plain, box, size, e)) != WB_OK)
        out->size -= size - extra;
    return st;
}

enum wb_status
wb_sealed_put(struct wb_vault *v, enum wb_table table, uint64_t row, const void *plain,
    size_t size, struct wb_error *e)
{
    uint16_t epoch = (uint16_t)(v->state.epoch_count - 1);
    sqlite3_stmt *s;
    enum wb_status st;

    derive_row_key(v, epoch, tables[table].label, row);
    if ((st = seal_row(v, tables[table].reader, plain, size, e)) != WB_OK ||
        (st = wb_session_statement(v, &s, tables[table].put, e)) != WB_OK)
        return st;
    if (sqlite3_bind_int64(s, 1, (sqlite3_int64)row) != SQLITE_OK ||
        sqlite3_bind_int(s, 2, epoch) != SQLITE_OK ||
        sqlite3_bind_blob64(s, 3, v->row.data, v->row.size, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(v, s, tables[table].what, e);
}

/* Steps to a row, its key in v->scratch and its box in column 1 until *s is reset,
 * which is for the caller, also after errors. */
static enum wb_status
find_row(struct wb_vault *v, sqlite3_stmt **s, enum wb_table table, uint64_t row,
    struct wb_error *e)
{
    sqlite3_int64 epoch;
    enum wb_status st = wb_session_statement(v, s, tables[table].get, e);

    if (st != WB_OK)
        return st;
    (void)sqlite3_bind_int64(*s, 1, (sqlite3_int64)row);
    if ((st = wb_session_row(v, *s, "row", e)) != WB_OK)
        return st;
    epoch = sqlite3_column_int64(*s, 0);
    if (sqlite3_column_type(*s, 0) != SQLITE_INTEGER || epoch < 0 ||
        epoch >= v->state.epoch_count)
        return wb_fail(e, WB_ERR_INTEGRITY, "of an unknown epoch");
    derive_row_key(v, (uint16_t)epoch, tables[table].label, row);
    return WB_OK;
}

enum wb_status
wb_sealed_get(struct wb_vault *v, enum wb_table table, uint64_t row, struct wb_buf *out,
    struct wb_error *e)
{
    sqlite3_stmt *s = NULL;
    enum wb_status st = find_row(v, &s, table, row, e);

    if (st == WB_OK)
        st = open_row(v, tables[table].reader, out, sqlite3_column_blob(s, 1),
            (size_t)sqlite3_column_bytes(s, 1), e);
    (void)sqlite3_reset(s);
    return wb_within(e, st, "%s %llu", tables[table].what, (unsigned long long)row);
}

enum wb_status
wb_sealed_read(struct wb_vault *v, enum wb_table table, uint64_t row, uint8_t *out,
    size_t size, struct wb_error *e)
{
    const size_t box_size = size + extra_of(v, tables[table].reader);
    sqlite3_stmt *s = NULL;
    enum wb_status st = find_row(v, &s, table, row, e);

    if (st == WB_OK && (size_t)sqlite3_column_bytes(s, 1) != box_size)
        st = wb_fail(e, WB_ERR_INTEGRITY, "of another size");
    if (st == WB_OK)
        st = open_box(
            v, tables[table].reader, out, sqlite3_column_blob(s, 1), box_size, e);
    (void)sqlite3_reset(s);
    return wb_within(e, st, "%s %llu", tables[table].what, (unsigned long long)row);
}

/* The stored name of a staged thing: a keyed hash, under a key of this session that is
 * kept nowhere: what a crash leaves of a load tells nothing, to nobody. Leaves the key
 * of its box in v->scratch. */
static void
staging_tag(struct wb_vault *v, uint8_t out[static STAGING_TAG_BYTES], const void *tag,
    size_t size)
{
    wb_kdf_derive(v->scratch, v->staging_key, "staging row", NULL, 0);
    wb_kdf_tag(out, STAGING_TAG_BYTES, v->staging_key, "staging tag", tag, size);
}

static enum wb_status
staging_write(struct wb_vault *v, enum wb_sql which, const void *tag, size_t tag_size,
    const void *plain, size_t size, struct wb_error *e)
{
    uint8_t stored[STAGING_TAG_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    staging_tag(v, stored, tag, tag_size);
    if ((st = seal_row(v, ANYBODY, plain, size, e)) != WB_OK ||
        (st = wb_session_statement(v, &s, which, e)) != WB_OK)
        return st;
    if (sqlite3_bind_blob(s, 1, stored, sizeof stored, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_bind_blob64(s, 2, v->row.data, v->row.size, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    return wb_session_run(v, s, "staging", e);
}

enum wb_status
wb_staging_put(struct wb_vault *v, const void *tag, size_t tag_size, const void *plain,
    size_t size, struct wb_error *e)
{
    enum wb_status st =
        staging_write(v, WB_SQL_STAGING_PUT, tag, tag_size, plain, size, e);

    if (st == WB_ERR_INTERNAL && (sqlite3_errcode(v->db) & 0xff) == SQLITE_CONSTRAINT)
        return wb_fail(e, WB_ERR_USAGE, "given twice");
    return st;
}

enum wb_status
wb_staging_replace(struct wb_vault *v, const void *tag, size_t tag_size,
    const void *plain, size_t size, struct wb_error *e)
{
    return staging_write(v, WB_SQL_STAGING_REPLACE, tag, tag_size, plain, size, e);
}

enum wb_status
wb_staging_get(struct wb_vault *v, const void *tag, size_t tag_size, struct wb_buf *out,
    struct wb_error *e)
{
    uint8_t stored[STAGING_TAG_BYTES];
    sqlite3_stmt *s;
    enum wb_status st;

    staging_tag(v, stored, tag, tag_size);
    if ((st = wb_session_statement(v, &s, WB_SQL_STAGING_GET, e)) != WB_OK)
        return st;
    if (sqlite3_bind_blob(s, 1, stored, sizeof stored, SQLITE_STATIC) != SQLITE_OK)
        return wb_fail_memory(e);
    if ((st = wb_session_row(v, s, "staged", e)) == WB_OK)
        st = open_row(v, ANYBODY, out, sqlite3_column_blob(s, 0),
            (size_t)sqlite3_column_bytes(s, 0), e);
    (void)sqlite3_reset(s);
    return st;
}

enum wb_status
wb_staging_clear(struct wb_vault *v, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_STAGING_CLEAR, e)) != WB_OK)
        return st;
    return wb_session_run(v, s, "staging", e);
}

enum wb_status
wb_sealed_pages(struct wb_vault *v, void (*each)(void *cookie, const char *what),
    void *cookie, struct wb_error *e)
{
    char what[256];
    sqlite3_stmt *s;
    int rc;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_PAGES, e)) != WB_OK)
        return st;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(s, 0);

        (void)snprintf(what, sizeof what, "%s", text == NULL ? "" : text);
        for (char *at = what; *at != '\0'; at++)
            *at = *at == '\n' ? ' ' : *at; /* several findings in one row */
        if (strcmp(what, "ok") != 0)
            each(cookie, what);
    }
    if (rc != SQLITE_DONE)
        st = wb_schema_fail(v->db, "pages", e);
    (void)sqlite3_reset(s);
    return st;
}

enum wb_status
wb_sealed_counts(struct wb_vault *v, struct wb_counts *counts, struct wb_error *e)
{
    uint64_t *const fields[] = {&counts->wraps, &counts->bodies, &counts->lookups,
        &counts->log, &counts->nodes, &counts->heads, &counts->drafts, &counts->pages,
        &counts->staging, &counts->files, &counts->states, &counts->last_wrap,
        &counts->last_log, &counts->last_head, &counts->last_draft};
    sqlite3_stmt *s;
    enum wb_status st;

    if ((st = wb_session_statement(v, &s, WB_SQL_COUNTS, e)) != WB_OK ||
        (st = wb_session_row(v, s, "counts", e)) != WB_OK)
        return st;
    for (int i = 0; i < (int)(sizeof fields / sizeof fields[0]); i++)
        *fields[i] = (uint64_t)sqlite3_column_int64(s, i);
    (void)sqlite3_reset(s);
    return WB_OK;
}
