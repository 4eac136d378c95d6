/* vault/formats/words.c - bits as words that survive a telephone (word list of BIP 39).
 */
#include "words.h"

#include <string.h>

#include "../base/fail.h"
#include "../crypto/secret.h"

enum { WORD_BITS = 11 };

/* ---- from bits: every word and every place is looked at alike ---- */

/* A word of the list, filled up with NULs. */
static void
pick_word(char letters[static WB_WORD_LETTERS_MAX], unsigned number)
{
    memset(letters, 0, WB_WORD_LETTERS_MAX);
    for (unsigned i = 0; i < WB_WORD_LIST_SIZE; i++) {
        const char *word = wb_word_list[i];
        const char mask = (char)wb_equal_mask(i, number);

        for (unsigned at = 0; word[at] != '\0'; at++)
            letters[at] |= word[at] & mask;
    }
}

/* A letter at place *at, which grows by it; a NUL changes nothing. */
static void
put_letter(char text[static WB_WORDS_TEXT_BYTES], unsigned *at, char letter)
{
    for (unsigned i = 0; i < WB_WORDS_TEXT_BYTES; i++)
        text[i] |= letter & (char)wb_equal_mask(i, *at);
    *at += 1 + wb_equal_mask((unsigned char)letter, 0);
}

void
wb_words_encode(
    char text[static WB_WORDS_TEXT_BYTES], const uint8_t *bytes, unsigned count)
{
    char letters[WB_WORD_LETTERS_MAX];
    unsigned held = 0, value = 0, at = 0;

    memset(text, 0, WB_WORDS_TEXT_BYTES);
    for (unsigned i = 0; i < count; i++) {
        for (; held < WORD_BITS; held += 8)
            value = value << 8 | *bytes++;
        held -= WORD_BITS;
        if (i > 0)
            put_letter(text, &at, ' ');
        pick_word(letters, value >> held & (WB_WORD_LIST_SIZE - 1));
        for (unsigned letter = 0; letter < sizeof letters; letter++)
            put_letter(text, &at, letters[letter]);
    }
    wb_wipe(letters, sizeof letters);
}

/* ---- and back ---- */

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word in lower case; its length, 0 at the end, or more than fits for a long
 * one. */
static size_t
next_word(char out[static WB_WORD_LETTERS_MAX + 1], const char **text, size_t *left)
{
    size_t size = 0;

    for (; *left > 0 && is_space(**text); ++*text)
        --*left;
    for (; *left > 0 && !is_space(**text); ++*text, --*left, size++)
        if (size < WB_WORD_LETTERS_MAX)
            out[size] = (char)(**text >= 'A' && **text <= 'Z' ? **text + 32 : **text);
    out[size < WB_WORD_LETTERS_MAX ? size : WB_WORD_LETTERS_MAX] = '\0';
    return size;
}

/* The number of a word, or -1. Three-letter words of the list must be whole. */
static int
find_word(const char *word, size_t size)
{
    for (int i = 0; i < WB_WORD_LIST_SIZE; i++)
        if (strcmp(wb_word_list[i], word) == 0 ||
            (size >= WB_WORD_LETTERS && strncmp(wb_word_list[i], word, size) == 0))
            return i;
    return -1;
}

enum wb_status
wb_words_decode(
    uint8_t *bytes, unsigned count, const char *text, size_t size, struct wb_error *e)
{
    uint8_t got[(WB_WORDS_MAX * WORD_BITS + 7) / 8] = {0};
    char word[WB_WORD_LETTERS_MAX + 1];
    size_t length;

    for (unsigned i = 0; i < count; i++) {
        int number;

        length = next_word(word, &text, &size);
        if (length == 0)
            return wb_fail(e, WB_ERR_VALUE, "%u words, there must be %u", i, count);
        number = length > WB_WORD_LETTERS_MAX ? -1 : find_word(word, length);
        if (number < 0)
            return wb_fail(e, WB_ERR_VALUE, "word %u: not in the list", i + 1);
        for (unsigned bit = 0; bit < WORD_BITS; bit++)
            if ((number >> (WORD_BITS - 1 - bit) & 1) != 0)
                got[(i * WORD_BITS + bit) / 8] |=
                    (uint8_t)(0x80 >> ((i * WORD_BITS + bit) % 8));
    }
    if (next_word(word, &text, &size) != 0)
        return wb_fail(e, WB_ERR_VALUE, "more than %u words", count);
    memcpy(bytes, got, (count * WORD_BITS + 7) / 8);
    return WB_OK;
}
