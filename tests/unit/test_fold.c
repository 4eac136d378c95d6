/* tests/unit/test_fold.c - which words are the same to somebody who searches, and which
 * are not. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "spellings.h"

/* The only word of a text. */
static void
read_word(struct wb_fold_word *word, const char *text)
{
    struct wb_fold f;
    struct wb_fold_word second;

    wb_fold_init(&f, text, strlen(text));
    if (!wb_fold_next(&f, word) || wb_fold_next(&f, &second))
        fail_msg("%s: not one word", text);
    assert_int_equal(word->at + word->size, strlen(text));
    assert_int_equal(word->folded_size, strlen(word->folded));
    assert_int_equal(word->skeleton_size, strlen(word->skeleton));
}

static void
the_same_name_agrees_however_it_is_written(void **state)
{
    size_t reached = 0;

    (void)state;
    for (size_t i = 0; i < spelling_count; i++, reached++) {
        struct wb_fold_word a, b;

        read_word(&a, spellings[i].a);
        read_word(&b, spellings[i].b);
        if (!wb_fold_agree(&a, &b) || !wb_fold_agree(&b, &a))
            fail_msg("%s and %s: %s/%s is not %s/%s", spellings[i].a, spellings[i].b,
                a.folded, a.skeleton, b.folded, b.skeleton);
    }
    assert_true(reached >= SPELLINGS_LEAST);
}

static void
false_friends_do_not_agree(void **state)
{
    size_t reached = 0;

    (void)state;
    for (size_t i = 0; i < false_friend_count; i++, reached++) {
        struct wb_fold a, b;
        struct wb_fold_word x, y;

        wb_fold_init(&a, false_friends[i].a, strlen(false_friends[i].a));
        wb_fold_init(&b, false_friends[i].b, strlen(false_friends[i].b));
        do {
            assert_true(wb_fold_next(&a, &x));
            assert_true(wb_fold_next(&b, &y));
        } while (wb_fold_agree(&x, &y) && a.at < a.size && b.at < b.size);
        if (wb_fold_agree(&x, &y))
            fail_msg("%s and %s: both %s/%s, %s/%s", false_friends[i].a,
                false_friends[i].b, x.folded, x.skeleton, y.folded, y.skeleton);
    }
    assert_true(reached >= FALSE_FRIENDS_LEAST);
}

/* Compares the words of a text with those given, "|" between them. */
static void
expect_words(const char *text, size_t size, const char *expected)
{
    char got[512] = "";
    size_t used = 0;
    struct wb_fold f;
    struct wb_fold_word w;

    wb_fold_init(&f, text, size);
    while (wb_fold_next(&f, &w))
        used += (size_t)snprintf(got + used, sizeof got - used, "%s%.*s",
            used > 0 ? "|" : "", (int)w.size, text + w.at);
    assert_string_equal(got, expected);
}

static void
words_are_found_where_they_stand(void **state)
{
    static const struct spelling texts[] = {
        {"", ""},
        {" ,.- \xe2\x80\xa6", ""},
        {"They locked the gate.", "They|locked|the|gate"},
        {"Сказал: \302\253я прячусь\302\273.", "Сказал|я|прячусь"},
        {"2021-10-20, 3..5", "2021|10|20|3|5"},
        {"Абу-Бакр", "Абу|Бакр"},
        {"O'zbekiston, Mas'ud, Isakov's, l'homme, 'so'",
            "O'zbekiston|Mas'ud|Isakov|s|l|homme|so"},
        {"証人は", "証|人|は"},
        {"a_b@c.d", "a|b|c|d"},
        {"ـ ء علی", "علی"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect_words(texts[i].a, strlen(texts[i].a), texts[i].b);
}

static void
bytes_that_are_not_text_end_a_word_and_nothing_more(void **state)
{
    (void)state;
    expect_words("ab\xff"
                 "cd\xd0",
        6, "ab|cd");
    expect_words("ab\0cd", 5, "ab|cd");
    expect_words("\xd0\xb0\xd0", 3, "\xd0\xb0");
}

/* Every code point, before and behind a letter: no overrun (sanitizers look), no word
 * longer than its place. */
static void
every_character_has_a_fold_of_bounded_size(void **state)
{
    struct wb_fold f;
    struct wb_fold_word w;
    size_t words = 0;

    (void)state;
    for (unsigned code = 1; code < 0x30000; code++) {
        char text[8] = {0};
        size_t size = 0;

        if (code >= 0xd800 && code < 0xe000)
            continue;
        if (code < 0x80)
            text[size++] = (char)code;
        else if (code < 0x800)
            text[size++] = (char)(0xc0 | code >> 6);
        else if (code < 0x10000)
            text[size++] = (char)(0xe0 | code >> 12);
        else
            text[size++] = (char)(0xf0 | code >> 18);
        if (code >= 0x10000)
            text[size++] = (char)(0x80 | (code >> 12 & 63));
        if (code >= 0x800)
            text[size++] = (char)(0x80 | (code >> 6 & 63));
        if (code >= 0x80)
            text[size++] = (char)(0x80 | (code & 63));
        text[size++] = 'a';
        wb_fold_init(&f, text, size);
        for (; wb_fold_next(&f, &w); words++) {
            assert_true(w.folded_size > 0 && w.folded_size <= WB_FOLD_BYTES_MAX);
            assert_true(w.skeleton_size > 0 && w.skeleton_size <= WB_FOLD_BYTES_MAX);
            assert_true(w.at + w.size <= size);
        }
    }
    assert_true(words > 0x20000);
}

static void
of_a_word_that_is_too_long_the_beginning_counts(void **state)
{
    char text[4 * WB_FOLD_BYTES_MAX];
    struct wb_fold f;
    struct wb_fold_word w;

    (void)state;
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xd0\xb1", 2);
    wb_fold_init(&f, text, sizeof text);
    assert_true(wb_fold_next(&f, &w));
    assert_int_equal(w.size, sizeof text);
    assert_int_equal(w.folded_size, WB_FOLD_BYTES_MAX);
    assert_false(wb_fold_next(&f, &w));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_name_agrees_however_it_is_written),
        cmocka_unit_test(false_friends_do_not_agree),
        cmocka_unit_test(words_are_found_where_they_stand),
        cmocka_unit_test(bytes_that_are_not_text_end_a_word_and_nothing_more),
        cmocka_unit_test(every_character_has_a_fold_of_bounded_size),
        cmocka_unit_test(of_a_word_that_is_too_long_the_beginning_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
