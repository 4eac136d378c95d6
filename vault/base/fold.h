/* vault/base/fold.h - the words of a text, as searching and the name scan compare them.
 */
#ifndef WB_BASE_FOLD_H
#define WB_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* The longest folded form in bytes; of a longer word the rest does not count. */
enum { WB_FOLD_BYTES_MAX = 96 };

/* One word: letters, digits, and the marks on them. An apostrophe between two letters
 * and what Unicode says is not to be seen do not end it; scripts that are written
 * without spaces have a word per character.
 *   at, size  where it stands in the text, in bytes
 *   folded    its letters without case, accents and the small differences between one
 *             keyboard and another (fold_letters.c), UTF-8
 *   skeleton  what remains of it when it is heard rather than read: Latin letters for
 *             Cyrillic and Arabic ones, one spelling for the ways to write a sound.
 *             Capitals stand for sounds of two letters. The folded form for words of
 *             other scripts.
 * Both end with a NUL that the sizes do not count. */
struct wb_fold_word {
    size_t at, size;
    size_t folded_size, skeleton_size;
    char folded[WB_FOLD_BYTES_MAX + 1];
    char skeleton[WB_FOLD_BYTES_MAX + 1];
};

/* A walk over the words of a text that somebody else owns. Bytes that are not UTF-8
 * end a word. */
struct wb_fold {
    const unsigned char *text;
    size_t size, at;
};
void wb_fold_init(struct wb_fold *f, const void *text, size_t size);

/* The next word; false at the end, `word` then untouched. */
bool wb_fold_next(struct wb_fold *f, struct wb_fold_word *word);

/* Whether two words are the same to somebody who searches: folded forms or skeletons
 * are equal, or one's skeleton is the other's folded form. */
bool wb_fold_agree(const struct wb_fold_word *a, const struct wb_fold_word *b);

/* Makes a word the beginning of words: what of its skeleton depends on how it goes on
 * is cut off (gado-y of gadoyev). */
void wb_fold_cut(struct wb_fold_word *word);

/* Whether `word` begins with what wb_fold_cut has left of `start`. */
bool wb_fold_begins(const struct wb_fold_word *word, const struct wb_fold_word *start);

/* ---- the data: fold_letters.c ---- */

/* What a lower-case letter or a digit turns into; UTF-8, "" for nothing. */
struct wb_fold_letter {
    bool known;
    char folded[5];
    char skeleton[5];
};
enum { WB_FOLD_LETTERS = 0x700 }; /* rows are found by code point */
extern const struct wb_fold_letter wb_fold_letters[WB_FOLD_LETTERS];

/* Spellings of one sound: `from` becomes `to`, the first row that fits of those that
 * begin with the letter. Rows end with NULL; NULL: the letter stands for itself. */
struct wb_fold_sound {
    const char *from;
    const char *to;
};
extern const struct wb_fold_sound *const wb_fold_sounds[128];

#endif
