/* vault/query/index_merge.c - the segments of the index merged into one. */
#include "index.h"

/* Of a slice, in pages; the rest of what it takes is a page or two. */
enum { SLICE_PAGES = 1000, MERGED_CHANGES = 2 };

/* https://sqlite.org/fts5.html 6.8: less than two changes say that nothing is left. */
enum wb_status
wb_index_merge(struct wb_index *x, unsigned slices, bool *more, struct wb_error *e)
{
    sqlite3 *db = wb_inner_db(x->inner);
    sqlite3_stmt *s;
    int pages = *more ? SLICE_PAGES : -SLICE_PAGES;
    enum wb_status st = wb_index_prepare(
        x, &s, "INSERT INTO words(words, rank) VALUES('merge', ?1)", e);

    if (st != WB_OK)
        return st;
    *more = true;
    for (st = WB_ERR_NOT_FOUND; st == WB_ERR_NOT_FOUND && *more && slices > 0;
         slices--) {
        const int before = sqlite3_total_changes(db);

        (void)sqlite3_reset(s);
        (void)sqlite3_bind_int(s, 1, pages);
        st = wb_index_step(x, s, e);
        *more = sqlite3_total_changes(db) - before >= MERGED_CHANGES;
        pages = SLICE_PAGES;
    }
    (void)sqlite3_finalize(s);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
