/* tests/lib/holder.h - people who hold something of a vault: a passphrase, shares. */
#ifndef WB_TESTS_HOLDER_H
#define WB_TESTS_HOLDER_H

#include <witnessbox/keys.h>

#include "room.h"

enum { HOLDER_SHARES = 15, HOLDER_LINE_BYTES = 96 };

/* The lines of a split, as they would be on paper. */
struct paper {
    unsigned count;
    char lines[HOLDER_SHARES][HOLDER_LINE_BYTES];
};

/* A passphrase with the key file, if any, that the vault was opened with. */
struct wb_new_passphrase holder_words(const char *text);

/* An open vault, unlocked with this passphrase (NULL: left locked); NULL, and the
 * answer in *e, where it does not open. */
struct wb_vault *holder_open(const char *path, const char *text, struct wb_error *e);
/* True, the vault closed again: it opens and a deep verify finds nothing. False: no
 * slot opens. Anything else fails the test. */
bool holder_opens(const char *path, const char *text);

/* Splits, keeping the lines. */
enum wb_status holder_split(struct wb_vault *v, unsigned needed, unsigned count,
    struct paper *paper, struct wb_error *e);
/* The whole way back with the lines of these numbers (from 1, ended by 0). */
enum wb_status holder_recover(const char *path, const struct paper *paper,
    const unsigned *numbers, const char *text, struct wb_error *e);

/* Whether the first two lines open the vault at this path. */
bool holder_shares_open(const char *path, const struct paper *paper);

/* How often some bytes stand in any file of a folder. */
unsigned holder_search(const char *folder, const void *bytes, size_t size);

#endif
