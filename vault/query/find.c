/* vault/query/find.c - from what a person types to one id. */
#include <string.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "index.h"

enum { PREFIX_CHARACTERS_MIN = 4 };

/* How many records begin so, and the last of them. What the index has is looked up. */
static enum wb_status
scan(struct wb_vault *v, struct wb_index *x, struct wb_id *found, uint64_t *count,
    const char *prefix, struct wb_error *e)
{
    int64_t least, most;
    sqlite3_stmt *s;
    enum wb_status st = wb_index_prepare(
        x, &s, "SELECT row FROM records WHERE id BETWEEN ?1 AND ?2", e);

    if (st != WB_OK)
        return st;
    wb_index_id_range(&least, &most, prefix, strlen(prefix));
    (void)sqlite3_bind_int64(s, 1, least);
    (void)sqlite3_bind_int64(s, 2, most);
    *count = 0;
    while ((st = wb_index_step(x, s, e)) == WB_OK) {
        char text[WB_ID_TEXT_BYTES];
        struct wb_wrap w = {0};

        st = wb_rows_wrap(v, &w, (uint64_t)sqlite3_column_int64(s, 0), NULL);
        if (st == WB_ERR_INTEGRITY || st == WB_ERR_NOT_FOUND)
            continue; /* one damaged row never blocks the others; verify names it */
        if (st != WB_OK) {
            st = wb_fail(e, st, "a record could not be read");
            break;
        }
        wb_id_text(text, &w.id);
        if (w.ordinal == 0 && strncmp(text, prefix, strlen(prefix)) == 0) {
            *found = w.id;
            ++*count;
        }
    }
    (void)sqlite3_finalize(s);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

static enum wb_status
scan_index(struct wb_vault *v, struct wb_id *found, uint64_t *count, const char *prefix,
    struct wb_error *e)
{
    struct wb_index *x = NULL;
    enum wb_status st = wb_index_open(&x, v, e);

    if (st == WB_OK)
        st = scan(v, x, found, count, prefix, e);
    wb_index_close(x);
    return st;
}

static bool
is_prefix(const char *text)
{
    size_t size = strlen(text);

    return size >= PREFIX_CHARACTERS_MIN && size < WB_ID_TEXT_BYTES &&
        strspn(text, "0123456789abcdefghjkmnpqrstvwxyz") == size;
}

/* A field vault looks nothing up. */
static enum wb_status
find_blindly(struct wb_id *id, const char *text, struct wb_error *e)
{
    struct wb_id found;

    if (!wb_id_parse(&found, text, strlen(text)))
        return wb_fail(e, WB_ERR_USAGE,
            "%.40s: a field vault looks nothing up, give the whole id (26 characters)",
            text);
    *id = found;
    return WB_OK;
}

enum wb_status
wb_find(struct wb_vault *v, struct wb_id *id, const char *text, struct wb_error *e)
{
    struct wb_id found;
    uint64_t count, row;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (wb_store_is_blind(v))
        return find_blindly(id, text, e);
    if (wb_id_parse(&found, text, strlen(text))) {
        st = wb_rows_lookup(v, &row, &found, 0, e);
        if (st == WB_ERR_NOT_FOUND)
            return wb_fail(
                e, st, "%s: no such record; `list` and `search` find ids", text);
        if (st == WB_OK)
            *id = found;
        return st;
    }
    if (!is_prefix(text))
        return wb_fail(e, WB_ERR_USAGE,
            "%.40s: not an id (26 characters, or the first 4 or more of them)", text);
    if ((st = scan_index(v, &found, &count, text, e)) != WB_OK)
        return st;
    if (count == 0)
        return wb_fail(e, WB_ERR_NOT_FOUND,
            "%s: no record begins so; `list` and `search` find ids", text);
    if (count > 1)
        return wb_fail(e, WB_ERR_AMBIGUOUS,
            "%s: %llu records begin so, give more of it", text,
            (unsigned long long)count);
    *id = found;
    return WB_OK;
}
