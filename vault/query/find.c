/* vault/query/find.c - from what a person types to one id. */
#include <string.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../store/store.h"

enum { PREFIX_CHARACTERS_MIN = 4 };

/* Looks at every wrap: bodies stay closed. */
static enum wb_status
scan(struct wb_vault *v, struct wb_id *found, uint64_t *count, const char *prefix,
    struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_wrap w = {0};
    uint64_t row = 0;
    enum wb_status st = WB_OK;

    *count = 0;
    while ((st = wb_rows_next(v, &row, e)) == WB_OK) {
        st = wb_rows_wrap(v, &w, row, e);
        if (st == WB_ERR_INTEGRITY)
            continue; /* one damaged row never blocks the others; verify names it */
        if (st != WB_OK)
            return st;
        wb_id_text(text, &w.id);
        if (w.ordinal == 0 && strncmp(text, prefix, strlen(prefix)) == 0) {
            *found = w.id;
            ++*count;
        }
    }
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
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
            return wb_fail(e, st, "%s: no such record", text);
        if (st == WB_OK)
            *id = found;
        return st;
    }
    if (!is_prefix(text))
        return wb_fail(e, WB_ERR_USAGE,
            "%.40s: not an id (26 characters, or the first 4 or more of them)", text);
    if ((st = scan(v, &found, &count, text, e)) != WB_OK)
        return st;
    if (count == 0)
        return wb_fail(e, WB_ERR_NOT_FOUND, "%s: no record begins so", text);
    if (count > 1)
        return wb_fail(e, WB_ERR_AMBIGUOUS,
            "%s: %llu records begin so, give more of it", text,
            (unsigned long long)count);
    *id = found;
    return WB_OK;
}
