/* vault/formats/guess.h - how many guesses a passphrase that somebody chose survives.
 */
#ifndef WB_FORMATS_GUESS_H
#define WB_FORMATS_GUESS_H

#include <stdbool.h>
#include <stddef.h>

/* An estimate, rather too low than too high: a guesser knows the word list, repeats,
 * rows of the alphabet and digits, and how people choose. */
struct wb_guess {
    unsigned bits;   /* about 2^bits guesses */
    const char *why; /* what the estimate goes by, a constant */
};

/* Words of our list all: 11 bits each, as if drawn by lot. Digits only: 10
 * possibilities each. Else the rule of NIST SP 800-63-1, appendix A.1, for passphrases
 * that people make up: 4 bits for the first character, 2 for each of the next
 * seven, 1.5 up to the twentieth, then 1, and 6 more with capitals and other signs
 * both. A character that repeats the one before or goes on from it (aaa, 123, cba) does
 * not count. `text` is UTF-8; a line feed at the end does not count. */
void wb_guess_of(struct wb_guess *g, const char *text, size_t size);

#endif
