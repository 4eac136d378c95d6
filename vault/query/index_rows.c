/* vault/query/index_rows.c - what the index keeps of one revision. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/edtf.h"
#include "index.h"
#include "terms.h"

#define DAY_MAX ((int64_t)1 << 60)

static const char *const statements[WB_INDEX_SQL_END] = {
    [WB_INDEX_PUT] = ("INSERT INTO records(row, id, kind, earliest, latest, received) "
                      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
    [WB_INDEX_PUT_REF] =
        "INSERT OR IGNORE INTO refs(target, row, field) VALUES(?1, ?2, ?3)",
    [WB_INDEX_PUT_WORDS] = "INSERT INTO words(rowid, text) VALUES(?1, ?2)",
    [WB_INDEX_REMOVE] = "DELETE FROM records WHERE row = ?1",
    [WB_INDEX_REMOVE_REF] = "DELETE FROM refs WHERE target = ?1 AND row = ?2",
    [WB_INDEX_REMOVE_WORDS] =
        "INSERT INTO words(words, rowid, text) VALUES('delete', ?1, ?2)",
};

/* The prepared statement, with its first number bound. */
static enum wb_status
take(struct wb_index *x, sqlite3_stmt **s, enum wb_index_sql which, int64_t first,
    struct wb_error *e)
{
    enum wb_status st;

    if (x->statements[which] == NULL &&
        (st = wb_index_prepare(x, &x->statements[which], statements[which], e)) !=
            WB_OK)
        return st;
    *s = x->statements[which];
    (void)sqlite3_reset(*s);
    (void)sqlite3_clear_bindings(*s);
    (void)sqlite3_bind_int64(*s, 1, first);
    return WB_OK;
}

static enum wb_status
run(struct wb_index *x, sqlite3_stmt *s, struct wb_error *e)
{
    int rc = sqlite3_step(s);
    enum wb_status st = rc == SQLITE_DONE ? WB_OK : wb_inner_fail(x->inner, e);

    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    return st;
}

/* ---- words ---- */

/* All texts, a line feed behind each: to be taken out again, exactly this must come
 * from the record later. */
static void
gather_words(struct wb_buf *out, const struct wb_record *r)
{
    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        for (size_t n = 0; n < p->count && wb_term_applies(r, p); n++) {
            if (p->values[n].state != WB_STATE_TEXT)
                continue;
            wb_buf_add(out, p->values[n].text, p->values[n].size);
            wb_buf_add(out, "\n", 1);
        }
    }
}

static enum wb_status
run_words(struct wb_index *x, enum wb_index_sql which, uint64_t row, const char *text,
    size_t size, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = take(x, &s, which, (int64_t)row, e);

    if (st != WB_OK || size == 0)
        return st;
    (void)sqlite3_bind_text64(s, 2, text, size, SQLITE_STATIC, SQLITE_UTF8);
    return run(x, s, e);
}

enum wb_status
wb_index_put_words(struct wb_index *x, uint64_t row, const struct wb_index_found *found,
    struct wb_error *e)
{
    enum wb_status st;

    x->found = found;
    st = run_words(x, WB_INDEX_PUT_WORDS, row, found->text, found->size, e);
    x->found = NULL;
    return st;
}

static enum wb_status
remove_words(struct wb_index *x, const struct wb_record *r, struct wb_error *e)
{
    struct wb_buf words;
    enum wb_status st;

    wb_buf_init(&words, 2 * (size_t)WB_RECORD_BYTES_MAX);
    gather_words(&words, r);
    if ((st = wb_buf_check(&words, e)) == WB_OK)
        st = run_words(
            x, WB_INDEX_REMOVE_WORDS, r->row, (const char *)words.data, words.size, e);
    wb_buf_wipe(&words);
    return st;
}

/* ---- references, and hashes of files ---- */

bool
wb_index_target(int64_t *target, enum wb_value_kind kind, const char *text, size_t size)
{
    uint8_t hash[WB_HASH_BYTES];
    struct wb_id id;

    if (kind == WB_DIGEST) {
        if (!wb_hex_decode(hash, sizeof hash, text, size))
            return false;
        memcpy(id.bytes, hash, sizeof id.bytes);
    } else if (kind != WB_REF || !wb_id_parse(&id, text, size))
        return false; /* unknown, refused: names nobody */
    *target = wb_index_id(&id);
    return true;
}

static enum wb_status
run_ref(struct wb_index *x, enum wb_index_sql which, const struct wb_record *r,
    const struct wb_field *f, const struct wb_value *value, struct wb_error *e)
{
    int64_t target;
    sqlite3_stmt *s;
    enum wb_status st;

    if (!wb_index_target(&target, f->kind, value->text, value->size))
        return WB_OK;
    if ((st = take(x, &s, which, target, e)) != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 2, (int64_t)r->row);
    if (which == WB_INDEX_PUT_REF)
        (void)sqlite3_bind_text(s, 3, f->name, -1, SQLITE_STATIC);
    return run(x, s, e);
}

static enum wb_status
run_refs(struct wb_index *x, enum wb_index_sql which, const struct wb_record *r,
    struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p = f->kind == WB_REF || f->kind == WB_DIGEST
            ? wb_record_place(r, f->number)
            : NULL;

        for (size_t n = 0; p != NULL && n < p->count && st == WB_OK; n++)
            st = run_ref(x, which, r, f, &p->values[n], e);
    }
    return st;
}

/* ---- columns ---- */

int64_t
wb_index_day(int64_t day)
{
    return day < -DAY_MAX ? -DAY_MAX : day > DAY_MAX ? DAY_MAX : day;
}

bool
wb_index_days(const struct wb_record *r, int64_t *earliest, int64_t *latest)
{
    const char *text = wb_record_text(r, "date");
    const char *end = wb_record_text(r, "date-end");
    struct wb_edtf d, last;

    if (text[0] == '\0' || wb_edtf_range(&d, text, strlen(text), NULL) != WB_OK)
        return false;
    if (end[0] != '\0' && wb_edtf_range(&last, end, strlen(end), NULL) == WB_OK &&
        last.latest > d.latest)
        d.latest = last.latest;
    *earliest = wb_index_day(d.earliest);
    *latest = wb_index_day(d.latest);
    return true;
}

enum wb_status
wb_index_put(struct wb_index *x, const struct wb_record *r, struct wb_error *e)
{
    int64_t earliest, latest;
    sqlite3_stmt *s;
    enum wb_status st = take(x, &s, WB_INDEX_PUT, (int64_t)r->row, e);

    if (st != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 2, wb_index_id(&r->id));
    (void)sqlite3_bind_text(s, 3, r->kind, -1, SQLITE_STATIC);
    if (wb_index_days(r, &earliest, &latest)) {
        (void)sqlite3_bind_int64(s, 4, earliest);
        (void)sqlite3_bind_int64(s, 5, latest);
    }
    if (r->provenance.present)
        (void)sqlite3_bind_int64(s, 6, (sqlite3_int64)r->provenance.received);
    if ((st = run(x, s, e)) == WB_OK &&
        (st = run_refs(x, WB_INDEX_PUT_REF, r, e)) == WB_OK) {
        gather_words(wb_ahead_begin(x->ahead, r->row), r);
        st = wb_ahead_end(x->ahead, x, e);
    }
    return st;
}

enum wb_status
wb_index_put_damaged(
    struct wb_index *x, uint64_t row, const struct wb_id *id, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = take(x, &s, WB_INDEX_PUT, (int64_t)row, e);

    if (st != WB_OK)
        return st;
    (void)sqlite3_bind_int64(s, 2, wb_index_id(id));
    (void)sqlite3_bind_text(s, 3, "", -1, SQLITE_STATIC);
    return run(x, s, e);
}

enum wb_status
wb_index_remove(struct wb_index *x, const struct wb_record *r, struct wb_error *e)
{
    sqlite3_stmt *s;
    enum wb_status st = take(x, &s, WB_INDEX_REMOVE, (int64_t)r->row, e);

    if (st == WB_OK && (st = run(x, s, e)) == WB_OK &&
        (st = run_refs(x, WB_INDEX_REMOVE_REF, r, e)) == WB_OK)
        st = remove_words(x, r, e);
    return st;
}
