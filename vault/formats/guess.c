/* vault/formats/guess.c - how many guesses a passphrase that somebody chose survives.
 */
#include "guess.h"

#include <string.h>

#include "../base/fail.h"
#include "words.h"

enum { WORD_BITS = 11 };

static bool
is_listed(const char *word, size_t size)
{
    for (size_t i = 0; i < WB_WORD_LIST_SIZE; i++)
        if (strlen(wb_word_list[i]) == size && memcmp(wb_word_list[i], word, size) == 0)
            return true;
    return false;
}

/* How many words of our list it is made of; 0 when anything else is in it. Spaces,
 * hyphens and stops part words. */
static unsigned
count_words(const char *text, size_t size)
{
    unsigned count = 0;

    while (size > 0) {
        size_t length = 0;

        while (length < size && strchr(" -.", text[length]) == NULL)
            length++;
        if (length > 0 && (length > WB_WORD_LETTERS_MAX || !is_listed(text, length)))
            return 0;
        count += length > 0;
        text += length < size ? length + 1 : length;
        size -= length < size ? length + 1 : length;
    }
    return count;
}

/* What the characters are, and how many tell anything. */
struct census {
    unsigned telling; /* neither a repeat nor the next of a row */
    unsigned digits;
    unsigned characters;
    bool capitals, others;
};

static void
take_census(struct census *n, const char *text, size_t size)
{
    int before = -1;

    for (size_t i = 0; i < size;) {
        int c = (unsigned char)text[i++], step;

        while (i < size && ((unsigned char)text[i] & 0xc0) == 0x80)
            c = (c << 6 | (text[i++] & 0x3f)) & 0xffffff; /* differences are enough */
        step = before < 0 ? 2 : c - before;
        n->characters++;
        n->digits += c >= '0' && c <= '9';
        n->capitals |= c >= 'A' && c <= 'Z';
        n->others |= !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80);
        n->telling += step < -1 || step > 1;
        before = c;
    }
}

/* Halves of bits for n characters that somebody made up. */
static unsigned
chosen_halves(unsigned n)
{
    static const struct {
        unsigned up_to, halves;
    } steps[] = {{1, 8}, {8, 4}, {20, 3}};
    unsigned halves = 0, done = 0;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        for (; done < n && done < steps[i].up_to; done++)
            halves += steps[i].halves;
    return halves + 2 * (n - done);
}

void
wb_guess_of(struct wb_guess *g, const char *text, size_t size)
{
    struct census n = {0};
    unsigned words;

    if (size > 0 && text[size - 1] == '\n')
        size--;
    words = count_words(text, size);
    take_census(&n, text, size);
    if (words > 0) {
        g->bits = words * WORD_BITS;
        g->why = WB_SAID("words of the list, if they were drawn by lot");
    } else if (n.digits == n.characters) {
        g->bits = n.telling * 10 / 3; /* log2(10) = 3.32 */
        g->why = WB_SAID("digits only");
    } else {
        g->bits = chosen_halves(n.telling) / 2 + (n.capitals && n.others ? 6 : 0);
        g->why = n.telling * 2 <= n.characters
            ? WB_SAID("most of it repeats or goes on in a row")
            : WB_SAID("made up by a person, as most are");
    }
}
