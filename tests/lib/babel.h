/* tests/lib/babel.h - a vault full of names in all their spellings, and questions about
 * them: drawn by chance, and always the same. */
#ifndef WB_TESTS_BABEL_H
#define WB_TESTS_BABEL_H

#include "room.h"

enum {
    BABEL_PEOPLE = 12,
    BABEL_INCIDENTS = 4,
    BABEL_RECORDS = 76, /* the rest are statements */
    BABEL_BYTES = 2048,
};

struct babel {
    struct room room;
    struct wb_vault *v;
    struct wb_id ids[BABEL_RECORDS]; /* people first, then incidents */
    size_t count;
    uint64_t drawn;
};

/* A new vault, open, with nothing in it; and its end. */
void babel_make(struct babel *b);
void babel_sweep(struct babel *b);
void babel_reopen(struct babel *b);

/* Up to so many records. Of the new statements some are then amended, some shredded. */
void babel_fill(struct babel *b, size_t count);

/* Below that number. */
size_t babel_draw(struct babel *b, size_t below);

/* What to search for: words, beginnings of words, phrases, in fields and anywhere. */
void babel_question(struct babel *b, char out[static BABEL_BYTES]);

#endif
