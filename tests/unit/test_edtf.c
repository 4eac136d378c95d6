/* tests/unit/test_edtf.c - dates of EDTF levels 0 and 1, and what is none. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "formats/edtf.h"

/* Every example of levels 0 and 1 of https://www.loc.gov/standards/datetime/ (4
 * February 2019), in its order, with the days worked out by Python's datetime. */
static const struct {
    const char *text;
    int64_t earliest, latest;
} good[] = {
    /* clang-format off */
    /* level 0: dates, times, intervals */
    {"1985-04-12", 5580, 5580},
    {"1985-04", 5569, 5598},
    {"1985", 5479, 5843},
    {"1985-04-12T23:20:30", 5580, 5580},
    {"1985-04-12T23:20:30Z", 5580, 5580},
    {"1985-04-12T23:20:30-04", 5580, 5580},
    {"1985-04-12T23:20:30+04:30", 5580, 5580},
    {"1964/2008", -2192, 14244},
    {"2004-06/2006-08", 12570, 13391},
    {"2004-02-01/2005-02-08", 12449, 12822},
    {"2004-02-01/2005-02", 12449, 12842},
    {"2004-02-01/2005", 12449, 13148},
    {"2005/2006-02", 12784, 13207},
    /* level 1: years of more than four digits, seasons, qualifiers */
    {"Y170000002", 62090506203, 62090506567},
    {"Y-170000002", -62091945258, -62091944894},
    {"2001-21", 11382, 11473},
    {"1984?", 5113, 5478},
    {"2004-06~", 12570, 12599},
    {"2004-06-11%", 12580, 12580},
    /* level 1: unspecified digits */
    {"201X", 14610, 18261},
    {"20XX", 10957, 47481},
    {"2004-XX", 12418, 12783},
    {"1985-04-XX", 5569, 5598},
    {"1985-XX-XX", 5479, 5843},
    /* level 1: extended intervals */
    {"1985-04-12/..", 5580, INT64_MAX},
    {"1985-04/..", 5569, INT64_MAX},
    {"1985/..", 5479, INT64_MAX},
    {"../1985-04-12", INT64_MIN, 5580},
    {"../1985-04", INT64_MIN, 5598},
    {"../1985", INT64_MIN, 5843},
    {"1985-04-12/", 5580, INT64_MAX},
    {"1985-04/", 5569, INT64_MAX},
    {"1985/", 5479, INT64_MAX},
    {"/1985-04-12", INT64_MIN, 5580},
    {"/1985-04", INT64_MIN, 5598},
    {"/1985", INT64_MIN, 5843},
    /* level 1: negative years */
    {"-1985", -1444534, -1444170},
    /* not on the page, but of its grammar */
    {"1970-01-01", 0, 0},
    {"0000", -719528, -719163},
    {"0000-02-29", -719469, -719469},
    {"9999-12-31", 2932896, 2932896},
    {"-0001-12-31", -719529, -719529},
    {"-198X", -1445995, -1442343},
    {"2001-22", 11474, 11565},
    {"2001-23", 11566, 11656},
    {"2003-24", 12387, 12477},
    {"2001-21?", 11382, 11473},
    {"2001-24/2002-21~", 11657, 11838},
    {"199X~", 7305, 10956},
    {"2004-06~/2004-08-08%", 12570, 12638},
    {"../2004-06?", INT64_MIN, 12599},
    {"Y999999999999?", 365242499280107, 365242499280471},
    {"Y-12000/-9999", -5102438, -4371223},
    {"2000-02-29", 11016, 11016},
    {"2016-12-31T23:59:59-00:30", 17166, 17166},
    {"2004-06/2004-06-01", 12570, 12570},
    /* clang-format on */
};

static const struct {
    const char *text, *message;
} bad[] = {
    /* clang-format off */
    {"", "position 1: a date expected, for example 2004-06~"},
    {"yesterday", "position 1: a digit of a four-digit year expected"},
    {" 1985", "position 1: a digit of a four-digit year expected"},
    {"198", "position 4: a digit of a four-digit year expected"},
    {"198x", "position 4: a digit of a four-digit year expected"},
    {"1XXX", "position 2: a digit of a four-digit year expected"},
    {"20X4", "position 4: X expected, only digits at the end may be X"},
    {"+1985", "position 1: a digit of a four-digit year expected"},
    {"--1985", "position 2: a digit of a four-digit year expected"},
    {"-0000", "position 1: there is no year -0000"},
    {"-0000-01-01", "position 1: there is no year -0000"},
    {"19850", "position 5: a year has four digits, longer ones begin with Y"},
    {"19850412", "position 5: a year has four digits, longer ones begin with Y"},
    {"1985.04.12", "position 5: the end of the date expected"},
    {"1985-", "position 6: two digits of the month expected"},
    {"1985-4-12", "position 7: two digits of the month expected"},
    {"1985-13", "position 6: month is 13, 01 to 12 or season 21 to 24"},
    {"1985-13-01", "position 6: month is 13, 01 to 12 or season 21 to 24"},
    {"1985-00", "position 6: month is 00, 01 to 12 or season 21 to 24"},
    {"1985-20", "position 6: month is 20, 01 to 12 or season 21 to 24"},
    {"1985-25", "position 6: month is 25, 01 to 12 or season 21 to 24"},
    {"1984-1X", "position 7: two digits of the month expected"},
    {"1984-X1", "position 7: XX expected"},
    {"1985-XX-12", "position 9: XX expected"},
    {"201X-XX", "position 5: the end of the date expected"},
    {"2001-21-03", "position 8: a season has no day"},
    {"1985-04-", "position 9: two digits of the day expected"},
    {"1985-04-1", "position 10: two digits of the day expected"},
    {"1985-04-1X", "position 10: two digits of the day expected"},
    {"1985-04-00", "position 9: day is 00, 01 to 30 in this month"},
    {"1985-04-31", "position 9: day is 31, 01 to 30 in this month"},
    {"2021-02-29", "position 9: day is 29, 01 to 28 in this month"},
    {"1900-02-29", "position 9: day is 29, 01 to 28 in this month"},
    {"2000-02-30", "position 9: day is 30, 01 to 29 in this month"},
    {"1985-04-12-", "position 11: the end of the date expected"},
    {"1985-04-12\n", "position 11: the end of the date expected"},
    {"1985-04-12 23:20:30", "position 11: the end of the date expected"},
    {"1985-04T10:00:00", "position 8: the end of the date expected"},
    {"-1985-04-12T10:00:00", "position 12: the end of the date expected"},
    {"1985-04-12T", "position 12: two digits of the hour expected"},
    {"1985-04-12T24:00:00", "position 12: hour is 24, 00 to 23"},
    {"1985-04-12T23", "position 14: ':' expected"},
    {"1985-04-12T2320", "position 14: ':' expected"},
    {"1985-04-12T23:60:00", "position 15: minute is 60, 00 to 59"},
    {"1985-04-12T23:20", "position 17: ':' expected"},
    {"1985-04-12T23:59:60Z", "position 18: second is 60, 00 to 59"},
    {"1985-04-12T23:20:30.5", "position 20: the end of the date expected"},
    {"1985-04-12T23:20:30z", "position 20: the end of the date expected"},
    {"1985-04-12T23:20:30?", "position 20: the end of the date expected"},
    {"1985-04-12T23:20:30+", "position 21: two digits of the hour of the shift expected"},
    {"1985-04-12T23:20:30+24", "position 21: hour of the shift is 24, 00 to 23"},
    {"1985-04-12T23:20:30+05:60", "position 24: minute of the shift is 60, 00 to 59"},
    {"1985-04-12T23:20:30-00", "position 20: a shift of zero is written with + or as Z"},
    {"1985-04-12T23:20:30-00:00", "position 20: a shift of zero is written with + or as Z"},
    {"1984?~", "position 6: the end of the date expected"},
    {"1984!", "position 5: the end of the date expected"},
    {"2004-06~-11", "position 9: the end of the date expected"},
    {"?2004-06", "position 1: a digit of a four-digit year expected"},
    {"Y", "position 2: a digit expected, after Y a year has at least 5"},
    {"Y1985", "position 6: a digit expected, after Y a year has at least 5"},
    {"Y-1985", "position 7: a digit expected, after Y a year has at least 5"},
    {"Y012345", "position 2: a digit from 1 to 9 expected"},
    {"Y1234567890123", "position 14: a year has at most 12 digits"},
    {"Y17E7", "position 4: a digit expected, after Y a year has at least 5"},
    {"Y170000002-01", "position 11: the end of the date expected"},
    {"y170000002", "position 1: a digit of a four-digit year expected"},
    {"/", "position 1: an interval needs a date at one end"},
    {"../..", "position 1: an interval needs a date at one end"},
    {"../", "position 1: an interval needs a date at one end"},
    {"..", "position 1: a digit of a four-digit year expected"},
    {"./1985", "position 2: '.' expected"},
    {"1985/.", "position 7: '.' expected"},
    {"1985/...", "position 8: the end of the date expected"},
    {"1985//", "position 6: the end of the date expected"},
    {"1985/1986/1987", "position 10: the end of the date expected"},
    {"1985 /1986", "position 5: '/' expected"},
    {"1985/open", "position 6: a digit of a four-digit year expected"},
    {"1985-04/13", "position 11: a digit of a four-digit year expected"},
    {"1985/1985-13", "position 11: month is 13, 01 to 12 or season 21 to 24"},
    {"2008/1964", "position 6: the interval ends before it begins"},
    {"2004-06-12/2004-06-11", "position 12: the interval ends before it begins"},
    {"1985-04-12T23:20:30/1986", "position 11: an interval has no times of day"},
    {"1985/1986-01-01T00:00:00", "position 16: an interval has no times of day"},
    {"201X/2025", "position 4: unspecified digits in an interval are level 2, not accepted"},
    {"1980/20XX", "position 8: unspecified digits in an interval are level 2, not accepted"},
    {"2004-XX/2005", "position 6: unspecified digits in an interval are level 2, not accepted"},
    {"2004-06-XX/2004-07-03", "position 9: unspecified digits in an interval are level 2, not accepted"},
    {"2004-06-~01/2004-06-~20", "position 9: two digits of the day expected"},
    {"[1667,1668]", "position 1: a digit of a four-digit year expected"},
    /* clang-format on */
};

enum { GOOD_COUNT = sizeof good / sizeof *good, BAD_COUNT = sizeof bad / sizeof *bad };

static void
every_example_of_the_library_of_congress_has_its_days(void **state)
{
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        const char *text = good[i].text;
        struct wb_edtf d = {0};

        if (wb_edtf_range(&d, text, strlen(text), &e) != WB_OK)
            fail_msg("%s: %s", text, e.message);
        if (d.earliest != good[i].earliest || d.latest != good[i].latest)
            fail_msg(
                "%s: %lld to %lld", text, (long long)d.earliest, (long long)d.latest);
        assert_ptr_equal(d.text, text);
        assert_int_equal(d.size, strlen(text));
        assert_int_equal(wb_edtf_check(text, strlen(text), &e), WB_OK);
    }
}

static void
what_is_no_date_is_refused_with_its_position(void **state)
{
    (void)state;
    for (size_t i = 0; i < BAD_COUNT; i++) {
        struct wb_edtf d = {.earliest = 7, .latest = 8}, before = d;
        struct wb_error e = {0};

        if (wb_edtf_range(&d, bad[i].text, strlen(bad[i].text), &e) != WB_ERR_VALUE)
            fail_msg("%s was not refused", bad[i].text);
        assert_string_equal(e.message, bad[i].message);
        assert_memory_equal(&d, &before, sizeof d);
        assert_int_equal(
            wb_edtf_check(bad[i].text, strlen(bad[i].text), NULL), WB_ERR_VALUE);
    }
}

static void
a_zero_byte_is_not_an_end(void **state)
{
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_edtf_check("1985\0", 5, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "position 5: the end of the date expected");
}

/* The calendar by its rule, not by the table under test. */
static int
days_of(int year, int month)
{
    if (month == 2)
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void
days_follow_each_other_through_six_centuries(void **state)
{
    int64_t expected = 0;
    int reached = 0, refused = 0;
    char text[64];
    struct wb_edtf d;

    (void)state;
    assert_int_equal(wb_edtf_range(&d, "1599-12-31", 10, NULL), WB_OK);
    expected = d.latest;
    for (int year = 1600; year < 2200; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++) {
                (void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                if (day > days_of(year, month)) {
                    assert_int_equal(wb_edtf_range(&d, text, 10, NULL), WB_ERR_VALUE);
                    refused++;
                    continue;
                }
                assert_int_equal(wb_edtf_range(&d, text, 10, NULL), WB_OK);
                assert_int_equal(d.earliest, ++expected);
                assert_int_equal(d.latest, expected);
                reached++;
            }
    assert_int_equal(reached, 219146);
    assert_int_equal(refused, 600 * 372 - 219146);
}

/* Each text in a block of its own size, so that a sanitizer sees a byte read too far.
 */
static bool
is_sound(const char *text, size_t size)
{
    char *copy = wb_mem_copy(text, size);
    struct wb_error e = {0};
    struct wb_edtf d = {0};
    enum wb_status st;
    size_t position = 0;

    assert_non_null(copy);
    st = wb_edtf_range(&d, copy, size, &e);
    wb_mem_free(copy);
    if (st == WB_OK)
        return d.earliest <= d.latest;
    return st == WB_ERR_VALUE && sscanf(e.message, "position %zu:", &position) == 1 &&
        position >= 1 && position <= size + 1;
}

static void
every_change_of_one_character_is_read_or_refused_at_a_place_in_the_text(void **state)
{
    static const char letters[] = "0159-/.:TXYZ?~%+ e";
    size_t reached = 0;

    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        size_t size = strlen(good[i].text);
        char text[64];

        for (size_t at = 0; at < size; at++) {
            assert_true(is_sound(good[i].text, at)); /* cut short */
            for (size_t k = 0; k < sizeof letters; k++, reached++) {
                memcpy(text, good[i].text, size);
                text[at] = letters[k];
                if (!is_sound(text, size))
                    fail_msg("%.*s", (int)size, text);
            }
        }
    }
    assert_true(reached > 10000);
}

static struct wb_edtf
read_good(const char *text)
{
    struct wb_edtf d = {0};

    assert_int_equal(wb_edtf_range(&d, text, strlen(text), NULL), WB_OK);
    return d;
}

static void
lists_are_ordered_by_earliest_then_latest_then_text(void **state)
{
    static const char *const order[] = {"/1985", "../1986", "Y-12000", "-1985", "0000",
        "1984", "1985-01-01", "1985-01", "1985-01~", "1985-21", "1985-XX", "1985/",
        "1985/..", "Y10000"};
    /* 1985-21 begins in March: after all that begins in January */
    static const size_t place[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 9, 10, 11, 14};
    size_t count = sizeof order / sizeof *order;

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            struct wb_edtf a = read_good(order[i]), b = read_good(order[k]);
            int wanted = (place[i] > place[k]) - (place[i] < place[k]);
            int got = wb_edtf_compare(&a, &b);

            if ((got > 0) - (got < 0) != wanted)
                fail_msg("%s and %s: %d", order[i], order[k], got);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_the_library_of_congress_has_its_days),
        cmocka_unit_test(what_is_no_date_is_refused_with_its_position),
        cmocka_unit_test(a_zero_byte_is_not_an_end),
        cmocka_unit_test(days_follow_each_other_through_six_centuries),
        cmocka_unit_test(
            every_change_of_one_character_is_read_or_refused_at_a_place_in_the_text),
        cmocka_unit_test(lists_are_ordered_by_earliest_then_latest_then_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
