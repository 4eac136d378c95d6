/* vault/query/index.h - the search index: words and columns of all records, read from
 * the log. */
#ifndef WB_QUERY_INDEX_H
#define WB_QUERY_INDEX_H

#include <sqlite3.h>

#include "../custody/change.h"
#include "../store/inner.h"

/* Its tables are in index.c. Rows are those of the revisions; a record that does not
 * open has a row without a kind. Ids are kept by their first eight bytes, as a number
 * that sorts as they do: whoever finds a row opens it and looks. */
enum { WB_INDEX_VERSION = 2 }; /* of tables, folding, and what is read of a record */
enum wb_index_sql {
    WB_INDEX_PUT,
    WB_INDEX_PUT_REF,
    WB_INDEX_PUT_WORDS,
    WB_INDEX_REMOVE,
    WB_INDEX_REMOVE_REF,
    WB_INDEX_REMOVE_WORDS,
    WB_INDEX_SQL_END
};

struct wb_index {
    struct wb_derived derived; /* the vault keeps it until it is closed */
    struct wb_vault *v;
    struct wb_inner *inner; /* NULL while it is not open */
    bool may_write;         /* into the vault's file */
    bool in_memory;
    bool stale;     /* not what the file has any more: opened again when next used */
    unsigned users; /* who reads in it now */
    uint32_t tree;  /* it has read all entries before this leaf of this tree */
    uint64_t leaf;
    sqlite3_stmt *statements[WB_INDEX_SQL_END]; /* prepared when first used */
    bool much;                          /* of what it has is being read only now */
    bool merging;                       /* begun, and more is left to merge */
    struct wb_ahead *ahead;             /* while it catches up */
    const struct wb_index_found *found; /* the text that is put now, or NULL */
};

/* Up to so many entries of the log are read into memory each time: a question should
 * not write into the vault for the sake of a few. A test may make it 0. */
extern uint64_t wb_index_memory_most;

/* The index of an unlocked vault, with what the log has that it has not yet: read into
 * the vault's file, in transactions of its own, where there is much of it, the file can
 * be written and no change is under way; else into memory. One that is missing, of
 * another version or broken is made anew. Each is given back with wb_index_close (NULL
 * is fine); in between the vault must not be changed. */
WB_CHECKED enum wb_status wb_index_open(
    struct wb_index **x, struct wb_vault *v, struct wb_error *e);
void wb_index_close(struct wb_index *x);

/* A statement on its tables, owned by the index. */
WB_CHECKED enum wb_status wb_index_prepare(
    struct wb_index *x, sqlite3_stmt **s, const char *sql, struct wb_error *e);
/* Its next row; NOT_FOUND at the end. */
WB_CHECKED enum wb_status wb_index_step(
    struct wb_index *x, sqlite3_stmt *s, struct wb_error *e);

/* SQL without answers. */
WB_CHECKED enum wb_status wb_index_exec(
    struct wb_index *x, const char *sql, struct wb_error *e);

/* The database alone, not caught up: what wb_index_open does first (`flags` are those
 * of wb_inner_open). Closed after errors too. INTEGRITY: it must be made anew. */
WB_CHECKED enum wb_status wb_index_open_inner(
    struct wb_index *x, int flags, struct wb_error *e);
void wb_index_close_inner(struct wb_index *x);

/* The number of an id, and the range of those that begin with `size` characters of
 * base32 (1 to 26). */
int64_t wb_index_id(const struct wb_id *id);
/* What a reference, or a hash, is found by: false for a value that names nothing. */
bool wb_index_target(
    int64_t *target, enum wb_value_kind kind, const char *text, size_t size);
void wb_index_id_range(int64_t *least, int64_t *most, const char *text, size_t size);

/* forget.c: in a transaction of the vault, takes a record's revisions out, with every
 * trace of their words. Without `id`, and where it cannot be done, all pages go. */
WB_CHECKED enum wb_status wb_index_forget(
    struct wb_vault *v, const struct wb_id *id, struct wb_error *e);

/* ---- index_read.c: catching up ---- */

/* The tables are made where there are none yet, and what the log has that the index has
 * not is read; into the vault in transactions of its own, unless x->in_memory. What was
 * read when it fails stays; the inner database is then closed. */
WB_CHECKED enum wb_status wb_index_catch_up(struct wb_index *x, struct wb_error *e);
bool wb_index_is_behind(const struct wb_index *x);
/* How many entries a transaction reads. A test may make it smaller. */
extern uint64_t wb_index_batch_entries;

/* index_merge.c: merges the segments that FTS5 has written, up to so many slices of a
 * thousand pages. *more is false to begin, and true after as long as not all is one
 * segment. */
WB_CHECKED enum wb_status wb_index_merge(
    struct wb_index *x, unsigned slices, bool *more, struct wb_error *e);

/* ---- index_rows.c: what is kept of one revision ---- */

WB_CHECKED enum wb_status wb_index_put(
    struct wb_index *x, const struct wb_record *r, struct wb_error *e);
/* Its words, which wb_index_put has only handed to x->ahead. */
WB_CHECKED enum wb_status wb_index_put_words(struct wb_index *x, uint64_t row,
    const struct wb_index_found *found, struct wb_error *e);
WB_CHECKED enum wb_status wb_index_put_damaged(
    struct wb_index *x, uint64_t row, const struct wb_id *id, struct wb_error *e);
/* The record must be the one that was put: its words are taken out by their text. */
WB_CHECKED enum wb_status wb_index_remove(
    struct wb_index *x, const struct wb_record *r, struct wb_error *e);

/* The first and last day that a record's `date` (to `date-end`) may mean. False where
 * it has none. */
bool wb_index_days(const struct wb_record *r, int64_t *earliest, int64_t *latest);
/* Days so far off that nobody means them are all the same one, so that one can count on
 * with them. */
int64_t wb_index_day(int64_t day);

/* ---- hits.c: what every question asks of the rows that the index names ---- */

/* Adds how many of those that did not open when they were read still do not: each may
 * be what is looked for. */
WB_CHECKED enum wb_status wb_index_count_damaged(
    struct wb_index *x, uint64_t *damaged, struct wb_error *e);
/* Whether a row holds what wb_record_load would show of its id: with one revision
 * stored, which is the rule, the wrap alone says so. */
WB_CHECKED enum wb_status wb_index_is_newest(
    struct wb_vault *v, const struct wb_record *r, bool *newest, struct wb_error *e);

/* ---- index_words.c ---- */

/* Makes the tokenizer "witnessbox" known: words as base/fold.h finds them, folded, and
 * beside each its skeleton where that is another. Where *found is not NULL it
 * is of the text that is put, and they are taken from there; `found` must live as long
 * as the database. */
WB_CHECKED enum wb_status wb_index_words(
    sqlite3 *db, const struct wb_index_found **found, struct wb_error *e);

/* ---- index_ahead.c: while one text is put, a second thread finds words of the next
 * ones ---- */

/* The words of a text, packed; `words` NULL where there was no room for them. */
struct wb_index_found {
    const char *text;
    size_t size;
    const uint8_t *words;
    size_t words_size;
};

/* One of them; forms without a NUL at their end. */
struct wb_index_word {
    int from, to; /* in the text */
    const char *folded, *skeleton;
    int folded_size, skeleton_size;
};
/* The next one; *at is 0 for the first. False at the end. */
bool wb_found_next(
    const struct wb_index_found *f, size_t *at, struct wb_index_word *word);

WB_CHECKED enum wb_status wb_ahead_new(struct wb_ahead **a, struct wb_error *e);
void wb_ahead_free(struct wb_ahead **a);

/* The text of a row is appended to what wb_ahead_begin answers. wb_ahead_end and
 * wb_ahead_settle put into the index what is ready, in the order of beginning; after
 * the latter all of it is there. */
struct wb_buf *wb_ahead_begin(struct wb_ahead *a, uint64_t row);
WB_CHECKED enum wb_status wb_ahead_end(
    struct wb_ahead *a, struct wb_index *x, struct wb_error *e);
WB_CHECKED enum wb_status wb_ahead_settle(
    struct wb_ahead *a, struct wb_index *x, struct wb_error *e);

#endif
