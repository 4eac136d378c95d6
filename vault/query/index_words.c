/* vault/query/index_words.c - words of a text as FTS5 keeps them. */
#include <sqlite3.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/fold.h"
#include "index.h"

/* FTS5 wants an object: ours is where the words that were found ahead are named. */
static int
words_new(void *context, const char **arguments, int count, Fts5Tokenizer **out)
{
    (void)arguments;
    *out = context;
    return count == 0 ? SQLITE_OK : SQLITE_ERROR;
}

static void
words_free(Fts5Tokenizer *t)
{
    (void)t;
}

/* A word in the form that stands there, and as it is heard. */
static int
put_word(const struct wb_index_word *w, void *cookie,
    int (*each)(void *, int, const char *, int, int, int))
{
    int rc = each(cookie, 0, w->folded, w->folded_size, w->from, w->to);

    if (rc == SQLITE_OK &&
        (w->folded_size != w->skeleton_size ||
            memcmp(w->folded, w->skeleton, (size_t)w->folded_size) != 0))
        rc = each(cookie, FTS5_TOKEN_COLOCATED, w->skeleton, w->skeleton_size, w->from,
            w->to);
    return rc;
}

static int
found_each(const struct wb_index_found *found, void *cookie,
    int (*each)(void *, int, const char *, int, int, int))
{
    struct wb_index_word w;
    size_t at = 0;
    int rc = SQLITE_OK;

    while (rc == SQLITE_OK && wb_found_next(found, &at, &w))
        rc = put_word(&w, cookie, each);
    return rc;
}

static int
words_each(Fts5Tokenizer *t, void *cookie, int flags, const char *text, int size,
    int (*each)(void *, int, const char *, int, int, int))
{
    const struct wb_index_found *const *ahead = (void *)t;
    struct wb_fold f;
    struct wb_fold_word w;
    int rc = SQLITE_OK;

    if (flags == FTS5_TOKENIZE_DOCUMENT && *ahead != NULL && (*ahead)->words != NULL)
        return found_each(*ahead, cookie, each);
    wb_fold_init(&f, text, (size_t)size);
    while (rc == SQLITE_OK && wb_fold_next(&f, &w)) {
        if ((flags & FTS5_TOKENIZE_PREFIX) != 0 && f.at == f.size)
            wb_fold_cut(&w);
        rc = put_word(&(struct wb_index_word){(int)w.at, (int)(w.at + w.size), w.folded,
                          w.skeleton, (int)w.folded_size, (int)w.skeleton_size},
            cookie, each);
    }
    return rc;
}

enum wb_status
wb_index_words(sqlite3 *db, const struct wb_index_found **found, struct wb_error *e)
{
    static fts5_tokenizer tokenizer = {words_new, words_free, words_each};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
    if (rc == SQLITE_OK)
        (void)sqlite3_step(s);
    (void)sqlite3_finalize(s);
    if (rc == SQLITE_NOMEM)
        return wb_fail_memory(e);
    if (api == NULL)
        return wb_fail(e, WB_ERR_INTERNAL, "SQLite has no full-text search");
    rc = api->xCreateTokenizer(api, "witnessbox", found, &tokenizer, NULL);
    return rc == SQLITE_OK ? WB_OK : wb_fail_memory(e);
}
