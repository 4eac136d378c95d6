/* vault/query/index_words.c - words of a text as FTS5 keeps them. */
#include <sqlite3.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/fold.h"
#include "index.h"

/* FTS5 wants an object; ours knows nothing. */
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

static int
words_each(Fts5Tokenizer *t, void *cookie, int flags, const char *text, int size,
    int (*each)(void *, int, const char *, int, int, int))
{
    struct wb_fold f;
    struct wb_fold_word w;
    int rc = SQLITE_OK;

    (void)t;
    wb_fold_init(&f, text, (size_t)size);
    while (rc == SQLITE_OK && wb_fold_next(&f, &w)) {
        const int from = (int)w.at, to = (int)(w.at + w.size);

        if ((flags & FTS5_TOKENIZE_PREFIX) != 0 && f.at == f.size)
            wb_fold_cut(&w);
        rc = each(cookie, 0, w.folded, (int)w.folded_size, from, to);
        if (rc == SQLITE_OK && strcmp(w.folded, w.skeleton) != 0)
            rc = each(cookie, FTS5_TOKEN_COLOCATED, w.skeleton, (int)w.skeleton_size,
                from, to);
    }
    return rc;
}

enum wb_status
wb_index_words(sqlite3 *db, struct wb_error *e)
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
    rc = api->xCreateTokenizer(api, "witnessbox", &tokenizer, &tokenizer, NULL);
    return rc == SQLITE_OK ? WB_OK : wb_fail_memory(e);
}
