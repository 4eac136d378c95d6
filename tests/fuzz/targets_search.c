/* tests/fuzz/targets_search.c - what is searched for, and what is searched. */
#include <sqlite3.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "fuzz.h"
#include "query/index.h"
#include "query/terms.h"

enum { QUESTION_BYTES_MAX = WB_SEARCH_BYTES_MAX, TEXT_BYTES_MAX = 65536 };

/* Words of any text, and each of them by itself again. */
bool
fuzz_fold(const uint8_t *bytes, size_t size)
{
    struct wb_fold f, alone;
    struct wb_fold_word word, again;
    size_t end = 0;

    if (size > TEXT_BYTES_MAX)
        return false;
    wb_fold_init(&f, bytes, size);
    while (wb_fold_next(&f, &word)) {
        fuzz_expect(word.at >= end && word.size > 0 && word.size <= size - word.at,
            "a word lies in the text, behind the one before");
        end = word.at + word.size;
        wb_fold_init(&alone, bytes + word.at, word.size);
        fuzz_expect(wb_fold_next(&alone, &again) && wb_fold_agree(&word, &again),
            "a word is the same without what stands around it");
    }
    return end > 0;
}

/* ---- questions ---- */

/* A table as the index has it, with one row. */
static sqlite3 *
index_of(const char *text)
{
    static const struct wb_index_found *none;
    sqlite3_stmt *s = NULL;
    sqlite3 *db = NULL;

    fuzz_expect(sqlite3_open(":memory:", &db) == SQLITE_OK &&
            wb_index_words(db, &none, NULL) == WB_OK &&
            sqlite3_exec(db,
                "CREATE VIRTUAL TABLE words USING fts5(text, content='', "
                "columnsize=0, tokenize='witnessbox')",
                NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(db, "INSERT INTO words(rowid, text) VALUES(1, ?1)", -1,
                &s, NULL) == SQLITE_OK,
        "an index is made");
    (void)sqlite3_bind_text(s, 1, text, -1, SQLITE_STATIC);
    fuzz_expect(sqlite3_step(s) == SQLITE_DONE, "a text goes into it");
    (void)sqlite3_finalize(s);
    return db;
}

static void
expect_found(const char *text, const struct wb_term *term)
{
    sqlite3 *db = index_of(text);
    sqlite3_stmt *s = NULL;
    struct wb_buf phrase;

    wb_buf_init(&phrase, 4 * QUESTION_BYTES_MAX);
    wb_term_phrase(&phrase, term);
    fuzz_expect(sqlite3_prepare_v2(db, "SELECT rowid FROM words WHERE words MATCH ?1",
                    -1, &s, NULL) == SQLITE_OK,
        "the index can be asked");
    (void)sqlite3_bind_text(
        s, 1, wb_buf_text(&phrase), (int)phrase.size, SQLITE_STATIC);
    fuzz_expect(sqlite3_step(s) == SQLITE_ROW, "the index finds what a text has");
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(db);
    wb_buf_wipe(&phrase);
}

/* Written with all its marks a term is the same term. */
static void
expect_same(const struct wb_term *term)
{
    struct wb_terms again = {.count = 0};
    struct wb_buf out;

    wb_buf_init(&out, 4 * QUESTION_BYTES_MAX);
    wb_buf_print(&out, "%s%s\"%s\"%s", term->field == NULL ? "" : term->field,
        term->field == NULL ? "" : ":", term->text, term->starts ? "*" : "");
    if (out.size <= QUESTION_BYTES_MAX) {
        fuzz_expect(wb_terms_parse(&again, wb_buf_text(&out), NULL) == WB_OK &&
                again.count == 1 && again.items[0].count == term->count &&
                again.items[0].starts == term->starts &&
                strcmp(again.items[0].text, term->text) == 0,
            "a term that was written is the same term");
        wb_terms_wipe(&again);
    }
    wb_buf_wipe(&out);
}

bool
fuzz_search(const uint8_t *bytes, size_t size)
{
    static char question[QUESTION_BYTES_MAX + 1];
    struct wb_terms terms = {.count = 0};
    struct wb_place_found found;
    struct wb_error e = {0};

    if (size > QUESTION_BYTES_MAX || memchr(bytes, 0, size) != NULL)
        return false;
    memcpy(question, bytes, size);
    question[size] = '\0';
    if (wb_terms_parse(&terms, question, &e) != WB_OK) {
        fuzz_expect(e.message[0] != '\0', "a refusal says why");
        return false;
    }
    for (size_t i = 0; i < terms.count; i++) {
        const struct wb_term *term = &terms.items[i];

        fuzz_expect(wb_term_in(term, term->text, strlen(term->text), &found) &&
                found.at < found.end && found.end <= strlen(term->text),
            "a text has its own words");
        expect_same(term);
        expect_found(term->text, term);
    }
    wb_terms_wipe(&terms);
    return true;
}
