/* vault/query/search.c - records by their words, newest first. */
#include <stdio.h>
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "index.h"
#include "terms.h"

enum {
    SQL_BYTES_MAX = 1 << 16,
    BEFORE_BYTES = 60, /* of an excerpt, about */
    AFTER_BYTES = 120,
};

struct searching {
    struct wb_vault *v;
    const struct wb_search *search;
    struct wb_terms terms;
    struct wb_buf excerpt;
    bool (*each)(void *cookie, const struct wb_hit *hit);
    void *cookie;
    uint64_t shown, *damaged;
};

/* ---- where the index says that it may be ---- */

/* The kinds that have the field; names of ours, which need no quoting. */
static void
put_kinds(struct wb_buf *sql, const char *field)
{
    const char *comma = "";

    wb_buf_add_text(sql, " AND r.kind IN (");
    for (size_t i = 0; i < wb_kind_count(); i++)
        if (wb_field_find(wb_kind_at(i), field) != NULL) {
            wb_buf_print(sql, "%s'%s'", comma, wb_kind_at(i)->name);
            comma = ", ";
        }
    wb_buf_add_text(sql, ")");
}

/* Own words anywhere, or a reference in the field to a record with such words: more
 * than asked for, each is looked at. */
static void
put_field_term(struct wb_buf *sql, const struct wb_term *term, int number)
{
    wb_buf_print(sql,
        " AND r.row IN (SELECT rowid FROM words WHERE words MATCH ?%d UNION ALL "
        "SELECT f.row FROM records t CROSS JOIN refs f ON f.target = t.id "
        "WHERE f.field = '%s' AND t.row IN "
        "(SELECT rowid FROM words WHERE words MATCH ?%d))",
        number, term->field, number);
    put_kinds(sql, term->field);
}

/* All terms without a field, `anywhere` of them, are one question to FTS5, number 1. */
static void
compose(struct wb_buf *sql, const struct wb_terms *terms, size_t anywhere)
{
    if (anywhere == 0)
        wb_buf_add_text(sql, "SELECT r.row FROM records r WHERE r.kind <> ''");
    else if (anywhere < terms->count)
        wb_buf_add_text(sql,
            "SELECT r.row FROM words w CROSS JOIN records r ON r.row = w.rowid "
            "WHERE w.words MATCH ?1");
    else
        wb_buf_add_text(sql, "SELECT w.rowid FROM words w WHERE w.words MATCH ?1");
    for (size_t i = 0; i < terms->count; i++)
        if (terms->items[i].field != NULL)
            put_field_term(sql, &terms->items[i], (int)i + 2);
    wb_buf_add_text(
        sql, anywhere > 0 ? " ORDER BY w.rowid DESC" : " ORDER BY r.row DESC");
    (void)wb_buf_text(sql);
}

/* Where there is no memory to copy the text FTS5 would take it to be empty, which is no
 * question at all. */
static enum wb_status
bind_phrase(
    sqlite3_stmt *s, int number, const struct wb_buf *phrase, struct wb_error *e)
{
    return sqlite3_bind_text(s, number, (const char *)phrase->data, (int)phrase->size,
               SQLITE_TRANSIENT) == SQLITE_OK
        ? WB_OK
        : wb_fail_memory(e);
}

static enum wb_status
bind_terms(sqlite3_stmt *s, const struct wb_terms *terms, struct wb_error *e)
{
    struct wb_buf all, one;
    enum wb_status st = WB_OK;

    wb_buf_init(&all, 2 * WB_SEARCH_BYTES_MAX + 16 * WB_TERMS_MAX);
    for (size_t i = 0; i < terms->count && st == WB_OK; i++) {
        if (terms->items[i].field == NULL) {
            wb_buf_add_text(&all, all.size > 0 ? " AND " : "");
            wb_term_phrase(&all, &terms->items[i]);
            continue;
        }
        wb_buf_init(&one, 2 * WB_SEARCH_BYTES_MAX);
        wb_term_phrase(&one, &terms->items[i]);
        if ((st = wb_buf_check(&one, e)) == WB_OK)
            st = bind_phrase(s, (int)i + 2, &one, e);
        wb_buf_wipe(&one);
    }
    if (st == WB_OK && (st = wb_buf_check(&all, e)) == WB_OK && all.size > 0)
        st = bind_phrase(s, 1, &all, e);
    wb_buf_wipe(&all);
    return st;
}

static enum wb_status
find_candidates(struct wb_index *x, sqlite3_stmt **s, const struct wb_terms *terms,
    struct wb_error *e)
{
    size_t anywhere = 0;
    struct wb_buf sql;
    enum wb_status st;

    for (size_t i = 0; i < terms->count; i++)
        anywhere += terms->items[i].field == NULL;
    wb_buf_init(&sql, SQL_BYTES_MAX);
    compose(&sql, terms, anywhere);
    if ((st = wb_buf_check(&sql, e)) == WB_OK &&
        (st = wb_index_prepare(x, s, wb_buf_text(&sql), e)) == WB_OK)
        st = bind_terms(*s, terms, e);
    wb_buf_wipe(&sql);
    return st;
}

/* ---- whether it is there ---- */

/* One of the texts of a place has the term. */
static bool
place_has(const struct wb_place *p, const struct wb_term *term, struct wb_hit *hit,
    struct wb_place_found *found)
{
    for (size_t n = 0; n < p->count; n++) {
        const struct wb_value *value = &p->values[n];

        if (value->state != WB_STATE_TEXT ||
            !wb_term_in(term, value->text, value->size, found))
            continue;
        hit->field = p->name;
        hit->text = value->text;
        hit->size = value->size;
        return true;
    }
    return false;
}

/* Some text of the record, of the term's field only where `own`. */
static bool
record_has(const struct wb_record *r, const struct wb_term *term, bool own,
    struct wb_hit *hit, struct wb_place_found *found)
{
    for (size_t i = 0; i < r->place_count; i++) {
        const struct wb_place *p = &r->places[i];

        if (wb_term_applies(r, p) &&
            (!own || term->field == NULL || strcmp(p->name, term->field) == 0) &&
            place_has(p, term, hit, found))
            return true;
    }
    return false;
}

/* A record that the term's field refers to has it. One that is not here has nothing. */
static enum wb_status
referred_has(struct searching *g, const struct wb_record *r, const struct wb_term *term,
    bool *has, struct wb_error *e)
{
    const struct wb_field *field =
        r->table == NULL ? NULL : wb_field_find(r->table, term->field);
    const struct wb_place *p = field == NULL || field->kind != WB_REF
        ? NULL
        : wb_record_place(r, field->number);
    enum wb_status st = WB_OK;

    for (size_t n = 0; p != NULL && n < p->count && !*has && st == WB_OK; n++) {
        struct wb_record *other = NULL;
        struct wb_place_found found;
        struct wb_hit hit;
        struct wb_id id;

        if (!wb_id_parse(&id, p->values[n].text, p->values[n].size))
            continue;
        st = wb_record_load(g->v, &other, &id, e);
        if (st == WB_OK)
            *has = record_has(other, term, false, &hit, &found);
        else if (wb_is_damage(st) || st == WB_ERR_NOT_FOUND)
            st = WB_OK;
        wb_record_free(&other);
    }
    return st;
}

/* ---- showing ---- */

static bool
is_space(char c)
{
    return c == ' ' || c == '\n';
}

static bool
is_inside(char c) /* of a character's bytes, not its first */
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Where to cut: the first space from `at` on, going by `step` (1 or -1), before `end`;
 * where words have none between them, the first character. */
static size_t
cut(const char *text, size_t at, size_t end, int step)
{
    size_t space = at;

    while (space != end && !is_space(text[space]))
        space += (size_t)step;
    if (space != end)
        return space;
    while (at != end && is_inside(text[at]))
        at += (size_t)step;
    return at;
}

/* The text around a place, on one line, cut between words. */
static void
put_excerpt(struct wb_buf *out, const char *text, size_t size,
    const struct wb_place_found *found)
{
    size_t from = found->at > BEFORE_BYTES ? found->at - BEFORE_BYTES : 0;
    size_t to = size - found->end > AFTER_BYTES ? found->end + AFTER_BYTES : size;

    from = from > 0 ? cut(text, from - 1, found->at, 1) : 0;
    from += from > 0 && is_space(text[from]);
    to = to < size ? cut(text, to, found->end, -1) : size;
    wb_buf_add_text(out, from > 0 ? "... " : "");
    for (size_t i = from; i < to; i++)
        wb_buf_add(out, text[i] == '\n' ? " " : &text[i], 1);
    wb_buf_add_text(out, to < size ? " ..." : "");
}

/* Every term, in the order given; the first that has a text of its own is shown. */
static enum wb_status
look(struct searching *g, const struct wb_record *r, bool *has, struct wb_hit *hit,
    struct wb_error *e)
{
    enum wb_status st = WB_OK;

    *has = true;
    wb_buf_clear(&g->excerpt);
    for (size_t i = 0; i < g->terms.count && *has && st == WB_OK; i++) {
        const struct wb_term *term = &g->terms.items[i];
        struct wb_place_found found;
        struct wb_hit own = {.record = r};

        *has = record_has(r, term, true, &own, &found);
        if (*has && g->excerpt.size == 0) {
            put_excerpt(&g->excerpt, own.text, own.size, &found);
            *hit = own;
        }
        if (!*has && term->field != NULL)
            st = referred_has(g, r, term, has, e);
    }
    hit->record = r;
    hit->text = wb_buf_text(&g->excerpt);
    hit->size = g->excerpt.size;
    return st == WB_OK ? wb_buf_check(&g->excerpt, e) : st;
}

static enum wb_status
try_row(struct searching *g, uint64_t row, bool *more, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_hit hit = {.field = NULL};
    bool has = false;
    enum wb_status st = wb_custody_open_row(g->v, &r, row, e);

    if (st == WB_OK && (r->table == NULL || (r->table->flags & WB_BY_HAND) != 0))
        st = look(g, r, &has, &hit, e);
    if (st == WB_OK && has && !g->search->all_revisions)
        st = wb_index_is_newest(g->v, r, &has, e);
    if (st == WB_OK && has) {
        *more = g->each(g->cookie, &hit);
        g->shown++;
    }
    wb_record_free(&r);
    *more = *more && (g->search->limit == 0 || g->shown < g->search->limit);
    if (wb_is_damage(st))
        ++*g->damaged;
    return wb_is_damage(st) || st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

enum wb_status
wb_search(struct wb_vault *v, const struct wb_search *search,
    bool (*each)(void *cookie, const struct wb_hit *hit), void *cookie,
    uint64_t *damaged, struct wb_error *e)
{
    struct searching g = {
        .v = v, .search = search, .each = each, .cookie = cookie, .damaged = damaged};
    struct wb_index *x = NULL;
    sqlite3_stmt *s = NULL;
    bool more = true;
    enum wb_status st;

    *damaged = 0;
    if ((st = wb_store_need_sight(v, e)) != WB_OK ||
        (st = wb_terms_parse(&g.terms, search->words, e)) != WB_OK)
        return st;
    wb_buf_init(&g.excerpt, 2 * (BEFORE_BYTES + AFTER_BYTES) + WB_RECORD_BYTES_MAX);
    if ((st = wb_index_open(&x, v, e)) == WB_OK &&
        (st = wb_index_count_damaged(x, damaged, e)) == WB_OK)
        st = find_candidates(x, &s, &g.terms, e);
    while (st == WB_OK && more && (st = wb_index_step(x, s, e)) == WB_OK)
        st = try_row(&g, (uint64_t)sqlite3_column_int64(s, 0), &more, e);
    (void)sqlite3_finalize(s);
    wb_index_close(x);
    wb_buf_wipe(&g.excerpt);
    wb_terms_wipe(&g.terms);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
