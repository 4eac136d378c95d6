/* vault/query/terms.h - what a person typed to search, and whether a record has it. */
#ifndef WB_QUERY_TERMS_H
#define WB_QUERY_TERMS_H

#include "../base/fold.h"
#include "../record/record.h"

enum { WB_TERMS_MAX = 32, WB_TERM_WORDS_MAX = 32, WB_SEARCH_BYTES_MAX = 4096 };

/* Words that must stand behind each other; one, where there were no quotes and nothing
 * inside that parts words. */
struct wb_term {
    const char *field; /* NULL: anywhere */
    const char *text;  /* as it was typed, without quotes (none are in it) and star */
    bool starts;       /* the last word is only the beginning of one */
    struct wb_fold_word *words;
    size_t count;
};

/* All of them must be there. Owns its memory; wiped with wb_terms_wipe. */
struct wb_terms {
    struct wb_arena arena;
    struct wb_term items[WB_TERMS_MAX];
    size_t count;
};

/* word "a phrase" beginn* field:word field:"a phrase"
 * WB_ERR_USAGE names the term that is none, and what would be. */
WB_CHECKED enum wb_status wb_terms_parse(
    struct wb_terms *t, const char *text, struct wb_error *e);
void wb_terms_wipe(struct wb_terms *t);

/* Appends it as FTS5 reads it (https://sqlite.org/fts5.html 3.2): a phrase in quotes, a
 * star behind. */
void wb_term_phrase(struct wb_buf *out, const struct wb_term *term);

/* Where a text has a term: from the first byte of its first word to behind its last. */
struct wb_place_found {
    size_t at, end;
};
bool wb_term_in(const struct wb_term *term, const char *text, size_t size,
    struct wb_place_found *found);

/* Whether a value is text that can be searched: not an id, not a hash. */
bool wb_term_applies(const struct wb_record *r, const struct wb_place *p);

#endif
