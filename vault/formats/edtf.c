/* vault/formats/edtf.c - dates as people know them: uncertain, partial, open-ended. */
#include "edtf.h"

#include <stdbool.h>
#include <string.h>

#include "../base/fail.h"

enum {
    SPRING = 21,
    WINTER = 24,
    LONG_YEAR_DIGITS_MIN = 5,
    LONG_YEAR_DIGITS_MAX = 12, /* so that days since 1970 fit by far */
    DAYS_TO_1970 = 719163,     /* 1970-01-01, where 0001-01-01 is 1 */
};

static const char level_2[] =
    "unspecified digits in an interval are level 2, not accepted";

struct scan {
    const char *text;
    size_t size;
    size_t at;
    bool in_interval;
    struct wb_error *e;
};

/* The days one date or one end of an interval stands for. */
struct days {
    int64_t first, last;
    bool is_date; /* not open, not unknown */
};

/* The parts of a date while it is read; 0 for a month or day that is not given. */
struct parts {
    int64_t year; /* the first, where unspecified digits leave several open */
    int64_t span; /* how many: 1, 10 or 100 */
    int month, day;
    bool negative;
};

static enum wb_status
refuse(const struct scan *s, size_t at, const char *what)
{
    return wb_fail(s->e, WB_ERR_VALUE, "position %zu: %s", at + 1, wb_word(what));
}

/* The character at hand, NUL at the end of the text. */
static char
peek(const struct scan *s)
{
    return s->at < s->size ? s->text[s->at] : '\0';
}

static bool
take(struct scan *s, char c)
{
    if (s->at >= s->size || s->text[s->at] != c)
        return false;
    s->at++;
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digits, whose range the caller checks. */
static enum wb_status
read_two(struct scan *s, int *value, const char *what)
{
    int sum = 0;

    for (int i = 0; i < 2; i++, s->at++) {
        if (!is_digit(peek(s)))
            return wb_fail(s->e, WB_ERR_VALUE,
                "position %zu: two digits of the %s expected", s->at + 1, what);
        sum = sum * 10 + (peek(s) - '0');
    }
    *value = sum;
    return WB_OK;
}

static enum wb_status
read_two_within(struct scan *s, int *value, const char *what, int last)
{
    size_t at = s->at;
    enum wb_status st;

    if ((st = read_two(s, value, what)) != WB_OK)
        return st;
    if (*value > last)
        return wb_fail(s->e, WB_ERR_VALUE, "position %zu: %s is %02d, 00 to %02d",
            at + 1, what, *value, last);
    return WB_OK;
}

/* XX for a whole month or day. */
static enum wb_status
read_unspecified(struct scan *s)
{
    size_t at = s->at;

    for (int i = 0; i < 2; i++)
        if (!take(s, 'X'))
            return refuse(s, s->at, "XX expected");
    return s->in_interval ? refuse(s, at, level_2) : WB_OK;
}

static bool
is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Days since 1970-01-01, proleptic Gregorian; the year 0 is 1 BC (ISO 8601). */
static int64_t
day_number(int64_t year, int month, int day)
{
    int64_t before = year - 1;
    int64_t number = 365 * before + floor_divide(before, 4) -
        floor_divide(before, 100) + floor_divide(before, 400);

    for (int m = 1; m < month; m++)
        number += month_days(year, m);
    return number + day - DAYS_TO_1970;
}

static void
fill_months(struct days *d, int64_t year, int from, int64_t end_year, int to)
{
    d->first = day_number(year, from, 1);
    d->last = day_number(end_year, to, month_days(end_year, to));
    d->is_date = true;
}

static void
fill_days(struct days *d, const struct parts *p)
{
    int month = p->month >= SPRING ? 3 * (p->month - SPRING) + 3 : p->month;

    if (p->month == 0)
        fill_months(d, p->year, 1, p->year + p->span - 1, 12);
    else if (p->month == WINTER)
        fill_months(d, p->year, 12, p->year + 1, 2);
    else
        fill_months(d, p->year, month, p->year, p->month >= SPRING ? month + 2 : month);
    if (p->day != 0)
        d->first = d->last = day_number(p->year, p->month, p->day);
}

static enum wb_status
read_long_year(struct scan *s, struct parts *p)
{
    size_t start;

    p->negative = take(s, '-');
    start = s->at;
    if (peek(s) == '0')
        return refuse(s, s->at, "a digit from 1 to 9 expected");
    for (; is_digit(peek(s)); s->at++) {
        if (s->at - start == LONG_YEAR_DIGITS_MAX)
            return refuse(s, s->at, "a year has at most 12 digits");
        p->year = p->year * 10 + (peek(s) - '0');
    }
    if (s->at - start < LONG_YEAR_DIGITS_MIN)
        return refuse(s, s->at, "a digit expected, after Y a year has at least 5");
    if (p->negative)
        p->year = -p->year;
    return WB_OK;
}

/* Four digits, of which the last or the last two may be X. */
static enum wb_status
read_year(struct scan *s, struct parts *p)
{
    size_t start = s->at;

    p->negative = take(s, '-');
    for (int i = 0; i < 4; i++, s->at++) {
        p->year *= 10;
        if (i >= 2 && peek(s) == 'X')
            p->span *= 10;
        else if (is_digit(peek(s)) && p->span == 1)
            p->year += peek(s) - '0';
        else if (p->span > 1)
            return refuse(s, s->at, "X expected, only digits at the end may be X");
        else
            return refuse(s, s->at, "a digit of a four-digit year expected");
    }
    if (is_digit(peek(s)))
        return refuse(s, s->at, "a year has four digits, longer ones begin with Y");
    if (p->negative && p->year == 0 && p->span == 1)
        return refuse(s, start, "there is no year -0000");
    if (p->span > 1 && s->in_interval)
        return refuse(s, s->at - (p->span == 10 ? 1 : 2), level_2);
    if (p->negative)
        p->year = -p->year - (p->span - 1);
    return WB_OK;
}

static enum wb_status
read_month(struct scan *s, struct parts *p)
{
    size_t at = s->at;
    enum wb_status st;

    if (peek(s) == 'X') {
        if ((st = read_unspecified(s)) != WB_OK)
            return st;
        return take(s, '-') ? read_unspecified(s) : WB_OK;
    }
    if ((st = read_two(s, &p->month, "month")) != WB_OK)
        return st;
    if (p->month < 1 || (p->month > 12 && p->month < SPRING) || p->month > WINTER)
        return wb_fail(s->e, WB_ERR_VALUE,
            "position %zu: month is %02d, 01 to 12 or season 21 to 24", at + 1,
            p->month);
    return WB_OK;
}

static enum wb_status
read_day(struct scan *s, struct parts *p)
{
    size_t at = s->at;
    int last;
    enum wb_status st;

    if (p->month >= SPRING)
        return refuse(s, at - 1, "a season has no day");
    if (peek(s) == 'X')
        return read_unspecified(s);
    if ((st = read_two(s, &p->day, "day")) != WB_OK)
        return st;
    last = month_days(p->year, p->month);
    if (p->day < 1 || p->day > last)
        return wb_fail(s->e, WB_ERR_VALUE,
            "position %zu: day is %02d, 01 to %02d in this month", at + 1, p->day,
            last);
    return WB_OK;
}

/* ISO 8601-1 4.3.13: a shift of nothing is positive. */
static enum wb_status
read_shift(struct scan *s, bool negative)
{
    size_t at = s->at - 1;
    int hours, minutes = 0;
    enum wb_status st;

    if ((st = read_two_within(s, &hours, "hour of the shift", 23)) == WB_OK &&
        take(s, ':'))
        st = read_two_within(s, &minutes, "minute of the shift", 59);
    if (st != WB_OK)
        return st;
    if (negative && hours == 0 && minutes == 0)
        return refuse(s, at, "a shift of zero is written with + or as Z");
    return WB_OK;
}

static enum wb_status
read_time(struct scan *s)
{
    static const char *const what[] = {"hour", "minute", "second"};
    enum wb_status st;

    if (s->in_interval)
        return refuse(s, s->at - 1, "an interval has no times of day");
    for (int i = 0, value; i < 3; i++) {
        if (i > 0 && !take(s, ':'))
            return refuse(s, s->at, "':' expected");
        if ((st = read_two_within(s, &value, what[i], i == 0 ? 23 : 59)) != WB_OK)
            return st;
    }
    if (take(s, 'Z'))
        return WB_OK;
    if (take(s, '+'))
        return read_shift(s, false);
    return take(s, '-') ? read_shift(s, true) : WB_OK;
}

static enum wb_status
read_date(struct scan *s, struct days *d)
{
    struct parts p = {.span = 1};
    bool is_timed = false;
    enum wb_status st;

    if (take(s, 'Y'))
        st = read_long_year(s, &p);
    else {
        st = read_year(s, &p);
        if (st == WB_OK && p.span == 1 && take(s, '-'))
            st = read_month(s, &p);
        if (st == WB_OK && p.month != 0 && take(s, '-'))
            st = read_day(s, &p);
        if (st == WB_OK && p.day != 0 && !p.negative && take(s, 'T')) {
            is_timed = true;
            st = read_time(s);
        }
    }
    if (st != WB_OK)
        return st;
    if (!is_timed && peek(s) != '\0' && strchr("?~%", peek(s)) != NULL)
        s->at++;
    fill_days(d, &p);
    return WB_OK;
}

/* One end of an interval: nothing, two dots, or a date. */
static enum wb_status
read_end(struct scan *s, struct days *d)
{
    *d = (struct days){.first = INT64_MIN, .last = INT64_MAX};
    if (s->at == s->size || peek(s) == '/')
        return WB_OK;
    if (!take(s, '.'))
        return read_date(s, d);
    return take(s, '.') ? WB_OK : refuse(s, s->at, "'.' expected");
}

static enum wb_status
read_interval(struct scan *s, struct days *d)
{
    struct days from, to;
    size_t at;
    enum wb_status st;

    s->in_interval = true;
    if ((st = read_end(s, &from)) != WB_OK)
        return st;
    if (!take(s, '/'))
        return refuse(s, s->at, "'/' expected");
    at = s->at;
    if ((st = read_end(s, &to)) != WB_OK)
        return st;
    if (!from.is_date && !to.is_date)
        return refuse(s, 0, "an interval needs a date at one end");
    if (from.first > to.last)
        return refuse(s, at, "the interval ends before it begins");
    *d = (struct days){.first = from.first, .last = to.last, .is_date = true};
    return WB_OK;
}

enum wb_status
wb_edtf_range(struct wb_edtf *d, const char *text, size_t size, struct wb_error *e)
{
    struct scan s = {.text = text, .size = size, .e = e};
    struct days days = {0};
    enum wb_status st;

    if (size == 0)
        return refuse(&s, 0, "a date expected, for example 2004-06~");
    st = memchr(text, '/', size) != NULL ? read_interval(&s, &days)
                                         : read_date(&s, &days);
    if (st != WB_OK)
        return st;
    if (s.at != size)
        return refuse(&s, s.at, "the end of the date expected");
    *d = (struct wb_edtf){
        .text = text, .size = size, .earliest = days.first, .latest = days.last};
    return WB_OK;
}

enum wb_status
wb_edtf_check(const char *text, size_t size, struct wb_error *e)
{
    struct wb_edtf d;

    return wb_edtf_range(&d, text, size, e);
}

int
wb_edtf_compare(const struct wb_edtf *a, const struct wb_edtf *b)
{
    int order;

    if (a->earliest != b->earliest)
        return a->earliest < b->earliest ? -1 : 1;
    if (a->latest != b->latest)
        return a->latest < b->latest ? -1 : 1;
    order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}
