/* vault/formats/words.h - bits as words that survive a telephone (word list of BIP 39).
 */
#ifndef WB_FORMATS_WORDS_H
#define WB_FORMATS_WORDS_H

#include "../base/buf.h"

enum {
    WB_WORD_LIST_SIZE = 2048, /* eleven bits a word */
    WB_WORDS_MAX = 24,
    WB_WORD_LETTERS = 4, /* enough to tell any two apart */
};

/* Sorted; word i stands for the number i. */
extern const char *const wb_word_list[WB_WORD_LIST_SIZE];

/* Appends `count` words for the first 11 * count bits of `bits`, most significant
 * first, with a space between. `bits` has at least (11 * count + 7) / 8 bytes. */
void wb_words_encode(struct wb_buf *out, const uint8_t *bytes, unsigned count);

/* Reads exactly `count` words, separated by white space, upper or lower case, each
 * whole or by its first four letters or more; fills (11 * count + 7) / 8 bytes, unused
 * bits zero. WB_ERR_VALUE names the word by its number. */
WB_CHECKED enum wb_status wb_words_decode(
    uint8_t *bytes, unsigned count, const char *text, size_t size, struct wb_error *e);

#endif
