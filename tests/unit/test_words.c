/* tests/unit/test_words.c - words that survive a telephone, and the twelve of a head.
 */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "custody/heads.h"
#include "formats/words.h"

/* One word alone: eleven bits in two bytes. */
static void
every_word_of_the_list_stands_for_its_number(void **state)
{
    char text[WB_WORDS_TEXT_BYTES];
    uint8_t bits[2], got[2];

    (void)state;
    for (unsigned i = 0; i < WB_WORD_LIST_SIZE; i++) {
        const char *word = wb_word_list[i];

        bits[0] = (uint8_t)(i >> 3);
        bits[1] = (uint8_t)(i << 5);
        wb_words_encode(text, bits, 1);
        assert_string_equal(text, word);
        assert_int_equal(wb_words_decode(got, 1, word, strlen(word), NULL), WB_OK);
        assert_memory_equal(got, bits, sizeof bits);
        if (i > 0)
            assert_true(strcmp(wb_word_list[i - 1], word) < 0);
    }
}

/* 24 of the longest fill all but the NUL; behind fewer nothing is left. */
static void
as_many_words_as_there_can_be_fit_and_the_rest_is_empty(void **state)
{
    enum { ABSTRACT = 7 }; /* eight letters */
    static const char empty[WB_WORDS_TEXT_BYTES];
    char text[WB_WORDS_TEXT_BYTES + 1];
    uint8_t bits[WB_WORDS_MAX * 11 / 8] = {0}, got[sizeof bits];

    (void)state;
    for (unsigned i = 0; i < sizeof bits * 8; i++)
        bits[i / 8] |= (uint8_t)((ABSTRACT >> (10 - i % 11) & 1) << (7 - i % 8));
    memset(text, 'x', sizeof text);
    wb_words_encode(text, bits, WB_WORDS_MAX);
    assert_int_equal(strlen(text), WB_WORDS_TEXT_BYTES - 1);
    assert_int_equal(text[WB_WORDS_TEXT_BYTES], 'x');
    assert_int_equal(
        wb_words_decode(got, WB_WORDS_MAX, text, strlen(text), NULL), WB_OK);
    assert_memory_equal(got, bits, sizeof bits);
    wb_words_encode(text, bits, 2);
    assert_string_equal(text, "abstract abstract");
    assert_memory_equal(text + 17, empty, WB_WORDS_TEXT_BYTES - 17);
}

static void
four_letters_are_enough_and_tell_any_two_apart(void **state)
{
    uint8_t got[2];
    unsigned longer = 0;

    (void)state;
    for (unsigned i = 0; i < WB_WORD_LIST_SIZE; i++) {
        const char *word = wb_word_list[i];

        for (size_t size = WB_WORD_LETTERS; size <= strlen(word); size++, longer++) {
            assert_int_equal(wb_words_decode(got, 1, word, size, NULL), WB_OK);
            assert_int_equal(got[0] << 3 | got[1] >> 5, i);
        }
    }
    assert_true(longer > 2048);
}

static void
three_letters_of_a_longer_word_are_not_enough(void **state)
{
    struct wb_error e = {0};
    uint8_t got[2] = {7, 7};

    (void)state;
    assert_int_equal(wb_words_decode(got, 1, "aba", 3, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "word 1: not in the list");
    assert_int_equal(got[0], 7);
    assert_int_equal(wb_words_decode(got, 1, "act", 3, &e), WB_OK); /* a whole one */
}

static void
capitals_and_white_space_do_not_matter(void **state)
{
    static const char text[] = "\t Zoo\r\nABANDON   AbLe \n";
    static const char plain[] = "zoo abandon able";
    uint8_t got[5], expected[5];

    (void)state;
    assert_int_equal(wb_words_decode(got, 3, text, sizeof text - 1, NULL), WB_OK);
    assert_int_equal(
        wb_words_decode(expected, 3, plain, sizeof plain - 1, NULL), WB_OK);
    assert_memory_equal(got, expected, sizeof got);
    assert_int_equal(got[0], 0xff); /* 2047: eleven ones in front */
    assert_int_equal(got[1] & 0xe0, 0xe0);
}

static void
wrong_words_and_wrong_numbers_of_words_are_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } refused[] = {
        {"", "0 words, there must be 3"},
        {"zoo zoo", "2 words, there must be 3"},
        {"zoo zoo zoo zoo", "more than 3 words"},
        {"zoo zooo zoo", "word 2: not in the list"},
        {"zoo zoo abandonabandon", "word 3: not in the list"},
        {"zoo z\xc3\xb6o zoo", "word 2: not in the list"},
        {"zoo abandoned zoo", "word 2: not in the list"},
        {"zoo, zoo zoo", "word 1: not in the list"},
    };
    uint8_t got[5] = {1, 2, 3, 4, 5};
    const uint8_t before[5] = {1, 2, 3, 4, 5};

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct wb_error e = {0};

        assert_int_equal(
            wb_words_decode(got, 3, refused[i].text, strlen(refused[i].text), &e),
            WB_ERR_VALUE);
        assert_string_equal(e.message, refused[i].message);
        assert_memory_equal(got, before, sizeof got);
    }
}

/* ---- the twelve words of a head ---- */

static struct wb_checkpoint
sample_head(unsigned seed)
{
    struct wb_checkpoint c = {.origin = "witnessbox/7777777777777777777777777w"};

    c.head.size = seed + 1;
    memset(c.head.root, (int)(seed & 0xff), sizeof c.head.root);
    return c;
}

static void
a_head_has_twelve_words_that_fit_each_other(void **state)
{
    uint8_t digest[WB_HEAD_DIGEST_BYTES], got[WB_HEAD_DIGEST_BYTES];
    struct wb_checkpoint c = sample_head(3), other = sample_head(3);
    char text[WB_WORDS_TEXT_BYTES];

    (void)state;
    wb_head_digest(digest, &c);
    wb_words_encode(text, digest, WB_HEAD_WORDS);
    assert_int_equal(
        wb_words_decode(got, WB_HEAD_WORDS, text, strlen(text), NULL), WB_OK);
    assert_memory_equal(got, digest, sizeof got);
    assert_true(wb_head_digest_fits(got));
    other.origin[12] ^= 1;
    wb_head_digest(got, &other);
    assert_memory_not_equal(got, digest, sizeof got);
    other = c;
    other.head.size++;
    wb_head_digest(got, &other);
    assert_memory_not_equal(got, digest, sizeof got);
    other = c;
    other.head.root[31] ^= 1;
    wb_head_digest(got, &other);
    assert_memory_not_equal(got, digest, sizeof got);
}

static void
set_word(uint8_t digest[static WB_HEAD_DIGEST_BYTES], unsigned word, unsigned number)
{
    for (unsigned bit = 0; bit < 11; bit++) {
        const unsigned at = word * 11 + bit;
        const uint8_t mask = (uint8_t)(0x80 >> at % 8);

        if ((number >> (10 - bit) & 1) != 0)
            digest[at / 8] |= mask;
        else
            digest[at / 8] &= (uint8_t)~mask;
    }
}

/* Four check bits: fifteen of sixteen words that were heard wrong do not fit. */
static void
a_word_that_was_heard_wrong_is_caught_as_often_as_four_bits_can(void **state)
{
    unsigned tried = 0, passed = 0;

    (void)state;
    for (unsigned seed = 0; seed < 4; seed++)
        for (unsigned word = 0; word < WB_HEAD_WORDS; word++)
            for (unsigned number = 0; number < WB_WORD_LIST_SIZE; number++) {
                struct wb_checkpoint c = sample_head(seed);
                uint8_t digest[WB_HEAD_DIGEST_BYTES], wrong[WB_HEAD_DIGEST_BYTES];

                wb_head_digest(digest, &c);
                memcpy(wrong, digest, sizeof wrong);
                set_word(wrong, word, number);
                if (memcmp(wrong, digest, sizeof wrong) == 0)
                    continue;
                tried++;
                passed += wb_head_digest_fits(wrong);
            }
    print_message("%u wrong words, %u fit by chance (1 in %.1f)\n", tried, passed,
        (double)tried / passed);
    assert_int_equal(tried, 4 * WB_HEAD_WORDS * (WB_WORD_LIST_SIZE - 1));
    assert_true(passed > tried / 17 && passed < tried / 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_of_the_list_stands_for_its_number),
        cmocka_unit_test(as_many_words_as_there_can_be_fit_and_the_rest_is_empty),
        cmocka_unit_test(four_letters_are_enough_and_tell_any_two_apart),
        cmocka_unit_test(three_letters_of_a_longer_word_are_not_enough),
        cmocka_unit_test(capitals_and_white_space_do_not_matter),
        cmocka_unit_test(wrong_words_and_wrong_numbers_of_words_are_refused),
        cmocka_unit_test(a_head_has_twelve_words_that_fit_each_other),
        cmocka_unit_test(
            a_word_that_was_heard_wrong_is_caught_as_often_as_four_bits_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
