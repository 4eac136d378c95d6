/* tests/lib/vectors_vault.c - a vault in memory whose keys are those of a case. */
#include "vectors_vault.h"

#include "base/mem.h"

struct wb_vault *
vectors_vault_new(void)
{
    struct wb_vault *v = wb_mem_new(sizeof *v);
    struct wb_secret **const keys[] = {&v->state_key, &v->wrap_key, &v->lookup_key,
        &v->scratch, &v->record_key, &v->epoch_key, &v->state.epochs};

    assert_non_null(v);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(wb_secret_new(keys[i], WB_KEY_BYTES, NULL), WB_OK);
    assert_int_equal(wb_secret_new(&v->wrap_plain, WB_WRAP_PLAIN_BYTES, NULL), WB_OK);
    wb_buf_init(&v->row, WB_VALUE_BYTES_MAX);
    v->state.epoch_count = 1;
    assert_int_equal(sqlite3_open(":memory:", &v->db), SQLITE_OK);
    assert_int_equal(wb_schema_create(v->db, NULL), WB_OK);
    return v;
}

void
vectors_vault_free(struct wb_vault **v)
{
    struct wb_secret **const keys[] = {&(*v)->state_key, &(*v)->wrap_key,
        &(*v)->lookup_key, &(*v)->scratch, &(*v)->record_key, &(*v)->epoch_key,
        &(*v)->wrap_plain};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        wb_secret_free(keys[i]);
    wb_state_wipe(&(*v)->state);
    wb_row_wipe(&(*v)->writing);
    wb_buf_wipe(&(*v)->row);
    for (int i = 0; i < WB_SQL_END; i++)
        (void)sqlite3_finalize((*v)->statements[i]);
    assert_int_equal(sqlite3_close((*v)->db), SQLITE_OK);
    wb_mem_free(*v);
    *v = NULL;
}

void
vectors_key(const struct vector *c, const char *member, struct wb_secret *key)
{
    vector_copy(c, member, wb_secret_room(key), WB_KEY_BYTES);
}

struct vector_bytes
vectors_query(const struct vector *c, struct wb_vault *v, const char *sql, uint64_t row)
{
    sqlite3_stmt *s = NULL;
    struct vector_bytes got;

    assert_int_equal(sqlite3_prepare_v2(v->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(s, 1, (sqlite3_int64)row), SQLITE_OK);
    vector_true(c, sqlite3_step(s) == SQLITE_ROW, sql);
    got.size = (size_t)sqlite3_column_bytes(s, 0);
    got.data = wb_arena_copy(c->memory, sqlite3_column_blob(s, 0), got.size);
    assert_non_null(got.data);
    (void)sqlite3_finalize(s);
    return got;
}

void
vectors_insert(const struct vector *c, struct wb_vault *v, const char *sql,
    uint64_t row, const void *bytes, size_t size)
{
    sqlite3_stmt *s = NULL;

    assert_int_equal(sqlite3_prepare_v2(v->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(s, 1, (sqlite3_int64)row), SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob64(s, 2, bytes, size, SQLITE_STATIC), SQLITE_OK);
    vector_true(c, sqlite3_step(s) == SQLITE_DONE, sql);
    (void)sqlite3_finalize(s);
}
