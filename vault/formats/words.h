/* vault/formats/words.h - bits as words that survive a telephone (word list of BIP 39).
 */
#ifndef WB_FORMATS_WORDS_H
#define WB_FORMATS_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <witnessbox/error.h>

enum {
    WB_WORD_LIST_SIZE = 2048, /* eleven bits a word */
    WB_WORDS_MAX = 24,
    WB_WORD_LETTERS = 4,     /* enough to tell any two apart */
    WB_WORD_LETTERS_MAX = 8, /* of the longest */
    WB_WORDS_TEXT_BYTES = WB_WORDS_MAX * (WB_WORD_LETTERS_MAX + 1), /* with the NUL */
};

/* Sorted; word i stands for the number i. */
extern const char *const wb_word_list[WB_WORD_LIST_SIZE];

/* Writes `count` words (at most WB_WORDS_MAX) for the first 11 * count bits of `bytes`,
 * most significant first, with a space between; all of `text` behind them is NULs.
 * `bytes` has at least (11 * count + 7) / 8. They may be secret: which words they are
 * is in no branch and no index. */
void wb_words_encode(
    char text[static WB_WORDS_TEXT_BYTES], const uint8_t *bytes, unsigned count);

/* Reads exactly `count` words, separated by white space, upper or lower case, each
 * whole or by its first four letters or more; fills (11 * count + 7) / 8 bytes, unused
 * bits zero. WB_ERR_VALUE names the word by its number. */
WB_CHECKED enum wb_status wb_words_decode(
    uint8_t *bytes, unsigned count, const char *text, size_t size, struct wb_error *e);

#endif
