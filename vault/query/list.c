/* vault/query/list.c - records by kind, reference and date, newest first. */
#include <stdio.h>
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../formats/edtf.h"
#include "index.h"

/* The bounds of a filter: days, and seconds since 1970. */
struct bounds {
    int64_t since, until;
    int64_t received;
};

enum { DAY_SECONDS = 86400 };

static enum wb_status
read_bound(int64_t *day, const char *name, const char *text, struct wb_error *e)
{
    const bool last = strcmp(name, "until") == 0;
    struct wb_edtf d;
    enum wb_status st;

    *day = last ? INT64_MAX : INT64_MIN;
    if (text != NULL && (st = wb_edtf_range(&d, text, strlen(text), e)) != WB_OK)
        return wb_within(e, st, "%s", name);
    *day = wb_index_day(text == NULL ? *day : last ? d.latest : d.earliest);
    return WB_OK;
}

static enum wb_status
read_bounds(struct bounds *b, const struct wb_list_filter *f, struct wb_error *e)
{
    enum wb_status st;

    if ((st = read_bound(&b->since, "since", f->since, e)) != WB_OK ||
        (st = read_bound(&b->until, "until", f->until, e)) != WB_OK ||
        (st = read_bound(&b->received, "received-since", f->received_since, e)) !=
            WB_OK)
        return st;
    if (b->received > INT64_MIN / DAY_SECONDS && b->received < INT64_MAX / DAY_SECONDS)
        b->received *= DAY_SECONDS;
    return WB_OK;
}

/* May the record's date lie within the bounds, and did it come since then? A record
 * without a date only where none is asked for. */
static bool
is_within(
    const struct wb_record *r, const struct wb_list_filter *f, const struct bounds *b)
{
    int64_t earliest, latest;

    if (f->received_since != NULL &&
        (!r->provenance.present || (int64_t)r->provenance.received < b->received))
        return false;
    if (f->since == NULL && f->until == NULL)
        return true;
    return wb_index_days(r, &earliest, &latest) && latest >= b->since &&
        earliest <= b->until;
}

static bool
refers_to(const struct wb_record *r, const struct wb_id *id)
{
    char text[WB_ID_TEXT_BYTES];

    if (id == NULL)
        return true;
    wb_id_text(text, id);
    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p =
            f->kind == WB_REF ? wb_record_place(r, f->number) : NULL;

        for (size_t n = 0; p != NULL && n < p->count; n++)
            if (strcmp(p->values[n].text, text) == 0)
                return true;
    }
    return false;
}

static bool
is_of_file(const struct wb_record *r, const char *sha256)
{
    return sha256 == NULL || strcmp(wb_record_text(r, "sha256"), sha256) == 0;
}

static bool
is_wanted(
    const struct wb_record *r, const struct wb_list_filter *f, const struct bounds *b)
{
    if (f->kind != NULL)
        return strcmp(f->kind, r->kind) == 0 && refers_to(r, f->refers_to) &&
            is_of_file(r, f->sha256) && is_within(r, f, b);
    return (r->table == NULL || (r->table->flags & WB_BY_HAND) != 0) &&
        refers_to(r, f->refers_to) && is_of_file(r, f->sha256) && is_within(r, f, b);
}

/* ---- candidates: rows that the index has for a filter, newest first ---- */

/* Fewer than these are sorted; of more, the newest are soon met in the order of rows.
 */
enum { SORTED_MOST = 20000, SQL_BYTES = 1024 };

/* Ways through the index: one select or two, behind each the conditions that are left.
 */
struct way {
    const char *first, *second;
};

/* Nearly every date is at most a year long; the few others have an index of their own.
 */
static const struct way by_days = {
    "SELECT r.row FROM records r INDEXED BY days "
    "WHERE r.latest BETWEEN ?3 AND ?4 + 366 AND r.earliest <= ?4 "
    "AND r.latest - r.earliest <= 366",
    "SELECT r.row FROM records r INDEXED BY spans "
    "WHERE r.latest - r.earliest > 366 AND r.latest >= ?3 AND r.earliest <= ?4",
};
static const struct way by_receipt = {
    "SELECT r.row FROM records r INDEXED BY receipts WHERE r.received >= ?5", NULL};
static const struct way by_reference = {
    "SELECT DISTINCT f.row FROM refs f CROSS JOIN records r ON r.row = f.row "
    "WHERE f.target = ?1",
    NULL};
static const struct way by_row = {
    "SELECT r.row FROM records r WHERE r.kind <> ''", NULL};

static void
compose(char sql[static SQL_BYTES], const struct way *way, const char *more,
    const char *head, const char *tail)
{
    const bool two = way->second != NULL;

    (void)snprintf(sql, SQL_BYTES, "%s%s%s%s%s%s%s", head, way->first, more,
        two ? " UNION ALL " : "", two ? way->second : "", two ? more : "", tail);
}

/* The number that is looked for in refs; of no record where the hash is none. */
static int64_t
target_of(const struct wb_list_filter *f)
{
    int64_t target = 0;

    if (f->refers_to != NULL)
        return wb_index_id(f->refers_to);
    (void)wb_index_target(&target, WB_DIGEST, f->sha256, strlen(f->sha256));
    return target;
}

static bool
has_target(const struct wb_list_filter *f)
{
    return f->refers_to != NULL || f->sha256 != NULL;
}

static void
bind_filter(sqlite3_stmt *s, const struct wb_list_filter *f, const struct bounds *b)
{
    if (has_target(f))
        (void)sqlite3_bind_int64(s, 1, target_of(f));
    if (f->kind != NULL)
        (void)sqlite3_bind_text(s, 2, f->kind, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 3, b->since);
    (void)sqlite3_bind_int64(s, 4, b->until);
    (void)sqlite3_bind_int64(s, 5, b->received);
}

/* Whether a way through the index meets few rows. */
static enum wb_status
is_narrow(struct wb_index *x, bool *narrow, const struct way *way,
    const struct wb_list_filter *f, const struct bounds *b, struct wb_error *e)
{
    char sql[SQL_BYTES], tail[32];
    sqlite3_stmt *s;
    enum wb_status st;

    (void)snprintf(tail, sizeof tail, " LIMIT %d)", SORTED_MOST);
    compose(sql, way, "", "SELECT count(*) FROM (", tail);
    if ((st = wb_index_prepare(x, &s, sql, e)) != WB_OK)
        return st;
    bind_filter(s, f, b);
    if ((st = wb_index_step(x, s, e)) == WB_OK)
        *narrow = sqlite3_column_int64(s, 0) < SORTED_MOST;
    (void)sqlite3_finalize(s);
    return st;
}

static enum wb_status
choose_way(struct wb_index *x, const struct way **way, const struct wb_list_filter *f,
    const struct bounds *b, struct wb_error *e)
{
    bool narrow = false;
    enum wb_status st = WB_OK;

    *way = has_target(f) ? &by_reference : &by_row;
    if (!has_target(f) && f->received_since != NULL &&
        (st = is_narrow(x, &narrow, &by_receipt, f, b, e)) == WB_OK && narrow)
        *way = &by_receipt;
    if (st == WB_OK && *way == &by_row && (f->since != NULL || f->until != NULL) &&
        (st = is_narrow(x, &narrow, &by_days, f, b, e)) == WB_OK && narrow)
        *way = &by_days;
    return st;
}

/* A plus keeps SQLite from choosing another index than the way has. */
static enum wb_status
find_candidates(struct wb_index *x, sqlite3_stmt **s, const struct wb_list_filter *f,
    const struct bounds *b, struct wb_error *e)
{
    char more[SQL_BYTES / 4], sql[SQL_BYTES];
    const struct way *way;
    enum wb_status st = choose_way(x, &way, f, b, e);

    if (st != WB_OK)
        return st;
    (void)snprintf(more, sizeof more, "%s%s%s%s",
        f->kind == NULL      ? ""
            : way == &by_row ? " AND r.kind = ?2"
                             : " AND +r.kind = ?2",
        f->since != NULL ? " AND +r.latest >= ?3" : "",
        f->until != NULL ? " AND +r.earliest <= ?4" : "",
        f->received_since != NULL ? " AND +r.received >= ?5" : "");
    compose(sql, way, more, "", " ORDER BY 1 DESC");
    if ((st = wb_index_prepare(x, s, sql, e)) == WB_OK)
        bind_filter(*s, f, b);
    return st;
}

/* ---- listing ---- */

struct listing {
    struct wb_vault *v;
    const struct wb_list_filter *filter;
    struct bounds bounds;
    bool (*each)(void *cookie, const struct wb_record *r);
    void *cookie;
    uint64_t shown, *damaged;
};

/* One candidate, opened: the index only says where to look. */
static enum wb_status
try_row(struct listing *l, uint64_t row, bool *more, struct wb_error *e)
{
    struct wb_record *r = NULL;
    bool newest = false;
    enum wb_status st = wb_custody_open_row(l->v, &r, row, e);

    if (st == WB_OK && is_wanted(r, l->filter, &l->bounds))
        st = wb_index_is_newest(l->v, r, &newest, e);
    if (newest && st == WB_OK) {
        *more = l->each(l->cookie, r);
        l->shown++;
    }
    wb_record_free(&r);
    *more = *more && (l->filter->limit == 0 || l->shown < l->filter->limit);
    if (wb_is_damage(st))
        ++*l->damaged; /* one damaged record never blocks the others */
    return wb_is_damage(st) || st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

enum wb_status
wb_list(struct wb_vault *v, const struct wb_list_filter *filter,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    uint64_t *damaged, struct wb_error *e)
{
    struct listing l = {
        .v = v, .filter = filter, .each = each, .cookie = cookie, .damaged = damaged};
    struct wb_index *x = NULL;
    sqlite3_stmt *s = NULL;
    bool more = true;
    enum wb_status st;

    *damaged = 0;
    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = read_bounds(&l.bounds, filter, e)) != WB_OK)
        return st;
    if (filter->kind != NULL && wb_kind_find(filter->kind) == NULL)
        return wb_fail(e, WB_ERR_USAGE, "%s: no such kind, see `kinds`", filter->kind);
    if ((st = wb_index_open(&x, v, e)) == WB_OK &&
        (st = wb_index_count_damaged(x, damaged, e)) == WB_OK)
        st = find_candidates(x, &s, filter, &l.bounds, e);
    while (st == WB_OK && more && (st = wb_index_step(x, s, e)) == WB_OK)
        st = try_row(&l, (uint64_t)sqlite3_column_int64(s, 0), &more, e);
    (void)sqlite3_finalize(s);
    wb_index_close(x);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
