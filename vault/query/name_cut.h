/* vault/query/name_cut.h - words that are written together. Pure. */
#ifndef WB_QUERY_NAME_CUT_H
#define WB_QUERY_NAME_CUT_H

#include <stdbool.h>
#include <stddef.h>

/* A walk over the pieces of one word: LeylaDurdyewa2 has two. They end where a small
 * letter and a capital meet, or a letter and a digit, or at an apostrophe; digits, and
 * what stands behind an apostrophe, are none. */
struct wb_name_cut {
    const char *text;
    size_t size, at;
};

/* The next piece, inside the word; false at the end. A word without such a place in it
 * has no piece. */
bool wb_name_cut_next(struct wb_name_cut *c, const char **piece, size_t *size);

#endif
